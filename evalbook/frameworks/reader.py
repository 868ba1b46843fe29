"""Read a scoring framework: ``framework.yml`` and ``indicators.csv``, with every problem named by file, row and column."""

from __future__ import annotations

import difflib
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from evalbook.errors import EvalbookError, Problem, Problems
from evalbook.frameworks.framework import (
    BASE,
    EXECUTION_INPUTS,
    INITIAL_BUDGET,
    KINDS_BY_NAME,
    NAMED,
    NOT_FOUND,
    OUTSIDE,
    Band,
    Bounds,
    Event,
    Framework,
    Grade,
    Indicator,
    Level,
    Parameter,
    PartPoints,
    RuleKind,
    Value,
    bounds_of,
    faults_of,
)
from evalbook.frameworks.tables import EVENT_SETTINGS, FRAMEWORK_SETTINGS, INDICATORS
from evalbook.schema.kinds import FRAMEWORK_NAME, NAME, NUMERIC, TEXT, Day, number_of
from evalbook.schema.numbers import normalise_number
from evalbook.schema.reader import read_table
from evalbook.schema.registry import Registries
from evalbook.schema.registry_reader import read_registries
from evalbook.schema.settings import load_mapping, read_keys
from evalbook.schema.text import clean, project_path, quote
from evalbook.schema.unread import unread_files
from evalbook.shipped import FRAMEWORKS, NATIONAL, layers, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from evalbook.schema.table import TableRow

SETTINGS_FILE = "framework.yml"
FUND_ROWS = 6
MAPPED = {"parts", "grades", "levels"}
EVENTS = {"caps", "vetoes"}
SETTING_TEXTS = ("title", "number", "issuer", "subject", "inverse", "zero_budget", "source", "note")
INDICATOR_TEXTS = (
    "code", "part", "group", "title", "origin", "comparison", "target", "evidence", "text", "source", "note",
)  # fmt: skip
"""Columns that a framework and its indicators take as they are written."""
CENT = Decimal(100)
NO_REGISTRIES = Registries({}, {}, ())
T = TypeVar("T")


def framework_folder(root: Path, name: str) -> Path:
    """Folder of a framework: the project's own, else that of the tool."""
    return nearest(root, f"{FRAMEWORKS}/{name}") if name in NATIONAL else root / FRAMEWORKS / name


def frameworks(root: Path) -> tuple[str, ...]:
    """Names of the frameworks that there are: the national ones, and the project's own."""
    folder = root / FRAMEWORKS
    own = {path.name for path in (folder.iterdir() if folder.is_dir() else ()) if path.is_dir()}
    return tuple(sorted(name for name in own.union(NATIONAL) if not name.startswith(".")))


def _is_own(root: Path, name: str) -> bool:
    """Whether a framework is the project's own: none of the tool's, or other than that."""
    if name not in NATIONAL:
        return True
    return any(
        len({path.read_bytes() for path in layers(root, f"{FRAMEWORKS}/{name}/{file.name}")}) > 1
        for file in framework_files(root, name)
    )


def existing_framework(root: Path, name: str) -> Path:
    """Folder of a framework.

    Raises
    ------
    EvalbookError
        There is none of that name.
    """
    listed = frameworks(root)
    if name not in listed:
        similar = difflib.get_close_matches(name, listed, n=1)
        hint = f"是不是“{similar[0]}”？" if similar else ""
        have = "、".join(listed) or "还没有"
        raise EvalbookError(
            f"data/frameworks 里没有评价框架{quote(name)}。{hint}（现有：{have}）新建请运行：evalbook framework new 名称"
        )
    return framework_folder(root, name)


def framework_files(root: Path, name: str) -> tuple[Path, Path]:
    """The two files of a framework: what it is, and its indicators."""
    folder = framework_folder(root, name)
    return folder / SETTINGS_FILE, folder / f"{INDICATORS.name}.csv"


