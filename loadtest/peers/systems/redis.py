"""Redis with appendfsync always, driven by redis-benchmark."""

import csv
import io

from .system import Failure, Figures, System, first_line, output

RESERVE = """
local held = redis.call('HGET', KEYS[3], ARGV[1])
if held then return held end
local four = redis.call('LPOP', KEYS[1])
local six = redis.call('LPOP', KEYS[2])
if not (four and six) then
  if four then redis.call('LPUSH', KEYS[1], four) end
  if six then redis.call('LPUSH', KEYS[2], six) end
  return redis.error_reply('NOFREE there is no free pair')
end
local pair = four .. ' ' .. six
redis.call('HSET', KEYS[3], ARGV[1], pair)
return pair
"""

# What else ipledgerd's reserve leaves on the disk: who has an address, and an event to read later.
RESERVE_WITH_HISTORY = RESERVE.replace(
    "return pair\n",
    "redis.call('HSET', KEYS[4], four, ARGV[1], six, ARGV[1])\n"
    "redis.call('XADD', KEYS[5], '*', 'reserved', ARGV[1], 'pair', pair)\n"
    "return pair\n")

FILL = """
local fours, sixes = {}, {}
for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  local high, low = math.floor(i / 65536), i % 65536
  fours[#fours + 1] = string.format('10.%d.%d.%d', high, math.floor(low / 256), low % 256)
  sixes[#sixes + 1] = string.format('fd00:10:244::%x:%x', high, low)
end
redis.call('RPUSH', KEYS[1], unpack(fours))
redis.call('RPUSH', KEYS[2], unpack(sixes))
return #fours
"""

FREE = ["free:4", "free:6"]
KEYS = [*FREE, "owners"]
# As long as an owner of ipledgerd's: namespace, name and the 64 characters of a container ID.
OWNER = "load/pod-__rand_int__/" + "0" * 40 + "__rand_int____rand_int__"
FILL_AT_A_TIME = 4000
MOST = 2**31 - 1


class Redis(System):
    name = "redis"
    programs = ("redis-server", "redis-benchmark", "redis-cli")
    reserve = RESERVE
    keys = KEYS
    differences = (
        "lists of free addresses and one hash of owners; no index by address, no history; its log "
        "is never rewritten; redis-benchmark sends a whole pipeline, waits for all of it, and "
        "takes the time to its first answer")

    def version(self):
        return first_line(["redis-server", "--version"]).split(" sha=")[0]

    def measure_in(self, folder, shape, seconds):
        self.socket = folder / "redis.sock"
        server = self.server(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", folder,
             "--appendonly", "yes", "--appendfsync", "always", "--save", "",
             "--auto-aof-rewrite-percentage", "0", "--maxclients", "20000"], folder)
        with server:
            server.wait_until(self.answers)
            self.script = self.ask("SCRIPT", "LOAD", self.reserve)
            self.filled = self.reserved = 0
            # The number of requests is what redis-benchmark wants to know: the rate is found first.
            rate = self.load(shape, shape.in_flight * 20).per_second
            rate = self.load(shape, max(shape.in_flight * 20, int(rate * 0.3))).per_second
            figures = self.load(shape, max(shape.in_flight * 20, int(rate * seconds)))
            self.check()
            return figures

    def ask(self, *words):
        return output(["redis-cli", "-s", self.socket, *words]).strip()

    def answers(self):
        try:
            return self.ask("PING") == "PONG"
        except Failure:
            return False

    def load(self, shape, requests):
        # The benchmark may send a few more requests than it counts: a pipeline for each client.
        self.fill(self.reserved + requests + 2 * shape.in_flight)
        text = output(
            ["redis-benchmark", "-s", self.socket, "-c", shape.clients, "-P", shape.depth,
             "-n", requests, "-r", MOST, "--csv", "--precision", "3",
             "EVALSHA", self.script, len(self.keys), *self.keys, OWNER])
        self.reserved = int(self.ask("HLEN", "owners"))
        row = list(csv.DictReader(io.StringIO(text)))[-1]
        return Figures(
            requests, float(row["rps"]), float(row["p50_latency_ms"]) * 1000,
            float(row["p99_latency_ms"]) * 1000)

    def fill(self, wanted):
        script = self.ask("SCRIPT", "LOAD", FILL)
        lines = []
        for first in range(self.filled, wanted, FILL_AT_A_TIME):
            last = min(first + FILL_AT_A_TIME, wanted) - 1
            lines.append(f"EVALSHA {script} 2 {' '.join(FREE)} {first} {last}\n")
        output(["redis-cli", "-s", self.socket], input="".join(lines))
        self.filled = max(self.filled, wanted)

    def check(self):
        """Every owner has a pair, and every pair is gone from the free ones."""
        for family in FREE:
            free = int(self.ask("LLEN", family))
            if free + self.reserved != self.filled:
                raise Failure(
                    f"Redis has {self.reserved} owners and {free} of {self.filled} in {family}")


class RedisHistory(Redis):
    """The same with all that ipledgerd keeps: the nearest to like for like."""

    name = "redis-history"
    reserve = RESERVE_WITH_HISTORY
    keys = [*KEYS, "addresses", "events"]
    differences = (
        "as redis, with a hash of who has each address and a stream of events, as ipledgerd keeps "
        "them; no node blocks, no rest after a release, no fences")

    def check(self):
        super().check()
        addresses, events = int(self.ask("HLEN", "addresses")), int(self.ask("XLEN", "events"))
        if not (addresses == 2 * self.reserved and events == self.reserved):
            raise Failure(
                f"Redis has {self.reserved} owners, {addresses} addresses and {events} events")
