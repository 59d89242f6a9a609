"""Systems taking turns, and the page that says what came out."""

import datetime
import json
import sys

from . import results, syncs
from .system import Failure

ROUNDS_OF_A_RESULT = 5


def say(text):
    print(text, file=sys.stderr, flush=True)


class Comparison:
    """Systems that are asked for the same in the same shape: one table."""

    def __init__(self, systems, ours, unit, shape):
        self.systems = [system for system in systems if system.takes(shape)]
        self.ours = ours
        self.unit = unit
        self.shape = shape
        self.rounds = {}
        self.failures = {}

    def measure(self, count, seconds):
        """Who begins a round changes. A system that fails is left out of the table."""
        self.rounds = {system.name: [] for system in self.systems}
        for turn in range(count):
            first = turn % len(self.systems)
            for system in self.systems[first:] + self.systems[:first]:
                if system.name not in self.rounds:
                    continue
                try:
                    figures = system.measure(self.shape, seconds)
                except (Failure, OSError, ValueError) as failure:
                    self.failures[system.name] = f"round {turn + 1}: {failure}"
                    del self.rounds[system.name]
                    say(f"{self.shape}: {system.name} failed in round {turn + 1}: {failure}")
                    continue
                self.rounds[system.name].append(figures)
                say(f"{self.shape}, round {turn + 1} of {count}: {system.name} "
                    f"{figures.per_second:,.0f}/s, p99 {results.milliseconds(figures.p99)} ms")

    @property
    def title(self):
        clients, depth, held = self.shape
        many = "" if clients == 1 else "s"
        if self.unit == "ADD/s":
            return f"CNI ADD: {clients} process{'es' if many else ''} at a time, {held:,} pods held"
        return f"{clients} client{many}, {depth} in flight each"

    def table(self, form):
        return form(results.rows(self.rounds, self.systems, self.ours, self.unit))

    def section(self):
        lines = ["", f"### {self.title}", ""]
        count = max((len(figures) for figures in self.rounds.values()), default=0)
        if count < ROUNDS_OF_A_RESULT:
            lines += [f"Fewer than {ROUNDS_OF_A_RESULT} rounds: a first look, not a result.", ""]
        lines.append(self.table(results.markdown))
        lines += [f"\n{name} failed in {reason}" for name, reason in self.failures.items()]
        return lines

    def as_json(self):
        return {
            **self.shape._asdict(), "unit": self.unit, "failures": self.failures,
            "rounds": {name: [one._asdict() for one in figures]
                       for name, figures in self.rounds.items()}}


def counted_syncs(systems):
    """What each system that can be watched does for an answer; and the failures."""
    counts, failures = [], {}
    for system in systems:
        if not system.is_traceable:
            continue
        try:
            found = syncs.count(system)
            syncs.check(system, found)
            counts.append(found)
        except (Failure, OSError, ValueError) as failure:
            failures[system.name] = str(failure)
            say(f"syncs of {system.name} could not be counted: {failure}")
    return counts, failures


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def page(command, machine, versions, comparisons, counts):
    """All that somebody needs who was not there."""
    lines = [f"Measured on {now():%Y-%m-%d at %H:%M} UTC, by", "", f"    {command}", ""]
    lines += [f"* {name}: {value}" for name, value in machine.items()]
    lines += [f"* {name}: {version}" for name, version in versions.items()]
    for comparison in comparisons:
        lines += comparison.section()
    if counts:
        lines += [
            "", "### What reaches the disk", "",
            "fsync and fdatasync, counted by strace with one client that asks for one thing at a "
            "time.", "", results.markdown(syncs.rows(counts), texts=0)]
    return "\n".join(lines)


def figures_as_json(command, machine, versions, comparisons, counts):
    return json.dumps({
        "date": now().isoformat(timespec="seconds"), "command": command, "machine": machine,
        "versions": versions,
        "comparisons": [comparison.as_json() for comparison in comparisons],
        "syncs": [one._asdict() for one in counts]}, indent=2)
