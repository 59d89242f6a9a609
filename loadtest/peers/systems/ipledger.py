"""ipledgerd, driven by ipledger-load."""

import json
import os

from .system import Failure, Figures, Process, System, accepts, first_line, output

NODES = 64
NODE_CAPACITY = 65533  # An IPv4 /16 without network, gateway and broadcast.


def serve(place, folder):
    """The daemon on a Unix socket in `folder`."""
    socket = folder / "s.sock"
    return socket, Process(
        [place.ipledgerd, "--ledger", folder / "ledger.db", "--listen", f"unix:{socket}",
         "--cluster-cidr", "10.0.0.0/8,fd00:10:244::/48", "--node-cidr-mask-size-ipv4", "16"],
        folder, trace=place.trace)


class IPLedger(System):
    name = "ipledger"
    differences = (
        "the full work: node blocks, owner, idempotency, an event and a history for each change")

    def missing(self):
        for program in (self.place.ipledgerd, self.place.ipledger_load):
            if not os.access(program, os.X_OK):
                return f"there is no {program}: build it with 'swift build -c release'"
        return None

    def version(self):
        return f"ipledgerd {first_line([self.place.ipledgerd, '--version'])}{self.commit()}"

    def commit(self):
        """The commit that a build of this repository is from; nothing for other programs."""
        root = self.place.ipledgerd.parent.parent.parent
        if root / ".build" / "release" != self.place.ipledgerd.parent:
            return ""
        try:
            name = first_line(["git", "-C", root, "describe", "--always", "--dirty"])
        except (Failure, OSError):
            return ""
        return f", commit {name}"

    def measure_in(self, folder, shape, seconds):
        socket, daemon = serve(self.place, folder)
        with daemon:
            daemon.wait_until(lambda: accepts(socket))
            text = output(
                [self.place.ipledger_load, "--socket", socket, "--clients", shape.clients,
                 "--depth", shape.depth, "--seconds", seconds, "--nodes", NODES,
                 "--node-capacity", NODE_CAPACITY, "--json"])
        phase = json.loads(text)["phases"][0]
        if phase["errors"]:
            raise Failure(f"ipledgerd answered with errors: {phase['errors']}")
        latency = next(
            one["latency"] for one in phase["operations"] if one["name"] == "pod.reserve")
        return Figures(phase["answers"], phase["perSecond"], latency["p50"], latency["p99"])