def new_framework(root: Path, name: str) -> str:
    """Make the folder of a framework, empty, with the explanation of every key.

    Returns
    -------
    str
        Path of the folder inside the project.

    Raises
    ------
    EvalbookError
        The name cannot be used, or exists already.
    """
    if not FRAMEWORK_NAME.accepts(name, Registries({}, {}, ())):
        raise EvalbookError(
            f"{quote(name)}不能作名称：应以小写英文字母开头，只含小写字母、数字和连字符，如 hunan-2021。"
        )
    folder = root / FRAMEWORKS / name
    if name in frameworks(root):
        if not folder.exists():
            raise EvalbookError(f"{name} 是程序自带的评价框架，没有新建。本县另有办法的，请换一个名称。")
        raise EvalbookError(f"data/frameworks/{name} 已经有了，没有改动它。")
    headings = ",".join(column.heading for column in INDICATORS.columns)
    with tempfile.TemporaryDirectory(dir=root / "data", prefix=".new-") as scratch:
        made = Path(scratch) / name
        made.mkdir()
        (made / SETTINGS_FILE).write_text(_template(name), encoding="utf-8", newline="")
        (made / f"{INDICATORS.name}.csv").write_text(f"{headings}\r\n", encoding="utf-8-sig", newline="")
        folder.parent.mkdir(exist_ok=True)
        made.rename(folder)
    return project_path(root, folder)


def _template(name: str) -> str:
    """``framework.yml`` with every key explained and none filled in."""
    lines = [f"# 评价框架。冒号后留一个空格；没有的留空。填好后运行：evalbook framework check {name}"]
    for column in FRAMEWORK_SETTINGS:
        below = [column.example] if column.name in MAPPED else []
        if column.name == "fund_rows":
            below = [f"- {column.example}"]
        elif column.name in EVENTS:
            below = [f"  {part.heading}: {part.example}" for part in EVENT_SETTINGS]
            below[0] = f"- {below[0].lstrip()}"
        needed = "必填" if column.required else "可空"
        lines.append(f"# {column.help}（{needed}），例如" + ("" if below else f" {column.example}"))
        lines += [f"#   {line}" for line in below]
        lines.append(f"{column.heading}:")
    return "\n".join(lines) + "\n"


def read_framework(
    root: Path, name: str, registries: Registries
) -> tuple[Framework | None, list[Problem], list[str]]:
    """Read and validate one framework.

    Returns
    -------
    tuple of (Framework or None), list of Problem, list of str
        The framework, None when it cannot be used; everything to mend; everything to know.

    Raises
    ------
    EvalbookError
        There is no framework of that name.
    """
    folder = existing_framework(root, name)
    path, rows = framework_files(root, name)
    file = project_path(root, path)
    loaded, problems, notices = load_mapping(root, path)
    data, more, told = read_table(root, rows, INDICATORS, registries)
    problems += more
    notices += told
    unread = unread_files(root, folder, [INDICATORS], path.name)
    problems = unread.with_others(problems)
    notices += unread.notices
    if not FRAMEWORK_NAME.accepts(name, NO_REGISTRIES):
        named = Problems(f"data/frameworks/{clean(name)}")
        named.add(0, "", f"文件夹的名称是{quote(name)}", FRAMEWORK_NAME.expected, "给文件夹改名")
        problems += named
    of_settings, of_rows = Problems(file), Problems(data.file)
    settings = _settings(of_settings, loaded) if loaded is not None else None
    indicators = tuple(_indicator(of_rows, row, settings) for row in data.rows)
    problems += [*of_settings, *of_rows]
    if settings is None:
        return None, problems, notices
    made = replace(settings, name=name, indicators=indicators, own=_is_own(root, name))
    problems += _settings_problems(made)
    # A row that lacks its points or is of no known part would be missed in every sum.
    summed = {"", *(INDICATORS.column(name).heading for name in ("part", "points", "weight", "kinds"))}
    if data.complete and not any(p.file == data.file and p.column in summed for p in problems):
        problems += _total_problems(made, data.file)
    return None if problems else made, problems, notices


def examine_framework(root: Path, name: str) -> tuple[Framework | None, list[Problem], list[str]]:
    """Read one framework on its own, the registries first.

    Returns
    -------
    tuple of (Framework or None), list of Problem, list of str
        As :func:`read_framework` gives.

    Raises
    ------
    EvalbookError
        There is no framework of that name.
    """
    existing_framework(root, name)
    registries, problems, notices = read_registries(root)
    if problems:  # without them every unit would be reported as unknown
        return None, problems, notices
    framework, problems, told = read_framework(root, name, registries)
    return framework, problems, [*notices, *told]


