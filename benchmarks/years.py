"""Time reading, computing and drawing on made-up years: ``.venv/bin/python benchmarks/years.py [YEARS]``.

Each year is the 2020 data under another number, so that changes against the year before are computed too.
Prints the minimum of several runs, in milliseconds.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from evalbook import render
from evalbook.figures import load
from evalbook.recheck import examine
from evalbook.recheck.layout import read_forms
from evalbook.scoring import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
FORM = ROOT / "tests" / "forms" / "suixi-2019.csv"
RUNS = 3


def made_up(folder: Path, years: int) -> Path:
    """Project with so many years, all with the figures of 2020."""
    shutil.copytree(ROOT / "data", folder / "data")
    for year in range(2021, 2020 + years):
        shutil.copytree(folder / "data" / "2020", folder / "data" / str(year))
        settings = folder / "data" / str(year) / "year.yml"
        text = settings.read_text(encoding="utf-8").replace("2021", str(year + 1))
        # The names of frameworks hold years too, which stay.
        settings.write_text(re.sub(r"(?<!-)2020", str(year), text), encoding="utf-8")
    return folder


def fastest(work: Callable[[], object]) -> float:
    """Milliseconds of the fastest of several runs."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def main() -> None:
    """Print one line a measurement."""
    years = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as scratch:
        root = made_up(Path(scratch), years)
        last = 2019 + years
        page = render.Page("02-funds", load(root, last))
        for name, work in (
            ("read and compute the first year", lambda: load(root, 2020)),
            (f"read and compute year {years}, with changes", lambda: load(root, last)),
            ("check and score a year by its frameworks", lambda: evaluate(page.figures)),
            ("re-compute somebody's filled-in form", lambda: [examine(form) for form in read_forms(FORM)]),
            ("chart: specification, SVG and PNG", lambda: render.chart(page, "funds")),
            ("lineage annex as Markdown", lambda: render.lineage(page)),
        ):
            print(f"{fastest(work):8.0f} ms  {name}")


if __name__ == "__main__":
    main()
