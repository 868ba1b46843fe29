"""Pages that belong to no year: the years at a glance, glossary, methods, data dictionary, registries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.figures import DEFINITIONS
from evalbook.frameworks.tables import EVENT_SETTINGS, FRAMEWORK_SETTINGS, INDICATORS
from evalbook.render.annex import method_label
from evalbook.render.editions import edition_and_status, title_state
from evalbook.render.exports import report_name
from evalbook.render.findings import limits_tables
from evalbook.render.markdown import card, clauses, download, escape, joined, table
from evalbook.render.rows import unit_of
from evalbook.render.summary import key_figures
from evalbook.render.tidy import FIELDS
from evalbook.schema.registry_tables import REGISTRIES
from evalbook.schema.table import programme_of
from evalbook.schema.vocabulary import AREA_WIDE, OWN
from evalbook.year import EXHIBITS
from evalbook.year.tables import SETTINGS, TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evalbook.figures import Definition, FigureSet
    from evalbook.schema import Limit, Programme, Requirement, Term, Unit
    from evalbook.schema.registry import Category
    from evalbook.schema.table import Column, Table
    from evalbook.year import FiscalYear


def years_overview(years: Sequence[FigureSet]) -> str:
    """Every year with who stands behind it and its key figures, newest first.

    Years that somebody approved lead; drafts of a year to come stand below the rest.
    """
    ranks = (lambda a: a.approved, lambda a: not (a.approved or a.draft), lambda a: a.draft)
    newest_first = sorted(years, key=lambda f: -f.year.settings.year)
    listed = [f for rank in ranks for f in newest_first if rank(f.year.authority)]
    return joined(*map(_year, listed))


def _year(figures: FigureSet) -> str:
    settings = figures.year.settings
    title = "".join(escape(line) for line in settings.title)
    return joined(
        f"## {settings.year}年度{escape(title_state(figures.year))}",
        f"[{title}](/years/{settings.year}/index)（{escape(settings.bureau)}）",
        escape(edition_and_status(figures)),
        key_figures(figures, f"{settings.year}/"),
        f"[{settings.year}年度摘要](/years/{settings.year}/summary)，"
        f"{download(f'years/{settings.year}/{report_name(figures)}', f'{settings.year}年度报告（PDF）')}，"
        f"[{settings.year}年度数据下载](/years/{settings.year}/downloads)",
    )


def glossary(years: Sequence[FigureSet]) -> str:
    """Glossary: programmes as the registry explains them, then the terms; definition, unit and source."""
    registries = max(years, key=lambda figures: figures.year.settings.year).year.registries
    explained = (programme for programme in registries.programmes.values() if programme.note)
    programmes = [(p.name, p.note, "、".join(_units_of(years, p)), _marked(p.source, p)) for p in explained]
    terms = [(t.name, t.definition, t.unit, _marked(t.source, t)) for t in registries.glossary]
    return joined("## 项目", _entries(programmes), "## 其他术语", _entries(terms))


def _units_of(years: Sequence[FigureSet], programme: Programme) -> list[str]:
    """Units in which any year states money or people of a programme."""
    tables = [figures.year.tables[name].rows for figures in years for name in ("funds", "spending", "people")]
    used = (unit_of(row).symbol for rows in tables for row in rows if programme_of(row) == programme)
    return list(dict.fromkeys(used))


def _entries(listed: Sequence[tuple[str, str, str, str]]) -> str:
    lines = ["~~~~{glossary}"]
    for name, definition, unit, source in listed:
        facts = clauses(f"单位：{unit}" if unit else "", f"出处：{source}")
        lines += [escape(name), f"  {escape(definition)}。\n", f"  {escape(facts)}。\n"]
    return "\n".join([*lines, "~~~~"])


def methods(years: Sequence[FigureSet]) -> str:
    """Card of every family of indicators: what it is, how it is computed, by which rule, when it is missing."""
    units = max(years, key=lambda figures: figures.year.settings.year).units.units
    return joined(*(_method(definition, units) for definition in DEFINITIONS))


def _method(definition: Definition, units: Mapping[str, Unit]) -> str:
    unit = units.get(definition.unit)
    facts = (
        ("地址", f"`{definition.code}.…`"),
        ("单位", escape(definition.unit) + (f"，显示{unit.digits}位小数" if unit else "")),
        ("公式", escape(definition.formula)),
        ("含义", escape(definition.meaning)),
        ("依据", escape(definition.source)),
        ("何时为缺", escape(definition.undefined)),
    )
    return card(method_label(definition.code), definition.title, facts)


def exhibits() -> str:
    """Tables and charts that prose can place, by the line that places them."""
    rows = [
        (f"`【{one.kind}：{one.name}】`", escape(one.holds), "、".join(map(escape, one.aliases)) or "—")
        for one in EXHIBITS
    ]
    return table("可以放的图和表", ("写法", "显示什么", "也认得的名称"), rows)


def dictionary() -> str:
    """Data dictionary: every file and column, from the schema; then those of the file that readers download."""
    events = "“等次限制”和“否决”的每一条，写在 framework.yml 里"
    fields = [
        (escape(f.heading), "必有" if f.required else "可空", escape(f.help), f"`{f.name}`") for f in FIELDS
    ]
    return joined(
        "## 年度文件夹里的文件",
        _columns("year.yml", "年度信息", "年度的基本信息；每行“名称: 内容”", SETTINGS),
        *map(_columns_of, TABLES),
        "## 评价框架文件夹里的文件",
        _columns("framework.yml", "评价框架", "一个评分办法；每行“名称: 内容”", FRAMEWORK_SETTINGS),
        _columns("framework.yml", "等次限制和否决", events, EVENT_SETTINGS),
        _columns_of(INDICATORS),
        "## 各年共用的登记表",
        *map(_columns_of, REGISTRIES),
        "## 下载的文件",
        "### 全部数字（figures-年度.csv）",
        "每个年度的“数据下载”页提供，一行一个数字；由程序写出，不用填。",
        table("figures-年度.csv 的列", ("列名", "必有", "说明", "英文名"), fields, "dictionary stacked"),
    )


def _columns_of(data: Table) -> str:
    return _columns(f"{data.name}.csv", data.title, data.help, data.columns, required=data.required)


def _columns(file: str, title: str, text: str, columns: Sequence[Column], *, required: bool = True) -> str:
    rows = []
    for column in columns:
        filled = "必填" if column.required else "可空"
        told = (column.heading, filled, column.kind.name, column.help, column.example)
        rows.append((*map(escape, told), f"`{column.name}`"))
    headings = ("列名", "必填", "填什么", "说明", "例子", "英文名")
    listed = table(escape(f"{file} 的列"), headings, rows, "dictionary stacked")
    optional = "" if required else "可以没有这个文件。"
    return joined(f"### {escape(title)}（{escape(file)}）", f"{escape(text)}。{optional}", listed)


def _programme_note(programme: Programme) -> str:
    """What a programme is, and what the checks must know of it."""
    known = {"又称": programme.aliases, "可能已含在": programme.may_be_within}
    facts = {**known, "应列级次": programme.proper_levels}.items()
    return clauses(programme.note, *(f"{name}：{'、'.join(listed)}" for name, listed in facts if listed))


def _marked(text: str, entry: Category | Programme | Unit | Term | Limit | Requirement) -> str:
    """Text with the word that the project has registered it, and not the tool."""
    return f"{text}{OWN}" if entry.own else text


def registry_tables(year: FiscalYear) -> str:
    """Programmes, their groups and units that a year's tables may name, limits and requirements that the checks know."""
    registries, settings = year.registries, year.settings
    here = {AREA_WIDE, settings.province, settings.city, settings.county, *registries.localities}

    def cells(*texts: str) -> tuple[str, ...]:
        return tuple(escape(text) or "—" for text in texts)

    programmes = [
        cells(_marked(p.name, p), p.code, p.parent, p.kind, p.system, _programme_note(p), p.source)
        for p in registries.programmes.values()
    ]
    units = [
        cells(_marked(u.symbol, u), u.category, u.definition, str(u.digits), u.note)
        for u in registries.units.values()
    ]
    requirements = [
        cells(_marked(r.content, r), "、".join(r.addresses), "、".join(r.words), r.example, r.source)
        for r in registries.requirements
    ]
    areas, families = (
        [cells(_marked(c.name, c), c.code, c.note, c.source) for c in categories.values()]
        for categories in (registries.areas, registries.families)
    )
    grouped = ("名称", "代码", "说明", "出处")
    asked = ("要求的内容", "看哪些数字", "看哪些文字", "怎样写", "出处")
    listed = ("名称", "代码", "上级项目", "类型", "体系", "说明", "出处")
    return joined(
        "## 项目",
        table("项目登记表", listed, programmes, "wide registry"),
        "## 领域和类别",
        table("领域登记表", grouped, areas, "registry stacked"),
        table("类别登记表", grouped, families, "registry stacked"),
        "## 单位",
        table("单位登记表", ("单位", "类别", "换算", "小数位", "说明"), units, "wide"),
        "## 参考界限",
        limits_tables(registries.limits, here),
        "## 报告要求",
        table("报告要求表", asked, requirements, "registry stacked"),
    )
