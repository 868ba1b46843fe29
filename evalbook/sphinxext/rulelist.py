"""All rules on a few sheets of paper, beside the page that explains them."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

from evalbook.fonts import load_fonts
from evalbook.render.findings import RULE_LIST, rules_by_family
from evalbook.sphinxext.book import book_of
from evalbook.sphinxext.pdf import collect_fonts
from evalbook.sphinxext.typesetter import MAIN, METADATA, TYPESET, set_report

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from evalbook.fonts import Fonts

logger = logging.getLogger(__name__)

TEMPLATE = Path(__file__).parents[1] / "templates" / "rules.typ"
GUIDE = "guide/checks"
"""Page that explains the rules."""


def _facts(fonts: Fonts) -> str:
    """What the template shows, as JSON; dated by the newest rule."""
    families = rules_by_family()
    newest = datetime.date.fromisoformat(max(rule.since for rules in families.values() for rule in rules))
    count = sum(map(len, families.values()))
    facts: dict[str, object] = {
        "title": "检查规则一览",
        "author": "evalbook",
        "told": f"共{count}条。错误：不可能同时正确；疑点：不合常理，需要说明；提示：值得看一看。每条规则怎样比较、容许多大的差，"
        "见网页“检查规则”。",
        "headings": ("编号", "规则", "比较什么", "程度"),
        "dated": {"year": newest.year, "month": newest.month, "day": newest.day},
        "fonts": fonts.roles,
        "families": [
            {
                "name": name,
                "rules": [(rule.id, rule.title, rule.compares, rule.severity) for rule in rules],
            }
            for name, rules in families.items()
        ],
    }
    return json.dumps(facts, ensure_ascii=False)


def rule_list(folder: Path, fonts: Fonts) -> bytes:
    """Set the list in a folder of its own; nothing, and a warning, when that cannot be done."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / METADATA).write_text(_facts(fonts), encoding="utf-8")
    shutil.copyfile(TEMPLATE, folder / MAIN)
    collect_fonts(folder, fonts)
    made = set_report(folder)
    if made.error:
        logger.warning(f"检查规则一览没有排成：{made.error}", type="evalbook")
    return made.content


def write_rule_list(app: Sphinx, exception: Exception | None) -> None:
    """Put the list beside the page that links to it, where there is one; the last good one, when nothing of it changed."""
    if exception is not None or app.builder.format != "html" or GUIDE not in app.env.found_docs:
        return
    folder, fonts = Path(app.doctreedir) / TYPESET / "rules", load_fonts(book_of(app).root)
    target = (Path(app.outdir) / GUIDE).with_name(RULE_LIST)
    code = {METADATA: _facts(fonts).encode(), MAIN: TEMPLATE.read_bytes()}
    set_before = all(
        (folder / name).is_file() and (folder / name).read_bytes() == code[name] for name in code
    )
    if target.exists() and set_before:
        return
    target.unlink(missing_ok=True)
    if content := rule_list(folder, fonts):
        target.write_bytes(content)