def _settings(problems: Problems, loaded: Mapping[str, Any]) -> Framework | None:
    """``framework.yml`` as a framework without indicators; None where there is something to mend."""
    nested = {c.name: c.heading for c in FRAMEWORK_SETTINGS if c.name in MAPPED | EVENTS}
    cells, more = read_keys(problems.file, loaded, FRAMEWORK_SETTINGS, {"fund_rows": FUND_ROWS}, nested)
    problems += more
    pairs = {key: _pairs(problems, nested[key], loaded.get(nested[key])) for key in sorted(MAPPED)}
    events = {key: _events(problems, nested[key], loaded.get(nested[key])) for key in sorted(EVENTS)}
    parts = _parts(problems, pairs["parts"])
    grades = _named_bounds(problems, "等次", pairs["grades"])
    levels = _named_bounds(problems, "定性等级", pairs["levels"])
    total = cells.get("total")
    if problems or not isinstance(total, Decimal):
        return None

    def given(kind: type[T], key: str) -> T | None:
        value = cells.get(key)
        return value if isinstance(value, kind) else None

    return Framework(
        name="",
        start=given(Day, "start"),
        end=given(Day, "end"),
        total=total,
        complete=cells["complete"] == "是",
        parts=parts,
        grades=tuple(Grade(named, within) for named, within in grades),
        relative=cells.get("relative") == "是",
        caps=events["caps"],
        vetoes=events["vetoes"],
        most_bonus=given(Decimal, "most_bonus"),
        most_penalty=given(Decimal, "most_penalty"),
        digits=given(int, "digits"),
        explained_from=given(Decimal, "explained_from"),
        levels=tuple((named, Band(b, b.low or Decimal(0), b.high or CENT)) for named, b in levels),
        fund_rows=given(tuple, "fund_rows") or (),
        indicators=(),
        file=problems.file,
        own=False,
        **{key: str(cells.get(key) or "") for key in SETTING_TEXTS},
    )


# -- framework.yml


def _pairs(problems: Problems, heading: str, value: Any) -> dict[str, str]:
    """Names and texts below a key; none where one of them cannot be used."""
    if not value or value == "[]":
        return {}
    if not isinstance(value, dict) or not all(isinstance(text, str | None) for text in value.values()):
        expected = "一行一个“名称: 内容”，前面空两格"
        problems.add(0, heading, "不是一行一个“名称: 内容”", expected, "照别的 framework.yml 改写")
        return {}
    pairs = {str(key).strip(): str(text or "").strip() for key, text in value.items()}
    wrong = [n for n in pairs if not (NAME.accepts(n, NO_REGISTRIES) and TEXT.accepts(n, NO_REGISTRIES))]
    for name in wrong:
        problems.add(0, heading, f"名称写的是{quote(name)}", NAME.expected, NAME.remedy)
    return {} if wrong else pairs


def _events(problems: Problems, heading: str, value: Any) -> tuple[Event, ...]:
    if not value or value == "[]":
        return ()
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        expected = "每种情形以“- 代码: ”开头，下面写情形、等次、出处"
        problems.add(0, heading, "不是一条一条的情形", expected, "照别的 framework.yml 改写")
        return ()
    events = []
    for number, entry in enumerate(value, start=1):
        cells, found = read_keys(problems.file, entry, EVENT_SETTINGS, {})
        problems += [replace(p, column=f"{heading}第{number}条/{p.column}") for p in found]
        if not found:
            events.append(Event(**{name: str(text) for name, text in cells.items()}))
    return tuple(events)


def _parts(problems: Problems, pairs: Mapping[str, str]) -> tuple[PartPoints, ...]:
    parts = []
    for name, written in pairs.items():
        text = normalise_number(written)
        if not text or NUMERIC.accepts(text, NO_REGISTRIES):
            parts.append(PartPoints(name, Decimal(text) if text else None))
        else:
            remedy = "只写数字；没有查到的留空"
            problems.add(0, f"部分/{name}", f"写的是{quote(text)}", NUMERIC.expected, remedy)
    return tuple(parts)


def _named_bounds(
    problems: Problems, heading: str, pairs: Mapping[str, str]
) -> tuple[tuple[str, Bounds], ...]:
    read = {name: bounds_of(text) for name, text in pairs.items()}
    for name in (name for name, bounds in read.items() if bounds is None):
        found = f"写的是{quote(pairs[name])}" if pairs[name] else "没有填写"
        expected = "“80（含）至90（不含）”“90（含）以上”或“60（不含）以下”这样的写法"
        problems.add(0, f"{heading}/{name}", found, expected, "写明两端，含不含都写上")
    return tuple((name, bounds) for name, bounds in read.items() if bounds is not None)


