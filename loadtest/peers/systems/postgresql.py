"""PostgreSQL, driven by pgbench."""

import os
import shutil
from pathlib import Path

from .system import Failure, Figures, System, first_line, output

SCHEMA = """
CREATE TABLE free4 (place bigint PRIMARY KEY, ip inet NOT NULL);
CREATE TABLE free6 (place bigint PRIMARY KEY, ip inet NOT NULL);
CREATE TABLE pod (owner text PRIMARY KEY, ip4 inet NOT NULL, ip6 inet NOT NULL);
INSERT INTO free4 SELECT i, inet '10.0.0.0' + i FROM generate_series(1, {room}) i;
INSERT INTO free6 SELECT i, inet 'fd00:10:244::' + i FROM generate_series(1, {room}) i;
VACUUM ANALYZE;
CHECKPOINT;
"""

# Each looks for free rows from a place of its own on: all beginning with the first row would stand
# in each other's way, and 64 clients would get half as much done.
ONE = """
\\set pod random(1, 9000000000000000000)
\\set from random(1, {start})
WITH four AS (
  DELETE FROM free4 WHERE place = (
    SELECT place FROM free4 WHERE place >= :from ORDER BY place LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING ip),
six AS (
  DELETE FROM free6 WHERE place = (
    SELECT place FROM free6 WHERE place >= :from ORDER BY place LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING ip)
INSERT INTO pod SELECT 'load/pod-' || :pod || '/{id}', four.ip, six.ip FROM four, six
RETURNING owner, ip4, ip6;
"""

MANY = """
\\set pod random(1, 9000000000000000000)
\\set from random(1, {start})
WITH four AS (
  DELETE FROM free4 WHERE place IN (
    SELECT place FROM free4 WHERE place >= :from ORDER BY place LIMIT {depth}
    FOR UPDATE SKIP LOCKED)
  RETURNING ip),
six AS (
  DELETE FROM free6 WHERE place IN (
    SELECT place FROM free6 WHERE place >= :from ORDER BY place LIMIT {depth}
    FOR UPDATE SKIP LOCKED)
  RETURNING ip),
fours AS (SELECT ip, row_number() OVER () AS number FROM four),
sixes AS (SELECT ip, row_number() OVER () AS number FROM six)
INSERT INTO pod
SELECT 'load/pod-' || :pod || '-' || number || '/{id}', fours.ip, sixes.ip
FROM fours JOIN sixes USING (number)
RETURNING owner, ip4, ip6;
"""

CONTAINER_ID = "0" * 64
# More than a measurement takes: what is looked for has to be in the first half.
PAIRS_PER_SECOND = 25_000
PAIRS_PER_SECOND_IN_BATCHES = 150_000

SETTINGS = {
    "listen_addresses": "", "fsync": "on", "synchronous_commit": "on", "shared_buffers": "1GB",
    "max_wal_size": "16GB", "checkpoint_timeout": "1h", "max_connections": "1100",
}


def programs_folder():
    """Where the newest version that is installed has its programs, or None."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(folders, key=lambda path: int(path.parent.name), default=None)


class PostgreSQL(System):
    name = "postgresql"
    differences = (
        "rows of free addresses are taken with SKIP LOCKED, from a place at random on; all that a "
        "client has in flight is one statement and one transaction; a repeated request is an "
        "error; no history; no checkpoint in between")

    def __init__(self, place):
        super().__init__(place)
        self.programs_folder = programs_folder()
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None

    def missing(self):
        if self.programs_folder is None:
            return "there is no /usr/lib/postgresql/VERSION/bin/postgres"
        return None

    def takes(self, shape):
        return shape.clients <= 1000

    def program(self, name):
        return self.programs_folder / name

    def version(self):
        return first_line([self.program("postgres"), "--version"])

    def measure_in(self, folder, shape, seconds):
        if self.user is not None:
            shutil.chown(folder, self.user)
        self.folder = folder
        output(
            [self.program("initdb"), "--pgdata", folder / "data", "--auth", "trust",
             "--username", "load", "--locale", "C", "--encoding", "UTF8", "--no-sync"],
            user=self.user)
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        server = self.server(
            [self.program("postgres"), "-D", folder / "data", "-k", folder, *settings], folder,
            user=self.user)
        with server:
            server.wait_until(self.answers)
            rate = PAIRS_PER_SECOND if shape.depth == 1 else PAIRS_PER_SECOND_IN_BATCHES
            self.room = 2 * seconds * rate
            self.ask(SCHEMA.format(room=self.room))
            return self.load(shape, seconds)

    def ask(self, statements):
        return output(
            [self.program("psql"), "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h", self.folder,
             "-U", "load", "postgres"], input=statements).strip()

    def answers(self):
        try:
            return self.ask("SELECT 1;") == "1"
        except Failure:
            return False

    def load(self, shape, seconds):
        script = self.folder / "reserve.sql"
        template = ONE if shape.depth == 1 else MANY
        script.write_text(
            template.format(start=self.room // 2, depth=shape.depth, id=CONTAINER_ID))
        log = self.folder / "latency"
        text = output(
            [self.program("pgbench"), "-h", self.folder, "-U", "load", "-n", "-M", "prepared",
             "-c", shape.clients, "-j", min(2, shape.clients), "-T", seconds, "-f", script,
             "--log", "--log-prefix", log, "postgres"])
        rate = next(
            float(line.split()[2]) for line in text.splitlines() if line.startswith("tps = "))
        # The third field of a line is how long a transaction took.
        latencies = sorted(
            int(line.split()[2]) for file in self.folder.glob("latency.*")
            for line in file.read_text().splitlines())
        pairs = len(latencies) * shape.depth
        self.check(pairs)
        return Figures(
            pairs, rate * shape.depth, latencies[len(latencies) // 2],
            latencies[len(latencies) * 99 // 100])

    def check(self, pairs):
        """Every transaction gave all its pairs, and took them from the free ones."""
        pods, four, six = (int(self.ask(f"SELECT count(*) FROM {table};"))
                           for table in ("pod", "free4", "free6"))
        if not (pods == pairs and four == six == self.room - pairs):
            raise Failure(
                f"PostgreSQL has {pods} owners, {four} and {six} free addresses of {self.room} "
                f"after {pairs} pairs")
