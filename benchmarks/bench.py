"""Compare builds with the plain way, side by side: ``make bench``; writes one table to ``docs/performance.md``.

The plain way is what the tools' own manuals say: papermill's command for each notebook, one after the other, then
``jupyter-book build`` of all pages, from nothing. Both work on the same copy of the project; every round measures
each of them once, and medians are compared, so that what else the machine does touches all alike. Then books of
several made-up years are built, to see how time and memory grow; numbers of years on the command line measure that
alone, for books that take longer than ``make bench`` may: ``.venv/bin/python benchmarks/bench.py 1 5 20 50``.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from typing import TYPE_CHECKING

import recall
from projects import copy_taojiang
from years import made_up

from evalbook.release import Builder
from evalbook.run import pages
from evalbook.run.layout import Task, working_layout

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
BIN = Path(sys.executable).parent
BEGIN, END = "<!-- begin: written by make bench -->\n", "<!-- end -->\n"
ROUNDS = 5
WORDS = "甲乙丙丁戊"
YEARS = (1, 2, 3)
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
CHANGES = {
    "sentence, watched": "one sentence changed, `evalbook build --watch`",
    "figure, watched": "one figure changed, `evalbook build --watch`",
    "sentence": "one sentence changed, `evalbook build`",
    "figure": "one figure changed, `evalbook build`",
}
WANTED = {"nothing": "at most 5 %"}
IDLE = 8
"""Seconds until somebody saves again; meanwhile the process that stays gets ready."""


def run(project: Path, *command: str | Path) -> tuple[float, float]:
    """Seconds on the clock and of the processors that a command takes; it must succeed, and may have found something."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(list(map(str, command)), cwd=project, capture_output=True, check=False)
    if done.returncode and "check" not in command:
        raise SystemExit(done.stderr.decode())
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def evalbook(project: Path, *arguments: str) -> tuple[float, float]:
    """Time of one of the project's commands."""
    return run(project, sys.executable, "-m", "evalbook.cli", *arguments)


def from_nothing(project: Path) -> None:
    """Remove everything that was generated."""
    for folder in ("_build", "years"):
        shutil.rmtree(project / "book" / folder, ignore_errors=True)


def notebooks_one_by_one(project: Path, year: int) -> float:
    """Seconds of papermill's command for each page of a year; what it gives is thrown away."""
    with tempfile.TemporaryDirectory() as scratch:
        return sum(
            run(
                project, BIN / "papermill", task.template, Path(scratch) / f"{task.name}.ipynb", *_given(task)
            )[0]
            for task in (Task(project, year, name, working_layout(project)) for name in pages(project, year))
        )


def _given(task: Task) -> list[str]:
    """Parameters of a notebook as papermill's command takes them."""
    return [word for name, value in task.parameters.items() for word in ("-p", name, str(value))]


def pages_alone(project: Path) -> float:
    """Seconds of ``jupyter-book build`` from nothing but the notebooks' pages."""
    for path in (project / "book" / "_build").iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    return run(project, BIN / "jupyter-book", "build", "book/")[0]


def edited(path: Path, old: str, new: str) -> None:
    """Replace a text in a file."""
    encoding = "utf-8-sig" if path.suffix == ".csv" else "utf-8"
    text = path.read_text(encoding=encoding)
    path.write_text(text.replace(old, new, 1), encoding=encoding)


def unreleased(project: Path, year: int) -> None:
    """Take the editions away: a change after an edition makes every page a draft, and is no change of one page."""
    folder = project / "data" / str(year)
    for name in ("corrections.csv", "editions.yml", "explanations.csv"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "editions", ignore_errors=True)


def compared(project: Path) -> dict[str, tuple[float, str]]:
    """Medians in seconds by what was measured, each with what it is compared with."""
    times: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        times.setdefault(name, []).append(seconds)
        print(f"{seconds:8.2f} s  {name}", flush=True)

    prose, tiers = (project / "data" / "2020" / name for name in ("narrative/04-results.md", "tiers.csv"))
    for number in range(ROUNDS):
        from_nothing(project)
        note("cold", evalbook(project, "build")[0])
        note("nothing", evalbook(project, "build")[0])
        edited(prose, f"{WORDS[number - 1]}通过对" if number else "通过对", f"{WORDS[number]}通过对")
        note("sentence", evalbook(project, "build")[0])
        edited(tiers, f",20{5 + number},", f",20{6 + number},")
        note("figure", evalbook(project, "build")[0])
        with Builder() as builder:
            builder.build(project, project / "book")
            time.sleep(IDLE)
            edited(prose, f"{WORDS[number]}通过对", f"再{WORDS[number]}通过对")
            note("sentence, watched", watched(builder, project))
            time.sleep(IDLE)
            edited(tiers, f",20{6 + number},", f",21{6 + number},")
            note("figure, watched", watched(builder, project))
        edited(prose, f"再{WORDS[number]}通过对", f"{WORDS[number]}通过对")
        edited(tiers, f",21{6 + number},", f",20{6 + number},")
        papermill = notebooks_one_by_one(project, 2020)
        note("papermill", papermill)
        note("plain", papermill + pages_alone(project))
        for name in ("check", "score"):
            note(f"{name}, CPU", evalbook(project, name, "2020")[1])
        note("help, CPU", evalbook(project, "--help")[1])
        note("python -c pass, CPU", run(project, sys.executable, "-c", "pass")[1])
    of = {"cold": "plain", "nothing": "cold", **dict.fromkeys(CHANGES, "cold")}
    return {name: (statistics.median(found), of.get(name, "")) for name, found in times.items()}


