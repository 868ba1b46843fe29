"""What the notebooks show: one function for each part of a page.

A notebook opens its page with :func:`open_page` and shows parts in the order of the report. Whatever the
narrative holds is shown: the last call of a chapter takes all remaining sections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.figures import MISSING, FigureSet
from evalbook.render import charts
from evalbook.render.corrections import TABLE_CLASS, corrections_line
from evalbook.render.editions import status_box
from evalbook.render.findings import findings_notice
from evalbook.render.markdown import (
    Block,
    Heading,
    chinese_date,
    escape,
    joined,
    number,
    reference,
    table,
)
from evalbook.render.prose import heading, paragraphs
from evalbook.render.score import grade_notice, points_chart, targets_chart
from evalbook.schema.vocabulary import CLAIM_PREFIX, LEVELS, PENDING
from evalbook.year.tables import FUNDS, PROSE_WITHOUT_TITLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalbook.figures import Figure
    from evalbook.render.page import Page
    from evalbook.schema import Programme, TableRow
    from evalbook.year import Narrative, Settings

PAGE_CORRECTIONS = "```{page-corrections}\n```"
"""Place of what the book says of corrections, once it has seen which figures the page shows."""


def report_date(settings: Settings) -> str:
    """Date of the report as documents write it, and said to be missing until it is signed."""
    return chinese_date(settings.report_date) if settings.report_date else f"报告日期：{MISSING}"


def _pending(narrative: Narrative) -> str:
    note = "这一部分的文字沿用上年，尚未核对。"
    return f"````{{admonition}} {PENDING}\n:class: warning\n\n{note}\n````" if narrative.pending else ""


def opening(page: Page, title: str = "") -> Block:
    """Title, data status, and the prose above the first heading of a section.

    Parameters
    ----------
    page
        The page.
    title
        Title of a page without prose of its own; a chapter takes the title of its prose.
    """
    settings = page.figures.year.settings
    report = (("year", settings.year), ("page", page.name))
    if title:
        return Block(joined(f"# {escape(title)}", status_box(page.figures), PAGE_CORRECTIONS), report)
    narrative = page.narrative
    first = narrative.sections[0]
    return Block(
        joined(
            f"# {escape(narrative.title)}",
            status_box(page.figures),
            PAGE_CORRECTIONS,
            _pending(narrative),
            paragraphs(page.figures, first),
        ),
        report,
    )


def section(page: Page, number_of_section: int) -> Block:
    """One section of the chapter, from 1."""
    sections = page.narrative.sections
    if number_of_section >= len(sections):
        return Block("")
    shown = sections[number_of_section]
    return Block(joined(heading(shown), paragraphs(page.figures, shown)))


def sections_from(page: Page, first: int) -> Block:
    """Every section of the chapter from a number on."""
    return Block(joined(*(section(page, i).markdown for i in range(first, len(page.narrative.sections)))))


def _unit(row: TableRow) -> str:
    return str(getattr(row.cells["unit"], "symbol", ""))


def _programme(row: TableRow) -> Programme:
    return row.cells["programme"]  # type: ignore[return-value]


def cover(page: Page) -> Block:
    """First page of a year: title, bureau and date as signed, status, key figures, opening prose."""
    settings = page.figures.year.settings
    preface = page.figures.year.narrative.get(PROSE_WITHOUT_TITLE)
    corrected = corrections_line(page.figures)
    return Block(
        joined(
            f"# {''.join(escape(line) for line in settings.title)}",
            f":::{{container}} imprint\n{escape(settings.bureau)}\n\n（{report_date(settings)}）\n:::",
            status_box(page.figures),
            grade_notice(page.figures),
            findings_notice(page.figures),
            f":::{{container}} status\n{corrected}\n:::" if corrected else "",
            PAGE_CORRECTIONS,
            _pending(preface) if preface else "",
            *(
                joined(heading(part), paragraphs(page.figures, part))
                for part in (preface.sections if preface else ())
            ),
            "## 目录\n\n```{tableofcontents}\n```",
        ),
        (("year", settings.year), ("page", page.name)),
    )


def funds_table(page: Page) -> Block:
    """Funds by level and item, with totals and shares."""
    figures = page.figures
    rows: list[Sequence[str]] = []
    listed = sorted(
        figures.year.tables["funds"].rows, key=lambda row: list(LEVELS).index(str(row.cells["level"]))
    )
    for row in listed:
        address = FUNDS.full_address(row.cells)
        share = address.replace("funds.", "funds_share.", 1)
        level = str(row.cells["level"])
        cells = (number(figures, address, "万元"), number(figures, share))
        rows.append((escape(_programme(row).name), level, *cells))
    for level in dict.fromkeys(str(row.cells["level"]) for row in listed):
        code = LEVELS[level]
        cells = (number(figures, f"funds_total.{code}"), number(figures, f"funds_share.{code}"))
        rows.append((f"**{level}合计**", level, *cells))
    rows.append(("**总额**", "—", number(figures, "funds_total.all"), "—"))
    return Block(
        table(
            "资金安排（按级次和项目；比重：项目占本级资金，合计占资金总额）",
            (
                Heading("项目"),
                Heading("级次"),
                Heading("金额（万元）", numeric=True),
                Heading("比重（%）", numeric=True),
            ),
            rows,
        )
    )


CHARTS = {
    "funds": charts.funds_chart,
    "execution": charts.execution_chart,
    "spending": charts.spending_chart,
    "people": charts.people_chart,
    "level": charts.level_chart,
    "tiers": charts.tiers_chart,
    "actions": charts.actions_chart,
}
SCORE_CHARTS = {"points": points_chart, "targets": targets_chart}


def chart(page: Page, name: str) -> charts.Chart | Block:
    """Chart of a name; nothing while the year has no figure for it."""
    return {**CHARTS, **SCORE_CHARTS}[name](page.figures) or Block("")


def drawings(figures: FigureSet) -> list[charts.Drawing]:
    """Drawings of all charts of a year."""
    drawn = (draw(figures) for draw in (*CHARTS.values(), *SCORE_CHARTS.values()))
    return [drawing for chart in drawn if chart for drawing in (chart.wide, chart.narrow)]


def programme_table(page: Page) -> Block:
    """Spending, people, standard, stated and computed level of every programme."""
    figures = page.figures
    used = {_programme(row) for name in ("spending", "people") for row in figures.year.tables[name].rows}
    programmes = [p for p in figures.year.registries.programmes.values() if p in used]
    rows: list[Sequence[str]] = []
    for programme in programmes:
        code = programme.code
        people = _people(figures, code)
        rows.append(
            (
                escape(programme.name),
                _spending(figures, code),
                reference(people) if people else "—",
                number(figures, f"standard_month.{code}.standard"),
                number(figures, f"standards.{code}.level", "元/月"),
                number(figures, f"level.{code}"),
                number(figures, f"average.{code}"),
            )
        )
    rows.append(("**合计**", number(figures, "spending_total.all"), *["—"] * 5))
    return Block(
        table(
            "支出、保障对象、标准与水平（按项目）",
            (
                Heading("项目"),
                Heading("累计支出（万元）", numeric=True),
                Heading("保障对象（单位见数字）", numeric=True),
                Heading("保障标准（元/月）", numeric=True),
                Heading("报告所述人均救助水平（元/月）", numeric=True),
                Heading("人均月支出，计算（元/人·月）", numeric=True),
                Heading("次均支出，计算（元/次）", numeric=True),
            ),
            rows,
            "wide",
        )
    )


def _spending(figures: FigureSet, code: str) -> str:
    """Spending of a programme; 缺 where people are stated without it, which the lineage of its level tells."""
    without = figures.figures.get(f"level.{code}") or figures.figures.get(f"average.{code}")
    if f"spending.{code}" not in figures.figures and without and without.value is None:
        return reference(without, MISSING)
    return number(figures, f"spending.{code}", "万元")


def _people(figures: FigureSet, code: str) -> Figure | None:
    return figures.figures.get(f"people.{code}") or figures.figures.get(f"headcount.{code}")


def people_table(page: Page) -> Block:
    """People by programme and form of support."""
    figures = page.figures
    rows = [
        (
            escape(_programme(row).name),
            "，".join(str(row.cells[name]) for name in ("form", "aspect") if row.cells[name]) or "全部",
            str(row.cells["counting"]),
            number(figures, figure.address),
            escape(_unit(row)),
        )
        for row, figure in zip(figures.year.tables["people"].rows, figures.of_table("people"), strict=True)
    ]
    return Block(
        table(
            "保障对象（按项目和保障形式）",
            (
                Heading("项目"),
                Heading("保障形式、统计项"),
                Heading("口径"),
                Heading("数量", numeric=True),
                Heading("单位"),
            ),
            rows,
        )
    )


def execution_table(page: Page) -> Block:
    """Funds against spending by area."""
    figures = page.figures
    rows = [
        (
            escape(figure.label.removesuffix("领域资金")),
            number(figures, figure.address),
            number(figures, figure.address.replace(".funds", ".spending")),
            number(figures, f"execution.{figure.address.removesuffix('.funds')}"),
        )
        for figure in figures.of_definition("area")
        if figure.address.endswith(".funds")
    ]
    rows.append(
        (
            "**合计**",
            number(figures, "funds_total.all"),
            number(figures, "spending_total.all"),
            number(figures, "execution.all"),
        )
    )
    return Block(
        table(
            "资金与支出（按领域）",
            (
                Heading("领域"),
                Heading("资金（万元）", numeric=True),
                Heading("支出（万元）", numeric=True),
                Heading("支出与资金之比（%）", numeric=True),
            ),
            rows,
        )
    )


def standards_table(page: Page) -> Block:
    """Standards and tiers of the year, as stated and in comparable units."""
    figures = page.figures
    rows: list[Sequence[str]] = []
    for row, figure in zip(figures.year.tables["standards"].rows, figures.of_table("standards"), strict=True):
        place = figure.address.removeprefix("standards.")
        rows.append(
            (
                escape(_programme(row).name),
                escape(str(row.cells["measure"])),
                reference(figure),
                number(figures, f"standard_month.{place}"),
                number(figures, f"standard_year.{place}"),
            )
        )
    for row, figure in zip(figures.year.tables["tiers"].rows, figures.of_table("tiers"), strict=True):
        name, tier = escape(_programme(row).name), f"{row.cells['tier']}标准"
        rows.append((name, tier, reference(figure), number(figures, figure.address, "元/月"), "—"))
    return Block(
        table(
            "标准、档次与报告所述水平",
            (
                Heading("项目"),
                Heading("指标"),
                Heading("报告所述", numeric=True),
                Heading("折合（元/月）", numeric=True),
                Heading("折合（元/年）", numeric=True),
            ),
            rows,
        )
    )


def actions_table(page: Page) -> Block:
    """Numbers of the year's work, with the section that speaks of them."""
    figures = page.figures
    rows = [
        (
            escape(str(row.cells["measure"])),
            number(figures, figure.address),
            escape(_unit(row)),
            escape(str(row.cells["chapter"])),
        )
        for row, figure in zip(figures.year.tables["actions"].rows, figures.of_table("actions"), strict=True)
    ]
    if not rows:
        return Block("")
    return Block(
        table(
            "年度工作的数字",
            (Heading("指标"), Heading("数值", numeric=True), Heading("单位"), Heading("章节")),
            rows,
        )
    )


