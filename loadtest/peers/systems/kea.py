"""Kea's DHCPv4 and DHCPv6 servers, driven through their control sockets by kea-load."""

import contextlib
import json
from pathlib import Path

from .system import Failure, Figures, System, accepts, first_line, output

SUBNETS = {4: "10.0.0.0/8", 6: "fd00:10:244::/64"}


def lease_commands():
    """The hook library that brings lease4-add and lease6-add, or None."""
    return next(Path("/usr/lib").glob("**/kea/hooks/libdhcp_lease_cmds.so"), None)


def configuration(folder, family):
    server = {
        "interfaces-config": {"interfaces": []},
        "control-socket": {"socket-type": "unix", "socket-name": f"{folder}/{family}.sock"},
        "lease-database": {
            "type": "memfile", "persist": True, "name": f"{folder}/leases{family}.csv",
            "lfc-interval": 0},
        "hooks-libraries": [{"library": str(lease_commands())}],
        f"subnet{family}": [{"subnet": SUBNETS[family], "id": 1}],
        "loggers": [{
            "name": f"kea-dhcp{family}", "severity": "ERROR",
            "output_options": [{"output": "stderr"}]}],
    }
    if family == 6:
        server["data-directory"] = str(folder)
    return json.dumps({f"Dhcp{family}": server})


class Kea(System):
    name = "kea"
    client = "kea-load"
    programs = ("kea-dhcp4", "kea-dhcp6")
    is_durable = False
    differences = (
        "its lease files are never fsynced; the client names two free addresses; one server and "
        "one command for each family, so a crash leaves half a pair; a connection for each command")

    def missing(self):
        if reason := super().missing():
            return reason
        return None if lease_commands() else "there is no libdhcp_lease_cmds.so of Kea"

    def takes(self, shape):
        return shape.depth == 1 and shape.clients <= 1000

    def version(self):
        return f"Kea {first_line(['kea-dhcp4', '-v'])}"

    def measure_in(self, folder, shape, seconds):
        environment = {"KEA_LOCKFILE_DIR": str(folder), "KEA_PIDFILE_DIR": str(folder)}
        sockets = {family: folder / f"{family}.sock" for family in SUBNETS}
        with contextlib.ExitStack() as servers:
            for family, socket in sockets.items():
                file = folder / f"{family}.json"
                file.write_text(configuration(folder, family))
                server = servers.enter_context(
                    self.server([f"kea-dhcp{family}", "-c", file], folder, environment=environment))
                server.wait_until(lambda: accepts(socket))
            text = output(
                [self.place.clients / self.client, sockets[4], sockets[6], shape.clients, seconds])
        report = json.loads(text)
        for family in SUBNETS:
            leases = (folder / f"leases{family}.csv").read_text().count("\n") - 1
            if leases != report["answers"]:
                raise Failure(
                    f"Kea has {leases} leases of IPv{family} for {report['answers']} answers")
        return Figures(report["answers"], report["perSecond"], report["p50"], report["p99"])
