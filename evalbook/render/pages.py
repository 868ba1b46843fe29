"""What the notebooks show: one function for each part of a page.

A notebook opens its page with :func:`open_page` and shows parts in their order. Whatever the narrative of a chapter
holds is shown by :func:`chapter`, with tables and charts where the prose places them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.figures import UNCERTAIN, absence_of
from evalbook.figures.indicators import STOCK_UNITS
from evalbook.render import charts
from evalbook.render.corrections import TABLE_CLASS, corrections_line
from evalbook.render.editions import OF_THE_TOOL, signed_words, status_box, title_state
from evalbook.render.findings import findings_notice
from evalbook.render.markdown import (
    Block,
    Numeric,
    Parts,
    clauses,
    container,
    escape,
    joined,
    number,
    reference,
    table,
    untied,
    with_status,
)
from evalbook.render.parts import periods_table, places_table, splits_table
from evalbook.render.rows import areas, claims, funds_by_level, stated, unit_of
from evalbook.render.score import grade_notice, points_chart, targets_chart
from evalbook.schema.table import programme_of
from evalbook.schema.vocabulary import PENDING
from evalbook.year import CHART, Grid, Reference, Untied
from evalbook.year.chapters import heading_words
from evalbook.year.tables import FUNDS, MONTHLY, PROSE_WITHOUT_TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evalbook.figures import FigureSet
    from evalbook.render.page import Page
    from evalbook.schema import TableRow
    from evalbook.year import Narrative, Placement, Section
    from evalbook.year.narrative import Piece

PAGE_CORRECTIONS = "```{page-corrections}\n```"
"""Place of what the book says of corrections, once it has seen which figures the page shows."""


def _pending(narrative: Narrative) -> str:
    note = "这一部分的文字还没有写好，或者沿用上年、尚未核对。"
    return f"````{{admonition}} {PENDING}\n:class: warning\n\n{note}\n````" if narrative.pending else ""


MARKED_AS_THE_TOOLS = container("compiled", OF_THE_TOOL)
"""Quiet mark above what the tool adds: once above each block, or at the head of a page that is all of the tool."""


def opening(page: Page, title: str) -> Block:
    """Title of a page without prose, who stands behind the year, and that the page is none of the signed text."""
    heading = f"# {escape(title)}"
    return _opened(page, heading, status_box(page.figures), MARKED_AS_THE_TOOLS, PAGE_CORRECTIONS)


def _opened(page: Page, *blocks: str) -> Block:
    """First part of a page, which reports to the runner what the page is of."""
    return Block(joined(*blocks), (("year", page.figures.year.settings.year), ("page", page.name)))


def chapter(page: Page) -> Parts:
    """A whole chapter: title, data status, every section, and tables and charts where the prose places them."""
    narrative = page.narrative
    title = f"# {escape(narrative.title)}"
    first = _opened(page, title, status_box(page.figures), PAGE_CORRECTIONS, _pending(narrative))
    return Parts((first, *(part for section in narrative.sections for part in _parts(page, section))))


def _parts(page: Page, section: Section) -> Iterator[Block | charts.Chart]:
    """Heading and paragraphs of a section, and what stands between them, marked as none of the signed text."""
    written, heading = _paragraphs(page.figures, section), _heading(section)
    begin, marked = 0, False
    for placement in section.placements:
        before = joined(heading, _prose(written[begin : placement.position]))
        heading, begin = "", placement.position
        if before:
            yield Block(before)
            marked = False
        if shown := exhibit(page, placement):
            if not marked:
                yield Block(MARKED_AS_THE_TOOLS)
            marked = True
            yield shown
    if rest := joined(heading, _prose(written[begin:])):
        yield Block(rest)


def _heading(section: Section) -> str:
    return f"## {escape(heading_words(section.heading))}" if section.heading else ""


def _paragraphs(figures: FigureSet, section: Section) -> list[str]:
    """Paragraphs of a section; every reference shows its figure and leads to its lineage, numbers typed have a mark."""

    def shown(piece: Piece) -> str:
        match piece:
            case Reference(name=name):
                figure = figures.named(name)
                assert figure is not None, piece  # noqa: S101  (reading the year has refused unknown names)
                return reference(figure, figures.text_of(name))
            case Untied(text=text):
                return untied(text)
            case Grid(rows=rows):
                return _grid([["".join(map(shown, cell)) for cell in row] for row in rows], piece)
            case str(text):
                return escape(text)

    return [
        f"**{PENDING}**　" * (position in section.pending) + "".join(map(shown, paragraph))
        for position, paragraph in enumerate(section.paragraphs)
    ]


def _prose(written: Sequence[str]) -> str:
    return joined(":::{container} prose", *written, ":::") if written else ""


def _grid(cells: Sequence[Sequence[str]], grid: Grid) -> str:
    """Table that was pasted into the prose; columns have numbers where no row heads them."""
    body = grid.rows[grid.headed :]
    names = cells[0] if grid.headed else [f"第{number}列" for number in range(1, len(cells[0]) + 1)]
    headings = [
        Numeric(name or "—") if all(_is_number(row[place]) for row in body) else name or "—"
        for place, name in enumerate(names)
    ]
    return table(escape(grid.caption) or "正文里的表", headings, cells[grid.headed :])


def _is_number(cell: Sequence[Piece]) -> bool:
    """Whether a cell holds one number, or nothing."""
    return not cell or (len(cell) == 1 and not isinstance(cell[0], str))


def cover(page: Page) -> Block:
    """First page of a year: title, bureau and date as signed, status, key figures, opening prose."""
    settings = page.figures.year.settings
    preface = page.figures.year.narrative.get(PROSE_WITHOUT_TITLE)
    corrected = corrections_line(page.figures)
    return _opened(
        page,
        f"# {escape(''.join(settings.title) + title_state(page.figures.year))}",
        container("imprint", f"{escape(settings.bureau)}\n\n（{signed_words(page.figures.year)}）"),
        status_box(page.figures),
        MARKED_AS_THE_TOOLS,
        grade_notice(page.figures),
        findings_notice(page.figures),
        container("status", corrected) if corrected else "",
        PAGE_CORRECTIONS,
        _pending(preface) if preface else "",
        *(
            joined(_heading(part), _prose(_paragraphs(page.figures, part)))
            for part in (preface.sections if preface else ())
        ),
        "## 目录\n\n```{tableofcontents}\n```",
    )


def funds_table(page: Page) -> Block:
    """Funds by level and item, with totals and shares."""
    figures = page.figures
    listed = funds_by_level(figures)
    if not listed:
        return Block("")
    told = _told_of_funds([row for _, row, _ in listed])
    rows: list[Sequence[str]] = []
    words: dict[str, str] = {}
    for level, row, figure in listed:
        words.setdefault(level, row.said("level"))
        share = figure.address.replace("funds.", "funds_share.", 1)
        cells = (number(figures, figure.address, "万元"), number(figures, share))
        rows.append((escape(programme_of(row).name), *_said(row, told), *cells))
    apart = ("—",) * (len(told) - 1)
    for level, word in words.items():
        addresses = (f"{family}.{level}" for family in ("funds_total", "funds_share"))
        rows.append((f"**{word}合计**", word, *apart, *(number(figures, address) for address in addresses)))
    rows.append(("**总额**", "—", *apart, number(figures, "funds_total.all"), "—"))
    caption = "资金安排（按级次和项目；比重：项目占本级资金，合计占资金总额）"
    headings = ("项目", *told.values(), Numeric("金额（万元）"), Numeric("比重（%）"))
    return Block(joined(table(caption, headings, rows), _funds_left(figures)))


def _told_of_funds(rows: Sequence[TableRow]) -> dict[str, str]:
    """Columns of funds that say something of any row, with their headings; the level stays in a year without funds."""
    used = [name for name in ("batch", "document", "marks") if any(row.said(name) for row in rows)]
    return {name: FUNDS.column(name).heading for name in ("level", *used)}


def _said(row: TableRow, columns: Iterable[str]) -> Iterator[str]:
    return (escape(row.said(name)) or "—" for name in columns)


def _funds_left(figures: FigureSet) -> str:
    """What else is stated of funds: received, left over, recalled; in no total."""
    listed = [(row, figure) for row, figure in stated(figures, "funds") if row.said("aspect")]
    told = _told_of_funds([row for row, _ in listed])
    rows = [
        (
            escape(programme_of(row).name),
            row.said("aspect"),
            *_said(row, told),
            number(figures, figure.address, "万元"),
        )
        for row, figure in listed
    ]
    headings = ("项目", "统计项", *told.values(), Numeric("金额（万元）"))
    return table("资金的到位、结余和结转（不在合计内）", headings, rows) if rows else ""


def programme_table(page: Page) -> Block:
    """Spending, people, standard, stated and computed level of every programme."""
    figures = page.figures
    used = {programme_of(row) for name in ("spending", "people") for row in figures.year.tables[name].rows}
    rows: list[Sequence[str]] = []
    for programme in figures.year.registries.programmes.values():
        if programme in used:
            code = programme.code
            people = figures.figures.get(f"people.{code}") or figures.figures.get(f"headcount.{code}")
            spent = escape(programme.name), _spending(figures, code), reference(people) if people else "—"
            standard = number(figures, f"standard_month.{code}.standard")
            level = number(figures, f"standards.{code}.level", "元/月")
            computed = (number(figures, f"{family}.{code}") for family in ("level", "average"))
            rows.append((*spent, standard, level, *computed))
    if not rows:
        return Block("")
    rows.append(("**合计**", number(figures, "spending_total.all"), *["—"] * 5))
    given = ("累计支出（万元）", "保障对象（单位见数字）", "保障标准（元/月）")
    levels = ("报告所述人均救助水平（元/月）", "人均月支出，计算（元/人·月）", "次均支出，计算（元/次）")
    headings = ("项目", *map(Numeric, (*given, *levels)))
    return Block(table("支出、保障对象、标准与水平（按项目）", headings, rows, "wide"))


def _spending(figures: FigureSet, code: str) -> str:
    """Spending of a programme; where people are stated without it, what the lineage of its level tells."""
    without = figures.figures.get(f"level.{code}") or figures.figures.get(f"average.{code}")
    if f"spending.{code}" not in figures.figures and without and without.value is None:
        return reference(without, without.absence)
    return number(figures, f"spending.{code}", "万元")


def people_table(page: Page) -> Block:
    """People by programme and form of support."""
    rows = []
    for row, figure in stated(page.figures, "people"):
        counted = "，".join(filter(None, (*row.splits.values(), row.said("aspect")))) or "全部"
        shown = row.said("counting"), number(page.figures, figure.address), escape(unit_of(row).symbol)
        rows.append((escape(programme_of(row).name), counted, *shown))
    headings = ("项目", "保障形式、统计项", "口径", Numeric("数量"), "单位")
    return Block(table("保障对象（按项目和保障形式）", headings, rows) if rows else "")


def execution_table(page: Page) -> Block:
    """Funds against spending by area."""
    figures = page.figures
    compared = [
        (escape(name), f"{area}.funds", f"{area}.spending", f"execution.{area}")
        for name, area in areas(figures)
    ]
    compared.append(("**合计**", "funds_total.all", "spending_total.all", "execution.all"))
    rows = [(name, *(number(figures, address) for address in addresses)) for name, *addresses in compared]
    headings = ("领域", Numeric("资金（万元）"), Numeric("支出（万元）"), Numeric("支出与资金之比（%）"))
    return Block(table("资金与支出（按领域）", headings, rows))


def standards_table(page: Page) -> Block:
    """Standards and tiers of the year, as stated and in comparable units."""
    figures = page.figures
    rows: list[Sequence[str]] = []
    for row, figure in stated(figures, "standards"):
        of = figure.address.removeprefix("standards.")
        converted = (number(figures, f"{family}.{of}") for family in ("standard_month", "standard_year"))
        measure = escape(row.said("measure"))
        rows.append((escape(programme_of(row).name), measure, reference(figure), *converted))
    for row, figure in stated(figures, "tiers"):
        monthly = number(figures, figure.address, "元/月")
        tier = f"{row.said('tier')}标准"
        rows.append((escape(programme_of(row).name), tier, reference(figure), monthly, "—"))
    headings = ("项目", "指标", Numeric("报告所述"), Numeric("折合（元/月）"), Numeric("折合（元/年）"))
    return Block(table("标准、档次与报告所述水平", headings, rows) if rows else "")


def actions_table(page: Page) -> Block:
    """Numbers of the year's work, with the section that speaks of them."""
    rows = []
    for row, figure in stated(page.figures, "actions"):
        measure, chapter = (escape(row.said(name)) for name in ("measure", "chapter"))
        rows.append((measure, number(page.figures, figure.address), escape(unit_of(row).symbol), chapter))
    return Block(table("年度工作的数字", ("指标", Numeric("数值"), "单位", "章节"), rows) if rows else "")


