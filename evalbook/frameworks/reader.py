"""Read a scoring framework: ``framework.yml`` and ``indicators.csv``, with every problem named by file, row and column."""

from __future__ import annotations

import difflib
import re
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalbook.errors import EvalbookError, Problem
from evalbook.frameworks.framework import (
    BASE,
    EXECUTION_INPUTS,
    INITIAL_BUDGET,
    KINDS_BY_NAME,
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
from evalbook.schema.kinds import CONTROL, FRAMEWORK_NAME, NAME, NUMERIC, TEXT, normalise_number, number_of
from evalbook.schema.reader import read_table
from evalbook.schema.registry import Registries
from evalbook.schema.registry_reader import read_registries
from evalbook.schema.settings import load_mapping, read_keys
from evalbook.schema.text import clean, project_path, quote
from evalbook.shipped import FRAMEWORKS, NATIONAL, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from evalbook.schema.table import TableRow

SETTINGS_FILE = "framework.yml"
FUND_ROWS = 6
MAPPED = {"parts", "grades", "levels"}
EVENTS = {"caps", "vetoes"}
CENT = Decimal(100)


def framework_folder(root: Path, name: str) -> Path:
    """Folder of a framework: the project's own, else that of the tool."""
    return nearest(root, f"{FRAMEWORKS}/{name}") if name in NATIONAL else root / FRAMEWORKS / name


def frameworks(root: Path) -> tuple[str, ...]:
    """Names of the frameworks that there are: the national ones, and the project's own."""
    folder = root / FRAMEWORKS
    own = {path.name for path in (folder.iterdir() if folder.is_dir() else ()) if path.is_dir()}
    return tuple(sorted(name for name in own.union(NATIONAL) if not name.startswith(".")))


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
    notices += [
        f"{CONTROL.sub('□', project_path(root, other))}：不认识这个文件，没有读。"
        for other in sorted(folder.iterdir())
        if other not in {path, rows} and not other.name.startswith((".", "~$"))
    ]
    if not FRAMEWORK_NAME.accepts(name, Registries({}, {}, ())):
        found, remedy = f"文件夹的名称是{quote(name)}", "给文件夹改名"
        problems.append(
            Problem(f"data/frameworks/{clean(name)}", 0, "", found, FRAMEWORK_NAME.expected, remedy)
        )
    settings = None
    if loaded is not None:
        settings, more = _settings(file, loaded)
        problems += more
    indicators = []
    for row in data.rows:
        indicator, more = _indicator(data.file, row, settings)
        problems += more
        indicators.append(indicator)
    if settings is None:
        return None, problems, notices
    made = replace(settings, name=name, indicators=tuple(indicators))
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


def _settings(file: str, loaded: Mapping[str, Any]) -> tuple[Framework | None, list[Problem]]:
    """``framework.yml`` as a framework without indicators."""
    nested = {c.name: c for c in FRAMEWORK_SETTINGS if c.name in MAPPED | EVENTS}
    cells, problems = read_keys(file, loaded, FRAMEWORK_SETTINGS, {"fund_rows": FUND_ROWS}, nested)
    pairs: dict[str, dict[str, str]] = {}
    for key in sorted(MAPPED):
        pairs[key], more = _pairs(file, nested[key].heading, loaded.get(nested[key].heading))
        problems += more
    events: dict[str, tuple[Event, ...]] = {}
    for key in sorted(EVENTS):
        events[key], more = _events(file, nested[key].heading, loaded.get(nested[key].heading))
        problems += more
    parts, more = _parts(file, pairs["parts"])
    problems += more
    grades, more = _named_bounds(file, "等次", pairs["grades"])
    problems += more
    levels, more = _named_bounds(file, "定性等级", pairs["levels"])
    problems += more
    if problems:
        return None, problems
    return _made(file, cells, parts, {"grades": grades, "levels": levels}, events), []


def _made(
    file: str,
    cells: Mapping[str, object],
    parts: tuple[PartPoints, ...],
    bounds: Mapping[str, Sequence[tuple[str, Bounds]]],
    events: Mapping[str, tuple[Event, ...]],
) -> Framework:
    def text(key: str) -> str:
        return str(cells.get(key) or "")

    return Framework(
        name="",
        title=text("title"),
        number=text("number"),
        issuer=text("issuer"),
        subject=text("subject"),
        start=cells.get("start"),  # type: ignore[arg-type]
        end=cells.get("end"),  # type: ignore[arg-type]
        total=cells["total"],  # type: ignore[arg-type]
        complete=cells["complete"] == "是",
        parts=parts,
        grades=tuple(Grade(named, within) for named, within in bounds["grades"]),
        relative=cells.get("relative") == "是",
        caps=events["caps"],
        vetoes=events["vetoes"],
        most_bonus=cells.get("most_bonus"),  # type: ignore[arg-type]
        most_penalty=cells.get("most_penalty"),  # type: ignore[arg-type]
        inverse=text("inverse"),
        digits=cells.get("digits"),  # type: ignore[arg-type]
        explained_from=cells.get("explained_from"),  # type: ignore[arg-type]
        zero_budget=text("zero_budget"),
        levels=tuple((named, Band(b, b.low or Decimal(0), b.high or CENT)) for named, b in bounds["levels"]),
        fund_rows=cells.get("fund_rows") or (),  # type: ignore[arg-type]
        source=text("source"),
        note=text("note"),
        indicators=(),
        file=file,
    )


# -- framework.yml


def _pairs(file: str, heading: str, value: Any) -> tuple[dict[str, str], list[Problem]]:
    """Names and texts below a key."""
    if not value or value == "[]":
        return {}, []
    if not isinstance(value, dict) or not all(
        isinstance(item, str) or item is None for item in value.values()
    ):
        problem = Problem(
            file,
            0,
            heading,
            "不是一行一个“名称: 内容”",
            "一行一个“名称: 内容”，前面空两格",
            "照别的 framework.yml 改写",
        )
        return {}, [problem]
    pairs = {str(key).strip(): str(item or "").strip() for key, item in value.items()}
    nothing = Registries({}, {}, ())
    problems = [
        Problem(file, 0, heading, f"名称写的是{quote(name)}", NAME.expected, NAME.remedy)
        for name in pairs
        if not (NAME.accepts(name, nothing) and TEXT.accepts(name, nothing))
    ]
    return ({}, problems) if problems else (pairs, [])


def _events(file: str, heading: str, value: Any) -> tuple[tuple[Event, ...], list[Problem]]:
    if not value or value == "[]":
        return (), []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        expected = "每种情形以“- 代码: ”开头，下面写情形、等次、出处"
        return (), [Problem(file, 0, heading, "不是一条一条的情形", expected, "照别的 framework.yml 改写")]
    events, problems = [], []
    for number, entry in enumerate(value, start=1):
        cells, found = read_keys(file, entry, EVENT_SETTINGS, {})
        problems += [
            Problem(p.file, 0, f"{heading}第{number}条/{p.column}", p.found, p.expected, p.remedy)
            for p in found
        ]
        if not found:
            events.append(Event(**{name: str(text) for name, text in cells.items()}))
    return tuple(events), problems


def _parts(file: str, pairs: Mapping[str, str]) -> tuple[tuple[PartPoints, ...], list[Problem]]:
    parts, problems = [], []
    for name, written in pairs.items():
        text = normalise_number(written)
        if text and not NUMERIC.accepts(text, Registries({}, {}, ())):
            problems.append(
                Problem(
                    file,
                    0,
                    f"部分/{name}",
                    f"写的是{quote(text)}",
                    NUMERIC.expected,
                    "只写数字；没有查到的留空",
                )
            )
            continue
        parts.append(PartPoints(name, Decimal(text) if text else None))
    return tuple(parts), problems


def _named_bounds(
    file: str, heading: str, pairs: Mapping[str, str]
) -> tuple[list[tuple[str, Bounds]], list[Problem]]:
    found, problems = [], []
    for name, text in pairs.items():
        bounds = bounds_of(text)
        if bounds is None:
            expected = "“80（含）至90（不含）”“90（含）以上”或“60（不含）以下”这样的写法"
            told = f"写的是{quote(text)}" if text else "没有填写"
            problems.append(Problem(file, 0, f"{heading}/{name}", told, expected, "写明两端，含不含都写上"))
        else:
            found.append((name, bounds))
    return found, problems


def _settings_problems(framework: Framework) -> Iterator[Problem]:
    """Grades and levels that overlap or leave a hole, caps and vetoes to grades that do not exist, days in disorder."""
    file = framework.file
    covering = (
        ("等次", tuple(grade.bounds for grade in framework.grades), framework.total),
        ("定性等级", tuple(band.bounds for _, band in framework.levels), CENT),
    )
    for heading, listed, most in covering:
        for fault in faults_of(listed, Decimal(0), most):
            expected = f"从0（含）到{most:f}（含）各有且只有一个着落"
            yield Problem(file, 0, heading, fault, expected, "核对各级的界限和含不含")
        lows = [bounds.low or Decimal(0) for bounds in listed]
        if lows != sorted(lows, reverse=True):
            found = f"“{listed[0]}”写在最前"
            yield Problem(file, 0, heading, found, "从高到低", "把界限高的写在前面")
    if not framework.total:
        yield Problem(file, 0, "总分", "写的是“0”", "大于0的数字", "核对满分")
    if framework.explained_from is not None and framework.explained_from < CENT:
        found = f"写的是“{framework.explained_from:f}”"
        yield Problem(
            file, 0, "须说明的完成率", found, "不小于100的百分数", "改正或留空：没有达到目标的本来就要说明"
        )
    if not framework.levels and any(k.code == "qualitative" for i in framework.indicators for k in i.kinds):
        found = "没有填写，有的指标却按“定性”计分"
        yield Problem(file, 0, "定性等级", found, "一行一个“名称: 界限”", "照办法写明各级的界限")
    names = [grade.name for grade in framework.grades]
    seen: set[str] = {indicator.code for indicator in framework.indicators}
    for heading, events in (("等次限制", framework.caps), ("否决", framework.vetoes)):
        for event in events:
            if event.grade not in names:
                expected = f"“等次”里的一个：{'、'.join(names)}" if names else "先写明等次"
                yield Problem(
                    file,
                    0,
                    f"{heading}/{event.code}",
                    f"写的是{quote(event.grade)}",
                    expected,
                    "核对等次的名称",
                )
            if event.code in seen:
                yield Problem(
                    file, 0, f"{heading}/{event.code}", "代码重复", "不与别的情形和指标重复", "换一个代码"
                )
            seen.add(event.code)
    if framework.start and framework.end and framework.start.first > framework.end.last:
        found = f"{framework.end}早于{framework.start}"
        yield Problem(file, 0, "截止日期", found, "不早于起始日期", "核对日期")


# -- indicators.csv


def _indicator(file: str, row: TableRow, framework: Framework | None) -> tuple[Indicator, list[Problem]]:
    """One row, against what ``framework.yml`` says where that could be read."""
    cells = row.cells
    problems: list[Problem] = []

    def told(heading: str, found: str, expected: str, remedy: str) -> None:
        problems.append(Problem(file, row.number, heading, found, expected, remedy))

    def text(name: str) -> str:
        return str(cells.get(name) or "")

    kinds = _kinds(text("kinds"), told)
    points = _points(row, kinds, framework, told)
    parameters = _parameters(text("parameters"), kinds, told) if kinds else {}
    _check_parameters(kinds, parameters, points, told)
    _check_target(kinds, row, told)
    parameters = {name: value for name, value in parameters.items() if value is not None}
    unit = cells.get("unit")
    indicator = Indicator(
        code=text("code"),
        part=text("part"),
        group=text("group"),
        title=text("title"),
        points=points,
        origin=text("origin"),
        kinds=kinds,
        parameters=parameters,  # type: ignore[arg-type]
        written=text("parameters"),
        comparison=text("comparison"),
        target=text("target"),
        unit=str(getattr(unit, "symbol", "")),
        sources={},
        evidence=text("evidence"),
        text=text("text"),
        source=text("source"),
        note=text("note"),
        row=row.number,
    )
    return replace(indicator, sources=_sources(text("sources"), indicator, told) if kinds else {}), problems


Tell = Any
"""``tell(heading, found, expected, remedy)`` notes a problem of the row."""


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
    points, weight, origin = row.cells["points"], row.cells["weight"], row.cells["origin"]
    outside = any(kind.stage == OUTSIDE for kind in kinds)
    if row.texts["points"].strip() and row.texts["weight"].strip():
        found = f"分值{clean(row.texts['points'])}和权重{clean(row.texts['weight'])}都填了"
        told("权重", found, "只填一个", "删去一个：两个都填，会把权重乘两次")
    elif isinstance(weight, Decimal):
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
    return points if isinstance(points, Decimal) else None


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
            split = [piece.rsplit(None, 1) for piece in pieces]
            amounts = {pair[0]: _number(pair[1]) for pair in split if len(pair) == 2}
            good = len(amounts) == len(pieces) and pieces and None not in amounts.values()
            return amounts if good else None  # type: ignore[return-value]
        case "bands":
            bands = [_band(piece) for piece in pieces]
            return tuple(band for band in bands if band) if bands and None not in bands else None
        case _:
            levels = [_level(piece) for piece in pieces]
            return tuple(level for level in levels if level) if levels and None not in levels else None


def _number(text: str) -> Decimal | None:
    return number_of(normalise_number(text).removesuffix("分").removesuffix("%"))


def _band(text: str) -> Band | None:
    pair = text.rsplit(None, 1)
    bounds = bounds_of(pair[0]) if len(pair) == 2 else None
    ends = [_number(end) for end in re.split(r"至|-|—", pair[-1])]
    if bounds is None or None in ends or len(ends) > 2:
        return None
    return Band(bounds, min(ends), max(ends))  # type: ignore[type-var, arg-type]


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
                told(
                    "参数",
                    "“各项扣”与“每次”或“基数”一起写了",
                    "“每次”（可以有“基数”），或者“各项扣”",
                    "删去用不上的",
                )
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
        told(
            "参数", f"“{clean(name)}”在两个参数里都有", "各不相同的名称", "改其中一个的名称，填证据时才分得清"
        )


NAMED = ("条件", "各项", "各项扣")
"""Parameters whose names are inputs."""


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
    comparison, target = str(row.cells["comparison"] or ""), row.texts["target"].strip()
    for kind in kinds:
        expected = FITTING.get(kind.code)
        if expected and comparison and comparison != expected:
            told(
                "比较",
                f"记分方法是“{kind.name}”，比较写的是“{comparison}”",
                f"比较写{expected}",
                "核对记分方法和比较",
            )
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


def _total_problems(framework: Framework, file: str) -> Iterator[Problem]:
    """Points of the indicators against those of their parts and the total."""
    if not framework.indicators:
        yield Problem(file, 0, "", "没有指标", "第1行是列名，以下每行一个指标", "照文件填写指标")
        return
    parts = {part.name: part.points for part in framework.parts}
    inside = [indicator for indicator in framework.indicators if not indicator.outside]
    strays = [indicator for indicator in inside if parts and indicator.part not in parts]
    for indicator in strays:
        found, remedy = f"写的是{quote(indicator.part)}", "照 framework.yml 的“部分”填写"
        yield Problem(file, indicator.row, "一级指标", found, f"“部分”里的一个：{'、'.join(parts)}", remedy)
    for name, stated in parts.items() if not strays else ():
        yield from _sum_problem(framework, file, name, stated, [i for i in inside if i.part == name])
    yield from _sum_problem(framework, file, "总分", framework.total, inside)
    total = sum((points or Decimal(0) for points in parts.values()), Decimal(0))
    whole = framework.complete and parts and None not in parts.values()
    if total > framework.total or (whole and total < framework.total):
        found, expected = f"各部分相加是{total:f}", f"与总分{framework.total:f}相等"
        yield Problem(framework.file, 0, "部分", found, expected, "核对各部分的分值和总分")
    scored = [i for i in inside if any(kind.code == "unknown" for kind in i.kinds)]
    if framework.complete and scored:
        found = f"第{'、'.join(str(i.row) for i in scored)}行的记分方法是“未查到”"
        yield Problem(
            file, 0, "记分方法", found, "都有记分方法，或 framework.yml 的“完整”写“否”", "补上，或改“完整”"
        )


def _sum_problem(
    framework: Framework, file: str, name: str, stated: Decimal | None, indicators: Sequence[Indicator]
) -> Iterator[Problem]:
    total = sum((indicator.points or Decimal(0) for indicator in indicators), Decimal(0))
    if stated is None or total == stated or (not framework.complete and total < stated):
        return
    listed = "、".join(f"第{i.row}行{i.points:f}" for i in indicators if i.points is not None)
    yield Problem(
        file,
        0,
        "分值",
        f"“{name}”的各项相加是{total:f}（{listed or '没有'}）",
        f"{stated:f}，{'相差' if total < stated else '多出'}{abs(stated - total):f}",
        "核对各项的分值；确实没有查全的，framework.yml 的“完整”写“否”",
    )
