"""Time the PDFs of the project's years: ``.venv/bin/python benchmarks/pdf.py``, after ``make report``.

Builds the PDFs alone, from notebooks that are up to date, in a process of its own for each run, and prints the minimum
of several runs in seconds: what the PDFs add to a build, without the reading of the pages, which the HTML needs too.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3
TIMED = """
import time
from evalbook.sphinxext.pdf import PdfBuilder
write = PdfBuilder.write
def timed(*arguments):
    start = time.perf_counter()
    write(*arguments)
    print(f"PDF {time.perf_counter() - start:.3f}")
PdfBuilder.write = timed
from jupyter_book.cli.main import main
main(["build", "book/", "--builder", "custom", "--custom-builder", "pdf"])
"""


def main() -> None:
    """Print seconds a year."""
    runs = []
    for _ in range(RUNS):
        done = subprocess.run(
            [sys.executable, "-c", TIMED],
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        runs += [float(seconds) for seconds in re.findall(r"^PDF ([\d.]+)$", done.stdout, flags=re.MULTILINE)]
    made = list((ROOT / "book" / "_build" / "pdf").glob("*.pdf"))
    print(
        f"{min(runs):8.2f} s  PDFs of {len(made)} year(s), fonts included ({min(runs) / len(made):.2f} s a year)"
    )


if __name__ == "__main__":
    main()