def monthly_table(page: Page) -> Block:
    """Months of every programme in all places, with what follows from them; nothing where there are none."""
    figures = page.figures
    data = figures.year.tables[MONTHLY.name]
    given = {row.number: {s.column.name: s.address for s in MONTHLY.statements(row)} for row in data.rows}
    measures = [m for m in MONTHLY.measures if any(m.column in told for told in given.values())]
    rows: list[Sequence[str]] = []
    for programme in dict.fromkeys(programme_of(row) for row in data.rows):
        own = sorted(
            (row for row in data.rows if row.programme == programme),
            key=lambda row: getattr(row.cells["month"], "first", 0),
        )
        for row in own:
            addresses = (given[row.number].get(m.column, "") for m in measures)
            numbers = (
                number(figures, address, m.unit or "万元")
                for m, address in zip(measures, addresses, strict=True)
            )
            level = number(figures, f"month_level.{MONTHLY.codes(row, MONTHLY.key)}")
            rows.append(
                (escape(programme.name), f"{getattr(row.cells['month'], 'first', '')}月", *numbers, level)
            )
        for title, families, level in (
            ("月均", {"people": "monthly_average", "households": "monthly_average"}, "monthly_level"),
            ("合计", {m.column: "monthly_total" for m in measures if m.column not in STOCK_UNITS}, ""),
        ):
            sums = [
                number(figures, f"{families.get(m.column)}.{programme.code}.{m.column}") for m in measures
            ]
            last = number(figures, f"{level}.{programme.code}")
            rows.append((escape(programme.name), f"**{title}**", *sums, last))
    units = (f"{m.noun}（{m.unit or '万元'}）" for m in measures)
    headings = ("项目", "月份", *map(Numeric, (*units, "人均支出（元/人·月）")))
    return Block(table("各月的人数、支出和进出（按项目）", headings, rows, "wide") if rows else "")