def watched(builder: Builder, project: Path) -> float:
    """Seconds that a build takes in a process that stays."""
    start = time.perf_counter()
    builder.build(project, project / "book")
    return time.perf_counter() - start


@dataclass(frozen=True)
class Grown:
    """Book of several years: seconds of a build from nothing, of the largest one's pages alone, MB of its largest process."""

    years: int
    cold: float
    pages: float
    memory: float


def growth(scratch: Path, numbers: Sequence[int]) -> list[Grown]:
    """Build books of made-up years."""
    found = []
    for number in numbers:
        project = scratch / f"years{number}"
        copy_taojiang(project)
        shutil.rmtree(project / "data")
        made_up(project, number)
        for year in range(2020, 2020 + number):
            unreleased(project, year)
        command = [sys.executable, "-c", MEASURED, sys.executable, "-m", "evalbook.cli", "build"]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
        cold = time.perf_counter() - start
        pages = pages_alone(project) if number == max(numbers) else 0
        found.append(Grown(number, cold, pages, int(done.stdout) / 1024))
        print(f"{cold:8.2f} s  {number} year(s), {found[-1].memory:.0f} MB", flush=True)
        shutil.rmtree(project)
    return found


def growth_rows(grown: Sequence[Grown], papermill: float) -> list[tuple[str, str, str]]:
    """Rows of the table about several years; the plain way's notebooks take every year as long as in one."""
    years, cold = [float(one.years) for one in grown], [one.cold for one in grown]
    slope, start = statistics.linear_regression(years, cold)
    worst = max(abs(start + slope * one.years - one.cold) / one.cold for one in grown)
    *_, last = grown
    numbers = ", ".join(str(one.years) for one in grown)
    ratio = (last.years * papermill + last.pages) / last.cold
    return [
        (f"plain way ÷ cold build, {last.years} years", f"{ratio:.1f} ×", "20 years: at least 10 ×"),
        (f"a further year ÷ one year, by a line through {numbers}", f"{slope / cold[0]:.2f}", "linear"),
        ("largest distance from that line", f"{100 * worst:.0f} %", ""),
        (
            f"memory of the largest process, {last.years} years ÷ one",
            f"{last.memory / grown[0].memory:.2f} ×",
            "flat",
        ),
    ]


def table(medians: dict[str, tuple[float, str]], grown: list[Grown]) -> str:
    """What is written into the page: ratios, because seconds are of one machine on one afternoon."""
    seconds = {name: median for name, (median, _) in medians.items()}
    words = {"nothing": "nothing changed", **CHANGES}
    rows = [
        ("plain way ÷ cold build", f"{seconds['plain'] / seconds['cold']:.1f} ×", "at least 6 ×"),
        *(
            (
                f"{words[n]} ÷ cold",
                f"{100 * seconds[n] / seconds['cold']:.1f} %",
                WANTED.get(n, "at most 15 %"),
            )
            for n in words
        ),
        *(
            (f"`evalbook {name}`, CPU", f"{seconds[f'{name}, CPU']:.2f} s", "at most 1 s")
            for name in ("check", "score")
        ),
        ("`evalbook --help`, CPU", f"{seconds['help, CPU']:.2f} s", "0.2 s"),
        ("`python -c pass`, CPU", f"{seconds['python -c pass, CPU']:.2f} s", ""),
        *growth_rows(grown, seconds["papermill"]),
        *recall.summary(),
    ]
    processors = os.cpu_count()
    head = f"Medians of {ROUNDS} rounds on {processors} processors.\n\n| what | measured | wanted |\n|---|---|---|\n"
    return head + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main() -> None:
    """Measure, print, and write the table."""
    with tempfile.TemporaryDirectory() as scratch:
        project = copy_taojiang(Path(scratch) / "project")
        unreleased(project, 2020)
        if len(sys.argv) > 1:
            grown = growth(Path(scratch), [*map(int, sys.argv[1:])])
            for row in growth_rows(grown, notebooks_one_by_one(project, 2020)):
                print(" | ".join(row))
            return
        written = table(compared(project), growth(Path(scratch), YEARS))
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(
        re.sub(f"{BEGIN}.*{END}", f"{BEGIN}\n{written}\n{END}", page, flags=re.DOTALL), encoding="utf-8"
    )
    print(written)


if __name__ == "__main__":
    main()