def _settings_problems(framework: Framework) -> Problems:
    """Grades and levels that overlap or leave a hole, caps and vetoes to grades that do not exist, days in disorder."""
    problems = Problems(framework.file)
    covering = (
        ("等次", tuple(grade.bounds for grade in framework.grades), framework.total),
        ("定性等级", tuple(band.bounds for _, band in framework.levels), CENT),
    )
    for heading, listed, most in covering:
        for fault in faults_of(listed, Decimal(0), most):
            expected = f"从0（含）到{most:f}（含）各有且只有一个着落"
            problems.add(0, heading, fault, expected, "核对各级的界限和含不含")
        lows = [bounds.low or Decimal(0) for bounds in listed]
        if lows != sorted(lows, reverse=True):
            problems.add(0, heading, f"“{listed[0]}”写在最前", "从高到低", "把界限高的写在前面")
    if not framework.total:
        problems.add(0, "总分", "写的是“0”", "大于0的数字", "核对满分")
    if framework.explained_from is not None and framework.explained_from < CENT:
        found, remedy = f"写的是“{framework.explained_from:f}”", "改正或留空：没有达到目标的本来就要说明"
        problems.add(0, "须说明的完成率", found, "不小于100的百分数", remedy)
    if not framework.levels and any(k.code == "qualitative" for i in framework.indicators for k in i.kinds):
        found = "没有填写，有的指标却按“定性”计分"
        problems.add(0, "定性等级", found, "一行一个“名称: 界限”", "照办法写明各级的界限")
    names = [grade.name for grade in framework.grades]
    seen: set[str] = {indicator.code for indicator in framework.indicators}
    for heading, events in (("等次限制", framework.caps), ("否决", framework.vetoes)):
        for event in events:
            place = f"{heading}/{event.code}"
            if event.grade not in names:
                expected = f"“等次”里的一个：{'、'.join(names)}" if names else "先写明等次"
                problems.add(0, place, f"写的是{quote(event.grade)}", expected, "核对等次的名称")
            if event.code in seen:
                problems.add(0, place, "代码重复", "不与别的情形和指标重复", "换一个代码")
            seen.add(event.code)
    if framework.start and framework.end and framework.start.first > framework.end.last:
        found = f"{framework.end}早于{framework.start}"
        problems.add(0, "截止日期", found, "不早于起始日期", "核对日期")
    return problems


# -- indicators.csv


Tell = Callable[[str, str, str, str], None]
"""``told(heading, found, expected, remedy)`` notes a problem of the row."""


def _indicator(problems: Problems, row: TableRow, framework: Framework | None) -> Indicator:
    """One row, against what ``framework.yml`` says where that could be read."""
    told = partial(problems.add, row.number)
    kinds = _kinds(row.said("kinds"), told)
    points = _points(row, kinds, framework, told)
    parameters = _parameters(row.said("parameters"), kinds, told) if kinds else {}
    _check_parameters(kinds, parameters, points, told)
    _check_target(kinds, row, told)
    indicator = Indicator(
        points=points,
        kinds=kinds,
        parameters={name: value for name, value in parameters.items() if value is not None},
        written=row.said("parameters"),
        unit=row.symbol,
        sources={},
        row=row.number,
        **{name: row.said(name) for name in INDICATOR_TEXTS},
    )
    return replace(indicator, sources=_sources(row.said("sources"), indicator, told) if kinds else {})


def _kinds(text: str, told: Tell) -> tuple[RuleKind, ...]:
    """Kinds that a cell names; none where one of them is not known."""
    words = [word.strip() for word in re.split(r"[+＋]", text) if word.strip()]
    unknown = [word for word in words if word not in KINDS_BY_NAME]
    for word in unknown:
        similar = difflib.get_close_matches(word, KINDS_BY_NAME, n=1, cutoff=0.4)
        remedy = "从中选一个；几种叠加的用“＋”连接" + (f"；是不是“{similar[0]}”" if similar else "")
        told("记分方法", f"写的是{quote(word)}", "、".join(KINDS_BY_NAME), remedy)
    if not words and text:
        told("记分方法", f"写的是{quote(text)}", "、".join(KINDS_BY_NAME), "从中选一个")
    kinds = () if unknown else tuple(KINDS_BY_NAME[word] for word in words)
    _check_stack(kinds, told)
    return kinds


