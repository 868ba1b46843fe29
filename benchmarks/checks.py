"""Time the checks on made-up counties: ``.venv/bin/python benchmarks/checks.py [COUNTIES]``.

Prints milliseconds a county for reading, computing and checking, how the time of the checks grows with the number of
figures, what was called wrong in counties that are right, and how many planted faults were found.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from counties import County, made_up
from faults import FAULTS, found, planted

from evalbook.checks import DOUBT, ERROR, Findings, check
from evalbook.figures import load

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNTIES = 200
ROWS = (0, 100, 200, 400, 800)
"""Rows of the year's work added to one county, to see how the time grows."""
OF_PROSE = ("P", "K", "G8", "G9", "G10")
"""Rules about text, of which made-up counties have next to none."""


def timed(county: County, folder: Path) -> tuple[float, float, Findings]:
    """Milliseconds to read and compute a county and to check it, and the findings."""
    county.write(folder)
    start = time.perf_counter()
    figures = load(folder, county.year)
    middle = time.perf_counter()
    findings = check(figures)
    return (middle - start) * 1000, (time.perf_counter() - middle) * 1000, findings


def told(findings: Findings, severity: str) -> list[str]:
    """Rules about figures that speak of a severity."""
    return [f.rule.id for f in findings.of(severity) if not f.rule.id.startswith(OF_PROSE)]


def counties(number: int, scratch: Path) -> None:
    """Time so many counties that are right, and count what is said against them."""
    reading, checking, figures = [], [], []
    wrong: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    most = 0
    for seed in range(number):
        read, checked, findings = timed(made_up(Random(seed)), scratch / str(seed))  # noqa: S311
        reading.append(read)
        checking.append(checked)
        figures.append(len(findings.figures.figures))
        wrong.update(told(findings, ERROR))
        asked.update(told(findings, DOUBT))
        most = max(most, len(told(findings, ERROR)))
    line(reading, "read and compute")
    line(checking, "check")
    print(f"{statistics.median(figures):8.0f}     figures a county, from {min(figures)} to {max(figures)}")
    print(f"{wrong.total():8d}     false 错误 in {number} counties, at most {most} a county {dict(wrong)}")
    print(f"{asked.total():8d}     疑点 in {number} counties {dict(asked.most_common(5))}")


def line(times: Sequence[float], name: str) -> None:
    """Print a measurement."""
    slowest = max(times)
    print(
        f"{statistics.median(times):8.0f} ms  {name} a county; slowest {slowest:.0f} ms, all {sum(times) / 1000:.1f} s"
    )


def growth(scratch: Path) -> None:
    """Time one county with more and more rows of the year's work."""
    county = made_up(Random(1), before=False, **{"relief again": True})  # noqa: S311
    for rows in ROWS:
        grown = county
        for number in range(rows):
            grown = grown.added(
                "actions",
                章节="五",
                代码=f"more{number}",
                指标名称=f"第{number}项工作",
                value=number,
                单位="次",
            )
        read, checked, findings = timed(grown, scratch / f"rows{rows}")
        print(
            f"{checked:8.0f} ms  check {len(findings.figures.figures)} figures (read and compute {read:.0f} ms)"
        )


def detection(scratch: Path) -> None:
    """Plant every fault three times and count what is found."""
    missed = []
    tries = 3
    for place, fault in enumerate(FAULTS):
        for seed in range(tries):
            _, _, findings = timed(planted(fault, seed), scratch / f"fault{place}-{seed}")
            if not found(findings, fault):
                missed.append(fault.name)
    all_of_them = len(FAULTS) * tries
    print(f"{(all_of_them - len(missed)) / all_of_them:8.1%}     of {all_of_them} planted faults found")
    for name, times in Counter(missed).items():
        print(f"{times:8d}     missed: {name}")


def main() -> None:
    """Print one line a measurement."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else COUNTIES
    with tempfile.TemporaryDirectory() as scratch:
        counties(number, Path(scratch))
        growth(Path(scratch))
        detection(Path(scratch))


if __name__ == "__main__":
    main()
