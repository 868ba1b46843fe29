"""What a finance office would deduct, as the clerk sees it before the office does: each deduction with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.render.findings import finding_label, finding_title
from evalbook.render.markdown import Block, Numeric, container, escape, joined, link, table
from evalbook.schema.vocabulary import OWN, PARTLY
from evalbook.scoring import deducted, evaluate, marked, points_text

if TYPE_CHECKING:
    from evalbook.checks import Findings
    from evalbook.render.page import Page
    from evalbook.scoring import Marked

NO_SHEET = "没有登记质量评分表（data/reference/review.csv），不自查。"


def review_line(findings: Findings) -> str:
    """What the findings cost at least, in one sentence without its stop; empty where no sheet is registered."""
    if not findings.figures.year.registries.markings:
        return ""
    return f"质量自查：照登记的质量评分表，查得到的至少扣{points_text(deducted(findings))}分，其余由人看"


def review_page(page: Page) -> Block:
    """The sheet with what each line costs, and below it every fault with a link to its finding."""
    findings = evaluate(page.figures).findings
    lines = marked(findings)
    if not lines:
        return Block(NO_SHEET)
    sheets = dict.fromkeys(escape(f"《{one.line.sheet}》{OWN if one.line.own else ''}") for one in lines)
    sources = dict.fromkeys(one.line.source for one in lines)
    told = (
        f"财政部门收到报告，照评分表一项一项扣分。下面照{'、'.join(sheets)}，把[勾稽检查](checks.ipynb)里还没有说明的发现"
        "算成会扣的分，改好或说明了就不再扣。由同一个原因引起的几处只算一处，一项的分扣完为止；只能看出一部分的，写“至少”；"
        "由人看的，空着。这不是报告的总分，也不评等次。"
    )
    headings = (
        "内容",
        Numeric("分值"),
        Numeric("每处扣分"),
        Numeric("发现"),
        Numeric("会扣的分"),
        "扣分办法",
    )
    return Block(
        joined(
            told,
            container("review", f"**{escape(review_line(findings))}。**"),
            table("质量自查", headings, [_row(one) for one in lines], "wide"),
            *(_faults(findings, one) for one in lines),
            f"评分表的出处：{escape('；'.join(sources))}。有本地的评分表的，在 data/reference/review.csv 里登记，就照本地的。",
        )
    )


def _row(one: Marked) -> tuple[str, ...]:
    line, cost = one.line, one.deducted
    least = "至少" if line.judge == PARTLY else ""
    unknown = f"（没有规则{'、'.join(one.unknown)}，请核对 review.csv）" if one.unknown else ""
    return (
        escape(line.content),
        *("" if number is None else points_text(number) for number in (line.points, line.deduction)),
        "" if cost is None else f"{len(one.faults)}处",
        "" if cost is None else f"{least}{points_text(cost)}",
        escape(line.note + unknown),
    )


def _faults(findings: Findings, one: Marked) -> str:
    """The faults of a line, each a link to its finding, in the order of the page of findings."""
    if not one.faults:
        return ""
    year = findings.figures.year.settings.year
    listed = [
        f"- {link(f'第{findings.numbers[fault.told_by.stem]}条', finding_label(year, fault.told_by))}"
        f" {escape(finding_title(fault.finding))}：{escape(fault.finding.suspicion.found)}"
        for fault in one.faults
    ]
    cost = f"{points_text(one.deducted)}分" if one.deducted is not None else "由人看"
    return joined(f"## {escape(one.line.content)}（{cost}）", "\n".join(listed))