def _points(
    row: TableRow, kinds: tuple[RuleKind, ...], framework: Framework | None, told: Tell
) -> Decimal | None:
    """Points of a row, whichever way they are stated."""
    points, weight = row.parsed(Decimal, "points"), row.parsed(Decimal, "weight")
    origin = row.said("origin")
    outside = any(kind.stage == OUTSIDE for kind in kinds)
    if row.texts["points"].strip() and row.texts["weight"].strip():
        found = f"分值{clean(row.texts['points'])}和权重{clean(row.texts['weight'])}都填了"
        told("权重", found, "只填一个", "删去一个：两个都填，会把权重乘两次")
    elif weight is not None:
        points = framework.total * weight / 100 if framework else None
    stated = any(row.texts[name].strip() for name in ("points", "weight"))
    if outside:
        if stated:
            told("分值", "总分之外的加分、减分写了分值", "留空", "删去分值；加多少、减多少写在参数里")
    elif not stated and framework and framework.complete:
        told("分值", "没有分值", "有分值，或者 framework.yml 的“完整”写“否”", "补上分值")
    elif stated == (origin == NOT_FOUND):
        found = f"{'有' if stated else '没有'}分值，分值来源写的是“{origin}”"
        told("分值来源", found, "官方、建议" if stated else NOT_FOUND, "核对分值和分值来源")
    return points


def _check_stack(kinds: tuple[RuleKind, ...], told: Tell) -> None:
    outside = [kind.stage == OUTSIDE for kind in kinds]
    if any(outside) and len(kinds) > 1:
        told("记分方法", "总分之外的加减分与别的方法叠加", "加分、减分自成一行", "拆成两行")
    bases = [kind.name for kind in kinds if kind.stage == BASE]
    if len(bases) > 1 or len({kind.name for kind in kinds}) < len(kinds):
        found = f"叠加了{'、'.join(kind.name for kind in kinds)}"
        told("记分方法", found, "至多一种基本方法，每种方法一次", "拆成几行")


def _parameters(text: str, kinds: Iterable[RuleKind], told: Tell) -> dict[str, Value | None]:
    """Parameters that a cell gives, None where the value cannot be read."""
    known = {parameter.name: parameter for kind in kinds for parameter in kind.parameters}
    found: dict[str, Value | None] = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[；;]", text))):
        name, colon, written = (piece.strip() for piece in part.replace(":", "：", 1).partition("："))
        parameter = known.get(name)
        if not colon or parameter is None:
            expected = "、".join(f"“{other}：…”" for other in known) or "这种记分方法没有参数，留空"
            told("参数", f"写的是{quote(part)}", expected, "核对参数的名称；几个参数用“；”隔开")
            continue
        if name in found:
            told("参数", f"“{name}”写了两次", "每个参数一次", "删去一个；一个参数有几项的，用“、”隔开")
            continue
        found[name] = _value(written, parameter)
        if found[name] is None:
            told("参数", f"“{name}”写的是{quote(written)}", parameter.written, "照例子改写")
    return found


def _value(text: str, parameter: Parameter) -> Value | None:
    pieces = [piece.strip() for piece in text.split("、") if piece.strip()]
    match parameter.form:
        case "number":
            return _number(text)
        case "choice":
            return text if text in (parameter.choices or {}) else None
        case "names":
            return tuple(pieces) if pieces and len(set(pieces)) == len(pieces) else None
        case "amounts":
            amounts = dict(_each(pieces, _amount) or ())
            return amounts if pieces and len(amounts) == len(pieces) else None
        case "bands":
            return _each(pieces, _band)
        case _:
            return _each(pieces, _level)


def _each(pieces: Sequence[str], read: Callable[[str], T | None]) -> tuple[T, ...] | None:
    """Every piece as it is read; None where one cannot be, or there is none."""
    found = [value for piece in pieces if (value := read(piece)) is not None]
    return tuple(found) if pieces and len(found) == len(pieces) else None


def _number(text: str) -> Decimal | None:
    return number_of(normalise_number(text).removesuffix("分").removesuffix("%"))


