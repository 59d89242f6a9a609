"""etcd, driven by etcd-load (gRPC in C, built from clients/)."""

import json
import socket

from .system import Failure, Figures, System, first_line, output


def free_ports(count):
    """Ports of the loopback that nobody listens on at the moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


MOST_PAIRS = 64  # In a transaction: what etcd-load takes.


class Etcd(System):
    name = "etcd"
    client = "etcd-load"
    programs = ("etcd", "etcdctl")
    differences = (
        "it finds no free address: the client names two that are free, and their keys and the "
        "owner's are created if absent; all that a client has in flight is one transaction; one "
        "member, TCP, no compaction")

    def takes(self, shape):
        return shape.depth <= MOST_PAIRS

    def version(self):
        return first_line(["etcd", "--version"])

    def measure_in(self, folder, shape, seconds):
        port, peer = free_ports(2)
        peers = f"http://127.0.0.1:{peer}"
        server = self.server(
            ["etcd", "--data-dir", folder / "data", "--log-level", "error",
             "--listen-client-urls", f"http://127.0.0.1:{port}",
             "--advertise-client-urls", f"http://127.0.0.1:{port}",
             "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
             "--initial-cluster", f"default={peers}", "--logger", "zap",
             "--quota-backend-bytes", str(8 << 30), "--max-txn-ops", str(3 * MOST_PAIRS)], folder)
        with server:
            server.wait_until(lambda: listens(port) and self.is_healthy(port))
            text = output(
                [self.place.clients / self.client, port, shape.clients, shape.depth, seconds])
            report = json.loads(text)
            pairs = report["answers"] * shape.depth
            self.check(port, pairs)
        return Figures(
            pairs, report["perSecond"] * shape.depth, report["p50"], report["p99"])

    def ask(self, port, *words):
        return output(
            ["etcdctl", "--endpoints", f"127.0.0.1:{port}", *words],
            env={"ETCDCTL_API": "3", "PATH": "/usr/bin:/bin"})

    def is_healthy(self, port):
        try:
            self.ask(port, "get", "/")
            return True
        except Failure:
            return False

    def check(self, port, pairs):
        """Every pair is a key of an owner and two of addresses."""
        status = json.loads(
            self.ask(port, "get", "/", "--prefix", "--limit=1", "-w", "json"))
        if status["count"] != 3 * pairs:
            raise Failure(f"etcd has {status['count']} keys for {pairs} pairs")
