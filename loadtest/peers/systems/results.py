"""From the figures of every round to tables."""

import statistics
from typing import NamedTuple


class Result(NamedTuple):
    """What all rounds of one system in one shape come to."""

    name: str
    rounds: int
    per_second: float
    least: float
    most: float
    p50: float
    p99: float
    ratio: float
    """How many times more ours did: the median of each round's ratio; None without ours."""


def median(values):
    values = list(values)
    return None if not values or None in values else statistics.median(values)


def result(name, rounds, ours):
    """`rounds` and `ours` are figures in the order of the rounds."""
    rates = [figures.per_second for figures in rounds]
    ratios = [our.per_second / rate for our, rate in zip(ours or [], rates)]
    return Result(
        name, len(rounds), statistics.median(rates), min(rates), max(rates),
        median(figures.p50 for figures in rounds), median(figures.p99 for figures in rounds),
        median(ratios))


def results(rounds, ours):
    """`rounds`: the figures of each round, by the system's name; `ours` is one of these names."""
    return [result(name, figures, rounds.get(ours)) for name, figures in rounds.items()]


def whole(number):
    return f"{number:,.0f}"


def milliseconds(microseconds):
    if microseconds is None:
        return "–"
    value = microseconds / 1000
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def times(ratio):
    if ratio is None:
        return "–"
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}" if ratio < 100 else whole(ratio)


def rows(rounds, systems, ours, unit):
    """A table; what is not the same stands beside the figures."""
    lines = [[
        "system", unit, "least – most", "p50 ms", "p99 ms", f"{ours} is … times as fast",
        "on disk before the answer", "what is not the same"]]
    by_name = {system.name: system for system in systems}
    for one in results(rounds, ours):
        system = by_name[one.name]
        lines.append([
            one.name, whole(one.per_second), f"{whole(one.least)} – {whole(one.most)}",
            milliseconds(one.p50), milliseconds(one.p99),
            "1" if one.name == ours else times(one.ratio),
            "yes" if system.is_durable else "**no**", system.differences])
    return lines


def markdown(lines, texts=2):
    """`texts`: how many columns at the end are not numbers."""
    header, *rest = lines
    rule = ["---"] + ["---:"] * (len(header) - 1 - texts) + ["---"] * texts
    return "\n".join(f"| {' | '.join(line)} |" for line in [header, rule, *rest])


def aligned(lines):
    """For a terminal, which has no room for what is not the same."""
    lines = [line[:-2] + [line[-2].strip("*")] for line in lines]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths)))
        for line in lines)