def _amount(text: str) -> tuple[str, Decimal] | None:
    name, *rest = text.rsplit(None, 1)
    number = _number(rest[0]) if rest else None
    return None if number is None else (name, number)


def _band(text: str) -> Band | None:
    pair = text.rsplit(None, 1)
    bounds = bounds_of(pair[0]) if len(pair) == 2 else None
    ends = _each(re.split(r"至|-|—", pair[-1]), _number)
    return Band(bounds, min(ends), max(ends)) if bounds and ends and len(ends) <= 2 else None


def _level(text: str) -> Level | None:
    parts = text.rsplit(None, 2)
    if len(parts) != 3:
        return None
    bound, points = _number(parts[1]), _number(parts[2])
    return Level(parts[0], bound, points) if bound is not None and points is not None else None


def _check_parameters(
    kinds: Iterable[RuleKind], parameters: Mapping[str, Value | None], points: Decimal | None, told: Tell
) -> None:
    """Parameters that are missing, exclude each other, leave a hole, or give more than the points."""
    names: list[str] = []
    for kind in kinds:
        lacking = [p.name for p in kind.parameters if p.required and p.name not in parameters]
        if kind.code == "deduct_per":
            either = [name for name in ("每次", "各项扣") if name in parameters]
            lacking = [] if either else ["每次"]
            if "各项扣" in either and (len(either) > 1 or "基数" in parameters):
                found, expected = "“各项扣”与“每次”或“基数”一起写了", "“每次”（可以有“基数”），或者“各项扣”"
                told("参数", found, expected, "删去用不上的")
        if lacking:
            expected = "；".join(f"{name}：…" for name in lacking)
            remedy = "补上参数，写法见“评价框架”一页"
            told("参数", f"“{kind.name}”没有写{'、'.join(lacking)}", expected, remedy)
        for parameter in kind.parameters:
            value = parameters.get(parameter.name)
            names += [*value] if parameter.name in NAMED and isinstance(value, (tuple, dict)) else []
            if value is not None:
                for fault, expected in _value_faults(kind, parameter.name, value, points):
                    told("参数", f"“{parameter.name}”{fault}", expected, "核对参数和分值")
        lower, upper = parameters.get("下界"), parameters.get("上界")
        if isinstance(lower, Decimal) and isinstance(upper, Decimal) and lower >= upper:
            told("参数", f"下界{lower:f}不小于上界{upper:f}", "下界小于上界", "核对两个数")
    for name in sorted({name for name in names if names.count(name) > 1}):
        found, remedy = f"“{clean(name)}”在两个参数里都有", "改其中一个的名称，填证据时才分得清"
        told("参数", found, "各不相同的名称", remedy)


def _value_faults(
    kind: RuleKind, name: str, value: Value, points: Decimal | None
) -> Iterator[tuple[str, str]]:
    given: list[Decimal] = []
    match kind.code, value:
        case "tiers", tuple():
            bands = [band for band in value if isinstance(band, Band)]
            given = [band.most for band in bands]
            for fault in faults_of(tuple(band.bounds for band in bands), Decimal(0), None):
                yield fault, "从0起每个数都有且只有一个着落；文件本身有空当的，空当写成一档，分数写0至满分"
        case "grade_bounds", tuple():
            levels = [level for level in value if isinstance(level, Level)]
            given = [level.points for level in levels]
            bounds = [level.bound for level in levels]
            if bounds != sorted(set(bounds), reverse=True) or bounds[-1]:
                yield "的界限不是从高到低，或最后一级的界限不是0", "从高到低，最后一级的界限是0"
        case "cases", dict():
            given = list(value.values())
        case "checklist", dict():
            total = sum(value.values(), Decimal(0))
            if points is not None and total != points:
                yield f"相加是{total:f}分", f"与分值{points:f}相等"
        case _, Decimal() if name == "下界得分":
            given = [value]
        case _, Decimal() if not value and name != "下界":
            yield "是0", "大于0的数字"
    if points is not None and given and max(given) > points:
        yield f"给的{max(given):f}分多于分值", f"不多于分值{points:f}"


FITTING = {"at_least": "≥", "at_most": "≤", "equal": "=", "ratio": "≥", "deduct_per_step": "≥"}


