"""How often a system asks the disk to keep what it has written, counted by strace."""

from typing import NamedTuple

from .system import Failure, Shape

SHAPE = Shape(1, 1)
SECONDS = 1
HEADER = ["system", "answers", "syncs", "syncs for each answer"]


class Count(NamedTuple):
    name: str
    answers: int
    syncs: int


def count(system):
    """One client, one request at a time: whoever syncs before an answer does so for each."""
    trace = system.place.folder / f"{system.name}.syncs"
    traced = type(system)(system.place._replace(trace=trace))
    figures = traced.measure(SHAPE, SECONDS)
    # A call that another one interrupts has two lines, of which the second has its result.
    syncs = sum(line.endswith("= 0") for line in trace.read_text().splitlines())
    trace.unlink()
    return Count(system.name, figures.answers, syncs)


def check(system, found):
    """What a system is said to do has to be what it does."""
    if system.is_durable and found.syncs < found.answers:
        raise Failure(f"it answered {found.answers} times, and synced {found.syncs} times")


def rows(counts):
    return [HEADER] + [
        [one.name, f"{one.answers:,}", f"{one.syncs:,}", f"{one.syncs / one.answers:.2f}"]
        for one in counts]
