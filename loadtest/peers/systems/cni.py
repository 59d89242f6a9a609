"""CNI plugins, which are started once for each pod: ipledger-cni and host-local."""

import ipaddress
import json
import os
import socket

from .ipledger import NODE_CAPACITY, serve
from .system import Failure, Figures, System, accepts, output, traced

HOST_LOCAL = "/usr/lib/cni/host-local"
SUBNETS = ("10.0.0.0/16", "fd00:10:244::/64")
NODE = "load-0"  # What ipledger-load calls its first node.


class Plugin(System):
    """A plugin that exec-load starts as often as it can."""

    client = "exec-load"

    def takes(self, shape):
        return shape.depth == 1 and shape.clients <= 1000

    def add(self, folder, plugin, ipam, shape, seconds, trace=None):
        file = folder / "network.json"
        file.write_text(json.dumps({
            "cniVersion": "1.0.0", "name": "load", "type": "bridge", "ipam": ipam}))
        load = [self.place.clients / self.client, plugin, file, shape.clients, seconds]
        report = json.loads(output(traced(trace, load)))
        return Figures(report["answers"], report["perSecond"], report["p50"], report["p99"])


class IPLedgerPlugin(Plugin):
    name = "ipledger-cni"
    differences = "a daemon keeps the addresses, for all nodes"

    def missing(self):
        for program in (self.place.ipledger_cni, self.place.ipledgerd, self.place.ipledger_load):
            if not os.access(program, os.X_OK):
                return f"there is no {program}: build it with 'swift build -c release'"
        return None

    def version(self):
        answer = json.loads(output(
            [self.place.ipledger_cni], env={"CNI_COMMAND": "VERSION"},
            input='{"cniVersion":"1.0.0"}'))
        return f"ipledger-cni, CNI {answer['supportedVersions'][-1]}"

    def measure_in(self, folder, shape, seconds):
        path, daemon = serve(self.place, folder)
        with daemon:
            daemon.wait_until(lambda: accepts(path))
            self.ask(path, {"id": 1, "method": "node.register", "params": {"name": NODE}})
            if shape.held:
                output(
                    [self.place.ipledger_load, "--socket", path, "--nodes", 1,
                     "--node-capacity", NODE_CAPACITY, "--requests", shape.held, "--json"])
            before = self.revision(path)
            figures = self.add(
                folder, self.place.ipledger_cni,
                {"type": "ipledger-cni", "socket": str(path), "node": NODE}, shape, seconds)
            reserved = self.revision(path) - before
        if reserved != figures.answers:
            raise Failure(f"the ledger has {reserved} changes for {figures.answers} answers")
        return figures

    def revision(self, path):
        return self.ask(path, {"id": 1, "method": "server.info"})["revision"]

    def ask(self, path, request):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(path))
            connection.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(connection.makefile().readline())
        if "result" not in answer:
            raise Failure(f"{request['method']} was answered with {answer['error']}")
        return answer["result"]


class HostLocal(Plugin):
    name = "host-local"
    programs = (HOST_LOCAL,)
    is_durable = False
    differences = (
        "a file for each address, never fsynced; one node alone knows; each ADD reads the files of "
        "all that is held")

    def version(self):
        environment = {"CNI_COMMAND": "VERSION"}
        answer = json.loads(output([HOST_LOCAL], env=environment, input='{"cniVersion":"1.0.0"}'))
        return f"{HOST_LOCAL}, CNI {answer['supportedVersions'][-1]}"

    def measure_in(self, folder, shape, seconds):
        data = folder / "data"
        self.hold(data / "load", shape.held)
        figures = self.add(
            folder, HOST_LOCAL,
            {"type": "host-local", "dataDir": str(data),
             "ranges": [[{"subnet": subnet}] for subnet in SUBNETS]},
            shape, seconds, self.place.trace)
        addresses = sum(not name.startswith("l") for name in os.listdir(data / "load"))
        if addresses != 2 * (figures.answers + shape.held):
            raise Failure(
                f"host-local has {addresses} addresses for {figures.answers} answers")
        return figures

    def hold(self, folder, count):
        """What an ADD of each of `count` pods would leave behind."""
        folder.mkdir(parents=True)
        for number, subnet in enumerate(SUBNETS):
            first = ipaddress.ip_network(subnet).network_address + 2
            for pod in range(count):
                (folder / str(first + pod)).write_text(f"held-{pod:059x}\r\neth0")
            if count:
                (folder / f"last_reserved_ip.{number}").write_text(str(first + count - 1))