def documents_table(page: Page) -> Block:
    """Policy documents that the report cites."""
    rows = []
    absent = absence_of(page.figures.year.settings)
    for texts in (row.texts for row in page.figures.year.tables["documents"].rows):
        named = (texts["title"], texts["issuer"], *(texts[name] or absent for name in ("number", "year")))
        said = clauses(texts["pending"], texts["note"]) or "—"
        rows.append([*map(escape, (*named, texts["chapter"], said))])
    headings = ("标题", "发文机关", "文号", "年份", "章节", "说明")
    classes = f"wide stacked {TABLE_CLASS}documents"
    return Block(table("报告引用的文件", headings, rows, classes) if rows else "")


def claims_table(page: Page) -> Block:
    """Figures that the signed report states beside those computed from its items."""
    agreed = {True: "一致", False: "**不一致**", None: "—"}
    # Both columns are what the report prints or adds up to: that they differ is certain, that they agree is not.
    rows = [
        (
            escape(name),
            reference(claim),
            with_status(reference(computed, computed.text), "", questioned=computed.doubt),
            UNCERTAIN if agrees and computed.doubt else agreed[agrees],
        )
        for name, claim, computed in claims(page.figures)
        for agrees in [page.figures.agrees(claim.address)]
    ]
    headings = ("指标", Numeric("报告所述"), Numeric("计算结果"), "对照")
    return Block(table("报告所述与计算结果", headings, rows) if rows else "")


