"""Rules for the cells of a form, whatever stands beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from evalbook.checks import ERROR, Suspicion
from evalbook.checks.finding import rule

if TYPE_CHECKING:
    from evalbook.recheck.facts import FormFacts

CAUSES = {
    "#REF": "公式引用的单元格被删掉了",
    "#DIV": "公式除以0或空格",
    "#NAM": "公式里的名称或函数写错了",
    "#VAL": "公式拿文字当数来算",
    "#N/A": "公式查不到要找的内容",
    "#NUM": "公式算不出数",
}


@rule(
    "B27", "没有错误值", compares="表里的每一格", formula="没有#REF!、#DIV/0!、#NAME?、#VALUE!、#N/A等错误值",
    tolerance="不容许差别", exceptions="隐藏的行、列、工作表里的", severity=ERROR,
    source="Excel、WPS 在公式算不出结果时显示错误值，它不是内容",
    look_up="这一格原来的公式，或填表时的底稿", ask="这一格原来的内容或数是多少", since="2026-11-30",
)  # fmt: skip
def error_values(facts: FormFacts) -> Iterator[Suspicion]:
    """Cells that show an error value, each by itself: what belongs there may differ."""
    for cell in facts.form.errors:
        place = replace(facts.place(cell), text=cell.error)
        address = f"{cell.letter}{cell.row}" if cell.row else "表外的文字"
        yield Suspicion(f"{cell.letter}{cell.row}", places=(place,), suspects=(place.address,)).told(
            f"{address}是错误值“{cell.error}”，没有内容",
            f"{CAUSES.get(cell.error[:4].upper(), '公式没有结果')}；这一格和由它算出的数都不能核对",
            "改正公式或填上应有的内容，再核对由它算出的数",
        )