def _check_target(kinds: Iterable[RuleKind], row: TableRow, told: Tell) -> None:
    comparison, target = row.said("comparison"), row.texts["target"].strip()
    for kind in kinds:
        expected = FITTING.get(kind.code)
        if expected and comparison and comparison != expected:
            found = f"记分方法是“{kind.name}”，比较写的是“{comparison}”"
            told("比较", found, f"比较写{expected}", "核对记分方法和比较")
        if kind.needs_target and target and number_of(target) is None:
            expected = "不带单位的数字，或留空、由各年度的 targets.csv 批准"
            told("目标值", f"写的是{quote(target)}", expected, "只写数字，单位另填")
        if kind.needs_target and target and not row.texts["unit"].strip():
            told("单位", "有目标值，没有单位", "目标值的单位", "补上单位")


ADDRESS = re.compile(r"[a-z_]+(?:\.[a-z0-9_]+)+")


def _sources(text: str, indicator: Indicator, told: Tell) -> dict[str, str]:
    found: dict[str, str] = {}
    asked = [*indicator.inputs()]
    asked += [INITIAL_BUDGET] if set(EXECUTION_INPUTS) <= set(asked) else []
    for part in filter(None, (piece.strip() for piece in re.split(r"[；;]", text))):
        name, _, address = (piece.strip() for piece in part.replace(":", "：").rpartition("："))
        if name not in asked:
            listed = "；".join(f"{other}：地址" if other else "地址" for other in asked)
            told("数字", f"写的是{quote(part)}", listed or "留空", "核对这种记分方法要哪些数字")
        elif name in found:
            told("数字", f"{quote(part)}是同一项的第二个地址", "每项一个地址", "删去一个")
        elif not ADDRESS.fullmatch(address):
            expected, remedy = "数字的地址，如 level.rural_dibao", "见“数字来源”一页各数字的地址"
            told("数字", f"写的是{quote(address)}", expected, remedy)
        else:
            found[name] = address
    return found


def _total_problems(framework: Framework, file: str) -> Problems:
    """Points of the indicators against those of their parts and the total."""
    problems = Problems(file)
    if not framework.indicators:
        problems.add(0, "", "没有指标", "第1行是列名，以下每行一个指标", "照文件填写指标")
        return problems
    parts = {part.name: part.points for part in framework.parts}
    inside = [indicator for indicator in framework.indicators if not indicator.outside]
    strays = [indicator for indicator in inside if parts and indicator.part not in parts]
    for indicator in strays:
        found, expected = f"写的是{quote(indicator.part)}", f"“部分”里的一个：{'、'.join(parts)}"
        problems.add(indicator.row, "一级指标", found, expected, "照 framework.yml 的“部分”填写")
    for name, stated in parts.items() if not strays else ():
        _check_sum(problems, framework, name, stated, [i for i in inside if i.part == name])
    _check_sum(problems, framework, "总分", framework.total, inside)
    total = sum((points or Decimal(0) for points in parts.values()), Decimal(0))
    whole = framework.complete and parts and None not in parts.values()
    if total > framework.total or (whole and total < framework.total):
        found, expected = f"各部分相加是{total:f}", f"与总分{framework.total:f}相等"
        problems.append(Problem(framework.file, 0, "部分", found, expected, "核对各部分的分值和总分"))
    scored = [i for i in inside if any(kind.code == "unknown" for kind in i.kinds)]
    if framework.complete and scored:
        found = f"第{'、'.join(str(i.row) for i in scored)}行的记分方法是“未查到”"
        expected = "都有记分方法，或 framework.yml 的“完整”写“否”"
        problems.add(0, "记分方法", found, expected, "补上，或改“完整”")
    return problems


def _check_sum(
    problems: Problems,
    framework: Framework,
    name: str,
    stated: Decimal | None,
    indicators: Sequence[Indicator],
) -> None:
    total = sum((indicator.points or Decimal(0) for indicator in indicators), Decimal(0))
    if stated is None or total == stated or (not framework.complete and total < stated):
        return
    listed = "、".join(f"第{i.row}行{i.points:f}" for i in indicators if i.points is not None)
    found = f"“{name}”的各项相加是{total:f}（{listed or '没有'}）"
    expected = f"{stated:f}，{'相差' if total < stated else '多出'}{abs(stated - total):f}"
    remedy = "核对各项的分值；确实没有查全的，framework.yml 的“完整”写“否”"
    problems.add(0, "分值", found, expected, remedy)
