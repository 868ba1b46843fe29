"""Set the report of an edition when its other files are there: ``python -m evalbook.sphinxext.edition FOLDER GROUP…``.

The folder has the report's code; the groups are those of the check code that it bears, if it bears one. The report lies
beside its code then; why it cannot be set is said on the error stream.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from evalbook.sphinxext.typesetter import CODE, METADATA, set_report

REPORT = "report.pdf"


def set_edition(folder: Path, code: list[str]) -> None:
    """Set a report with its check code."""
    facts = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    text = json.dumps({**facts, CODE: code}, ensure_ascii=False, indent=1)
    (folder / METADATA).write_text(text, encoding="utf-8")
    report = set_report(folder)
    if report.error:
        raise SystemExit(report.error)
    (folder / REPORT).write_bytes(report.content)


if __name__ == "__main__":
    set_edition(Path(sys.argv[1]), sys.argv[2:])
