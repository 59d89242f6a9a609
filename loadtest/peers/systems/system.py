"""What every system that is measured has in common."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import NamedTuple


LONGEST = 1200
"""Seconds that a command may take: twice the longest measurement."""


class Failure(Exception):
    """What ends the comparison: a sentence for whoever started it."""


class Shape(NamedTuple):
    """How much is asked at a time."""

    clients: int
    depth: int
    held: int = 0
    """Pairs that somebody has before anything is measured: for plugins."""

    def __str__(self):
        held = f", {self.held:,} held" if self.held else ""
        return f"{self.clients} × {self.depth}{held}"

    @property
    def in_flight(self):
        return self.clients * self.depth


class Figures(NamedTuple):
    """What one measurement found; latencies are in microseconds, or None when nobody says them."""

    answers: int
    per_second: float
    p50: float
    p99: float


class Place(NamedTuple):
    """Where programs are, and where files go."""

    folder: Path
    clients: Path
    ipledgerd: Path
    ipledger_load: Path
    ipledger_cni: Path
    trace: Path = None
    """Where the syncs of servers are written to, when they are to be counted."""


def traced(trace, command):
    """The command, or the command under strace."""
    if trace is None:
        return command
    # As a grandchild, strace leaves the process that is waited for what it is.
    return ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-e", "trace=fsync,fdatasync",
            "-e", "signal=none", "-o", trace, "-A", "--", *command]


class Process:
    """A server: started on entering, and gone after leaving, whatever happens in between."""

    def __init__(self, command, folder, user=None, environment=None, trace=None):
        # The kernel ends it should this program be killed.
        prefix = ["setpriv", "--pdeathsig", "KILL"]
        if user is not None:
            prefix += ["--reuid", user, "--regid", user, "--init-groups"]
        self.name = Path(command[0]).name
        self.command = [str(part) for part in traced(trace, prefix + command)]
        self.folder = folder
        self.log = folder / f"{self.name}.log"
        self.environment = {**os.environ, **(environment or {})}

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def wait_until(self, is_ready):
        """Returns when `is_ready` says so; fails with the log when the server ends before."""
        deadline = time.monotonic() + 60
        while not is_ready():
            if self.process.poll() is not None:
                raise Failure(f"{self.name} ended with {self.process.returncode}: {self.tail()}")
            if time.monotonic() > deadline:
                raise Failure(f"{self.name} is not ready after a minute: {self.tail()}")
            time.sleep(0.02)

    def tail(self):
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return " / ".join(lines[-5:]) or "it said nothing"


class System:
    """One system. A measurement starts it empty, and leaves nothing behind."""

    name = ""
    """What it is called by --peers."""
    differences = ""
    """What is not the same as with ipledgerd; stands beside its figures."""
    is_durable = True
    """Whether an answer says that the disk has it."""
    is_traceable = True
    """Whether its syncs can be counted."""
    client = None
    """Which program of clients/ drives it, if it is one of these."""
    programs = ()
    """What has to be in PATH, or at that path."""

    def __init__(self, place):
        self.place = place

    def server(self, command, folder, **options):
        return Process(command, folder, trace=self.place.trace, **options)

    def missing(self):
        """Why it cannot be measured here; None when it can."""
        absent = [program for program in self.programs if shutil.which(program) is None]
        return f"there is no {' and no '.join(absent)}" if absent else None

    def takes(self, shape):
        """Whether it can be asked this much at a time."""
        return True

    def version(self):
        raise NotImplementedError

    def measure(self, shape, seconds):
        """The figures of one measurement in a folder of its own."""
        folder = self.place.folder / self.name
        folder.mkdir()
        try:
            return self.measure_in(folder, shape, seconds)
        finally:
            shutil.rmtree(folder)

    def measure_in(self, folder, shape, seconds):
        raise NotImplementedError


def accepts(path):
    """Whether somebody listens on that Unix socket: its file is there a moment before."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def output(command, **options):
    """What a command prints; its failure is one sentence."""
    command = [str(part) for part in command]
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=LONGEST, **options)
    except subprocess.TimeoutExpired:
        raise Failure(f"{Path(command[0]).name} did not end in {LONGEST} seconds") from None
    if result.returncode != 0:
        said = " / ".join((result.stderr.strip() or result.stdout.strip()).splitlines()[-5:])
        raise Failure(f"{Path(command[0]).name} failed with {result.returncode}: {said}")
    return result.stdout


def first_line(command):
    return output(command).splitlines()[0].strip()