CHARTS = {
    "funds": charts.funds_chart,
    "execution": charts.execution_chart,
    "spending": charts.spending_chart,
    "people": charts.people_chart,
    "level": charts.level_chart,
    "tiers": charts.tiers_chart,
    "actions": charts.actions_chart,
    "monthly_people": charts.monthly_people_chart,
    "monthly_spending": charts.monthly_spending_chart,
}
TABLES = {
    "funds": funds_table,
    "programmes": programme_table,
    "people": people_table,
    "execution": execution_table,
    "standards": standards_table,
    "actions": actions_table,
    "documents": documents_table,
    "splits": splits_table,
    "places": places_table,
    "periods": periods_table,
    "months": monthly_table,
}
SCORE_CHARTS = {"points": points_chart, "targets": targets_chart}


def chart(page: Page, name: str) -> charts.Chart | Block:
    """Chart of a name; nothing while the year has no figure for it."""
    return {**CHARTS, **SCORE_CHARTS}[name](page.figures) or Block("")


def exhibit(page: Page, placement: Placement) -> Block | charts.Chart | None:
    """Table or chart that the prose places; None while the year has nothing to show in it."""
    if placement.kind == CHART:
        return CHARTS[placement.key](page.figures)
    shown = TABLES[placement.key](page)
    return shown if shown.markdown else None


def drawings(figures: FigureSet) -> list[charts.Drawing]:
    """Drawings of all charts of a year."""
    drawn = (draw(figures) for draw in (*CHARTS.values(), *SCORE_CHARTS.values()))
    return [drawing for chart in drawn if chart for drawing in (chart.wide, chart.narrow)]