def documents_table(page: Page) -> Block:
    """Policy documents that the report cites."""
    rows = [
        (
            escape(row.texts["title"]),
            escape(row.texts["issuer"]),
            escape(row.texts["number"]) or MISSING,
            escape(row.texts["year"]) or MISSING,
            escape(row.texts["chapter"]),
            escape("；".join(filter(None, (row.texts["pending"], row.texts["note"])))) or "—",
        )
        for row in page.figures.year.tables["documents"].rows
    ]
    if not rows:
        return Block("")
    return Block(
        table(
            "报告引用的文件",
            tuple(Heading(text) for text in ("标题", "发文机关", "文号", "年份", "章节", "说明")),
            rows,
            f"wide stacked {TABLE_CLASS}documents",
        )
    )


def claims_table(page: Page) -> Block:
    """Figures that the signed report states beside those computed from its items."""
    figures = page.figures
    rows = [
        (
            escape(figure.label.removeprefix(CLAIM_PREFIX)),
            reference(figure),
            reference(computed),
            {True: "一致", False: "**不一致**", None: "—"}[figures.agrees(figure.address)],
        )
        for figure in figures.of_table("claims")
        if (computed := figures.figures[figure.address.removeprefix("claims.")])
    ]
    if not rows:
        return Block("")
    return Block(
        table(
            "报告所述与计算结果",
            (
                Heading("指标"),
                Heading("报告所述", numeric=True),
                Heading("计算结果", numeric=True),
                Heading("对照"),
            ),
            rows,
        )
    )
