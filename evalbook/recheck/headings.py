"""Headings of a form: the words by which columns are known, whatever their order, and what only their content tells.

A heading that is a known word is certain. What the content of a column with an unknown heading suggests is a guess, which
:attr:`Headings.guessed` names, so that it can lead to questions only.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evalbook.reading.workbook import SheetCell
from evalbook.schema.numbers import Quantity, is_blank, read_number, read_quantity, same_unit

Rows = Sequence[Sequence[SheetCell]]
Span = tuple[int, int]
"""First and last column below a heading."""

THIS_YEAR = "".join(f"(?<!{words})" for words in ("上年", "去年", "上一年", "上年度", "上一年度"))
"""In front of a pattern, that it speaks of no year before."""
LONGEST = 40
"""Characters of a heading; what is longer is a sentence."""

YEAR = "年度|年初|全年|当年|本年度|本年"
SET = "考核|达标|申报|批复|核定|下达|既定|拟定|约定|预期|预计|预定|预设|计划|规划|设定"
LEVEL = r"(?:绩效|评价|考核)*(?:指标)?第?[{0}]级(?:绩效|评价|考核)*(?:指标.*|名称|目录)?"
# The first that fits counts. 分值 and 权重 are both used for the points; only a column of its own is a weight.
INDICATOR_COLUMNS = (
    ("level1", LEVEL.format("一1")),
    ("level2", LEVEL.format("二2")),
    ("level3", LEVEL.format("三3")),
    ("level4", LEVEL.format("四4")),
    ("named", r"(?:绩效|评价|考核|具体|项目)*指标(?:名称?|项目?)"),
    (
        "aim",
        rf"(?:{YEAR}|{SET})+(?:绩效)?(?:指标|标准)|(?:{YEAR})预期|拟?(?:达到|完成)(?:目标|标准)"
        rf"|(?:{YEAR}|{SET}|绩效|工作|主要|量化|任务|目标|指标|项目)*(?:目标|任务|计划|要求)"
        r"(?:设定|设置|内容|标准|要求|水平)?",
    ),
    (
        "name",
        r"(?:绩效|评价|考核|具体|明细|项目)*指标(?:内容|体系|明细|及分值|及说明)?|末级指标|(?:考核|评价)(?:内容|项目|事项)",
    ),
    ("category", r"(?:绩效|评价|考核)*(?:指标)?(?:类别|分类|维度)"),
    # Years before, parts of the year and what others gave say nothing of this evaluation.
    (
        "other",
        r".*(?:上年|上一年|去年|往年|历年|近三年|下年|次年|半年|季度|中期|(?!1[-—~至]12月)\d+[-—~至]\d+月).*"
        r"|(?:评[分价定]|计分|打分|赋分|得分|扣分|考核|考评|自评)(?:标准|细则|办法|方法|规则|要点|依据|公式|尺度)"
        r"|得分(?:率|比例)|扣分(?:值|数|情况)?|(?:偏[差离]|差异|增减)(?:率|度|值|比例)"
        r"|(?:指标|分值)?(?:解释|释义|含义|定义|来源|属性|编[码号]|计算公式|计算方法|设定依据|确定依据)(?:及.*)?"
        r"|(?:指标|得分|分值)?(?:计算(?:公式|方法|办法|过程)|解释)(?:[及和与或].*)?|指标说明|(?:绩效|指标)*描述|.*(?:值|目标|指标)(?:说明|设定依据)|.*(?:历史|行业).*|完成(?:时限|时间)|行次|.*(?:来源|佐证|证明|依据|附件|资料|材料).*"
        r"|(?:责任|牵头|填报|主管|承办|业务|配合|实施)+(?:科室|股室|处室|部门|单位|人)|(?:科|股|处)室|部门|负责人"
        r"|是否.*|序号|编[号码]",
    ),
    ("converted", r".*(?:折算|加权).*得分"),
    ("weight", r".*权重占比.*|(?:指标|所占|分值)?(?:权[重数])(?:%|值|比|比例|系数)?|比重"),
    ("coefficient", r"(?:得分|评分|计分|自评)*系数"),
    (
        "reason",
        r".*(?:原因|改进|整改).*|(?:偏差|未完成|扣分|失分)(?:情况|分析|说明|理由).*|(?:存在)?(?:的)?问题.*",
    ),
    ("remark", r".*(?:备注|情况说明|补充说明|其他说明)|(?:自评)?说明"),
    ("rate", r".*(?:完成率|达成率|实现率|完成比例|完成比率|完成进度|完成度|执行率)%?"),
    ("reviewed", r".*(?:财政|复核|审核|复评|复审|第三方|专家|抽查|评审|主管).*(?:得分|评分|打分|分)"),
    ("points", r"(?:标准|应|目标|计划|满分)得分|应得"),
    (
        "score",
        r".*得分(?:情况|值|数)?|.*(?:自评|自我|评定|评价|考核|考评|测评|评估|综合|认定|实际|单位|核定)(?:分|分数|评分|打分|成绩)"
        r"|(?:自评|自我|单位|指标|项目|绩效)*(?:评分|打分|计分)(?:结果|值|数|情况)?|自评分值|实得|实评",
    ),
    ("marked", r"(?:部门|单位|指标|项目|绩效)*(?:自评|自评价|自我评价)(?:结果|情况|总分)?"),
    ("points", r".*分值.*|.*标准分|.*满分值?|权重分|[配赋]分|(?:基准|基本|额定|指标|设定)分|分数值?|总分"),
    ("unit", r"(?:计量|指标|度量|数量)?单位"),
    ("sign", r".*符号|(?:指标|计算)?方向|(?:指标)?性质|指标类型|(?:逻辑|比较)关系"),
    ("target", r".*(?:计划|应|预期|拟|需)(?:完成|达到|达成|实现)的?[值数量].*"),
    (
        "actual",
        r".*(?:实际|实绩|[完达实][成到现](?:指标)?[值数量]|全年完成|[年期][末底](?:完成|[值数])).*",
    ),
    ("adjusted", r".*调整.*(?:[值数]|指标|目标|标准|任务)"),
    (
        "target",
        rf".*(?:(?:指标|目标|标准|任务|要求|应达|期望|{SET})[值数量]|计划完成).*"
        r"|(?:指标|目标)+标准|应(?:达到?|完成)(?:的?(?:标准|目标|指标|水平))?"
        r"|指标设定|预期(?:水平|效果|结果|产出|成果)?",
    ),
    ("extent", r"(?:完成|达成|达到|实现)程度"),
    (
        "outcome",
        rf"(?:{YEAR}|年末|年底|期末|指标|目标|绩效|任务|计划|自评)*(?:完成|达成|达到|实现|落实|执行|实施)"
        r"(?:情况|结果|程度|水平|成效)?|.*完成情况",
    ),
    ("remark", r".*(?:说明|分析)|其[他它]"),
)
FUND_COLUMNS = (
    ("score", r".*得分|自评分"),
    ("points", r".*(?:分值|权重)|满分"),
    ("planned", r"年初(?:预算|批复|安排|下达|核定|计划).*|年初数|(?:预算|资金)?申报(?:预算)?(?:数|金额|额)"),
    ("arrived", r".*到位.*"),
    ("rate", r".*(?:执行率|执行进度|支出进度|支出率|使用率).*"),
    (
        "executed",
        r".{0,6}(?:执行|支出|使用|决算|支付|列支)(?:数|金额|额|资金)"
        r"|(?:实际|全年|资金|累计|已)*(?:执行|支出|使用|支付|投入)(?:情况|总额)?",
    ),
    (
        "budget",
        r".{0,6}预算(?:总?[数额]|总?金额|指标|资金)?|.{0,4}预算安排(?:情况)?|计划(?:投入|安排)"
        r"|.{0,4}(?:下达|安排|批复|核定|指标|计划)(?:预算|资金|指标|投入)?(?:总?[数额]|总?金额|资金)|资金(?:[数额]|金额|总额)",
    ),
)  # fmt: skip
SUBHEADINGS = (
    ("sign", r".*符号"),
    ("unit", r"单位|计量单位"),
    ("converted", r".*(?:折算|加权).*得分"),
    ("weight", r".*权重占比.*|权重%?"),
    ("score", r".*得分"),
    ("target", r"指标值|目标值|数值|值"),
)
STAND_INS = (
    ("actual", ("outcome", "extent")), ("rate", ("extent",)), ("target", ("adjusted", "aim")), ("level3", ("named", "name")),
    ("level4", ("named",)), ("level1", ("category",)), ("score", ("marked", "reviewed")),
)  # fmt: skip
"""Kinds for which others stand in where a form has no column of their own."""
LOOSE = frozenset({"named", "name", "aim", "outcome", "marked"})
"""Kinds whose words, to the left of the levels, name the whole table."""
LEVELS = ("level1", "level2", "level3", "level4")
NEEDED = {"target": "年度指标值", "actual": "实际完成值", "score": "得分"}
"""Columns without which a form says little, and what they are called."""
STATED_POINTS = re.compile(
    r"[(\[【](?:满分|共|计|权重|分值)?(?P<within>\d+(?:\.\d+)?)分(?:[*×xX✕·][^()\d]{1,10})?[)\]】]"
    r"|(?P<factor>\d+(?:\.\d+)?)分[*×xX✕]|指标(?P<part>\d+(?:\.\d+)?)分$"
    r"|(?:指标|执行率?)[(\[](?P<bare>\d\d)[)\]]$"
)


@dataclass(frozen=True)
class Headings:
    """Columns of a table as its headings tell them.

    Attributes
    ----------
    columns : mapping of str to Span
        By kind.
    unknown : tuple of SheetCell
        Headings that are none of the known words.
    guessed : frozenset of str
        Kinds that only the content of their column tells.
    height : int
        Rows of headings.
    """

    columns: Mapping[str, Span]
    unknown: tuple[SheetCell, ...] = ()
    guessed: frozenset[str] = frozenset()
    height: int = 1

    @property
    def complete(self) -> bool:
        """Whether it heads a self-evaluation; a list of targets alone is none."""
        kinds = self.columns.keys()
        return bool({*LEVELS} & kinds and {"actual", "score", "coefficient"} & kinds and len(kinds) >= 3)

    @property
    def missing(self) -> tuple[str, ...]:
        """Needed columns that are not there."""
        return tuple(kind for kind in NEEDED if kind not in self.columns)


def unspaced(text: str) -> str:
    """Text without spaces."""
    return re.sub(r"\s", "", text)


def half_width(text: str) -> str:
    """Text without spaces and full-width forms."""
    return unspaced(unicodedata.normalize("NFKC", text))


@functools.lru_cache(4096)
def key(text: str) -> str:
    """Text without spaces, full-width forms and what stands in brackets; for comparing headings and labels."""
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】", "", half_width(text)).strip(":*★☆")


@functools.lru_cache(4096)
def points_stated(text: str) -> str:
    """Points that a heading or a name states: （10分）, 10分×执行率, 产出指标50分; empty for none."""
    stated = STATED_POINTS.search(half_width(text))
    return stated[stated.lastgroup or 0] if stated else ""


@functools.lru_cache(4096)
def _kind(heading: str, columns: Sequence[tuple[str, str]]) -> str | None:
    """Kind of column that a heading names, whatever its number."""
    text = re.sub(r"^\d{1,2}[.、)]", "", key(heading))
    if not text or len(text) > LONGEST:
        return None
    return next((kind for kind, pattern in columns if re.fullmatch(pattern, text)), None)


def indicator_headings(rows: Rows, at: int) -> Headings | None:
    """Headings of indicators that begin in a row.

    Parameters
    ----------
    rows
        Of a sheet.
    at
        Index of the row.

    Returns
    -------
    Headings or None
        None where the row heads no table of indicators; not :attr:`Headings.complete` where it seems to head one in words
        that are not known.
    """
    cells = _heading_cells(rows, at)
    below = _heading_cells(rows, at + 1) if at + 1 < len(rows) else {}
    written = [cell for cell in below.values() if cell.row == at + rows[0][0].row + 1]
    kinds = {column: _kind(cell.text, INDICATOR_COLUMNS) for column, cell in cells.items()}
    if len(cells) < 3 and not written:
        return None
    divided = bool(written) and all(_is_subheading(cell) for cell in written)
    if divided and _headings(below, _kinds(below)).complete:
        return None  # the row below heads it all
    if divided:
        for cell in written:
            parent = max((column for column in cells if column <= cell.column), default=cell.column)
            kind = _kind(cell.text, SUBHEADINGS) or _kind(cell.text, INDICATOR_COLUMNS)
            # 数值 may divide what was reached as well as what was aimed at.
            kinds[cell.column] = "actual" if kind == "target" and kinds.get(parent) == "actual" else kind
        cells = {**cells, **{cell.column: cell for cell in written}}
        cells = dict(sorted(cells.items()))
    height = 1 + divided
    height += at + height < len(rows) and _is_numbering(rows[at + height])
    found = replace(_headings(cells, kinds), height=height)
    doubtful = {"level1", "level2", "level3"} <= found.columns.keys() and len(found.unknown) > 1
    return found if found.complete or (doubtful and not divided) else None


def fund_headings(row: Sequence[SheetCell]) -> Headings | None:
    """Headings of funds in a row; None where it has none. A budget of the year's beginning alone is the budget."""
    cells = {cell.column: cell for cell in row if cell.text}
    kinds = {column: _kind(cell.text, FUND_COLUMNS) for column, cell in cells.items()}
    first, *others = kinds.items() or [(0, None)]
    if first[1] in {kind for _, kind in others}:
        kinds[first[0]] = None  # it names the whole table: 资金投入情况, 预算安排情况
    found = _headings(cells, kinds)
    columns = dict(found.columns)
    if "planned" in columns and "budget" not in columns:
        columns["budget"] = columns.pop("planned")
    return replace(found, columns=columns) if {"budget", "executed"} <= columns.keys() else None


def amounts_beside(row: Sequence[SheetCell], headings: Headings) -> dict[str, Span]:
    """Columns of the amounts where each stands behind its heading, as in 预算数：860，执行数：817; none elsewhere."""
    beside = {kind: span[1] + 1 for kind, span in headings.columns.items() if span[1] + 1 < len(row)}
    amounts = {
        kind: (column, column)
        for kind, column in beside.items()
        if isinstance(read_quantity(row[column].text), Quantity)
    }
    shares = [column for column, cell in enumerate(row) if cell.text.endswith("%")]
    if "rate" not in amounts and len(shares) == 1:
        amounts["rate"] = (shares[0], shares[0])
    return amounts if {"executed"} < amounts.keys() - {"rate"} else {}


def amounts_told(row: Sequence[SheetCell]) -> dict[str, SheetCell]:
    """Amounts of the funds with their labels in one cell or beside it, wherever they stand: 执行数：817, 实际支出 | 817."""
    found: dict[str, SheetCell] = {}
    texts = [cell for cell in row if cell.text]
    for cell, after in itertools.pairwise([*texts, None]):
        label, _, value = half_width(cell.text).partition(":") if cell else ("", "", "")
        kind = _kind(label, FUND_COLUMNS)
        amount = replace(cell, text=value) if cell and value else after
        if (
            kind in {"planned", "budget", "executed", "rate"}
            and amount
            and read_number(amount.text) is not None
        ):
            found.setdefault(kind, amount)
    return found


def _kinds(cells: Mapping[int, SheetCell]) -> dict[int, str | None]:
    return {column: _kind(cell.text, INDICATOR_COLUMNS) for column, cell in cells.items()}


def _is_numbering(row: Sequence[SheetCell]) -> bool:
    """Whether a row numbers the columns: 1, 2, 3 or A, B, C."""
    texts = [key(cell.text) for cell in row if cell.text]
    return len(texts) > 3 and all(re.fullmatch(r"\d{1,2}|[A-Z]", text) for text in texts)


def _is_subheading(cell: SheetCell) -> bool:
    known = _kind(cell.text, SUBHEADINGS) or _kind(cell.text, INDICATOR_COLUMNS)
    return known is not None and not re.search(r"\d", key(cell.text))


def _heading_cells(rows: Rows, at: int) -> dict[int, SheetCell]:
    """Cells with text of a row, and those of the row above that reach down into it."""
    found, reached = {}, -1
    for column, cell in enumerate(rows[at]):
        if cell.text:
            found[column] = cell
        if not cell.covered:
            reached = cell.right
        elif column > reached and at and (above := rows[at - 1][column]).text:
            found[column] = above
    return found


def _headings(cells: Mapping[int, SheetCell], kinds: Mapping[int, str | None]) -> Headings:
    """Columns of each kind, from first to last."""
    found: dict[str, Span] = {}
    starts = list(cells)
    left = min((column for column, kind in kinds.items() if kind in LEVELS), default=-1)
    for place, (column, cell) in enumerate(cells.items()):
        after = starts[place + 1] if place + 1 < len(starts) else max(column, cell.right) + 1
        kind = kinds[column] if column > left or kinds[column] not in LOOSE else None
        # The heading above the labels may speak of the budget too; the adjusted one counts.
        adjusted = kind == "budget" and re.search("调整|全年", key(cell.text))
        # Some forms have points of each level; those of the indicators stand behind their names.
        behind = kind == "points" and found.get("points", (0, 0)) < found.get("level3", (0, 0))
        if kind and (kind not in found or adjusted or behind):
            found[kind] = (column, after - 1)
    for kind, others in STAND_INS:
        for other in others:
            if kind not in found and other in found and (kind != "level4" or "level3" in found):
                found[kind] = found.pop(other)
    if "weight" in found and "points" not in found and "converted" not in found:
        found["points"] = found.pop("weight")
    if left < 0 and "level1" not in found and "level3" in found:
        found |= _levels_below_one(found.pop("level3"))
    first = min((found[level][0] for level in LEVELS if level in found), default=0)
    unknown = tuple(cell for column, cell in cells.items() if kinds[column] is None and column > first)
    return Headings(found, unknown)


def _levels_below_one(span: Span) -> dict[str, Span]:
    """Levels that stand side by side below a heading of them all, the name last."""
    columns = range(span[1], max(span[1] - 3, span[0] - 1), -1)
    return {
        level: (column, column)
        for level, column in zip(("level3", "level2", "level1"), columns, strict=False)
    }


def with_guesses(headings: Headings, body: Rows) -> Headings:
    """Add what the content of unknown columns tells of those that are missing.

    Parameters
    ----------
    headings
        As :func:`indicator_headings` reads them.
    body
        Rows below them.
    """
    for kind, fits in (("target", _like_targets), ("actual", _like_actual_values), ("score", _like_scores)):
        if kind in headings.columns:
            continue
        for cell in headings.unknown:
            column = (cell.column, cell.column)
            if fits(body, cell.column, headings.columns):
                headings = replace(
                    headings,
                    columns={**headings.columns, kind: column},
                    unknown=tuple(other for other in headings.unknown if other != cell),
                    guessed=headings.guessed | {kind},
                )
                break
    return headings


def filled(body: Rows, column: int) -> list[str]:
    """What is written in a column."""
    return [row[column].text for row in body if column < len(row) and not is_blank(row[column].text)]


def _like_targets(body: Rows, column: int, _: Mapping[str, Span]) -> bool:
    texts = filled(body, column)
    bounds = [read for text in texts if isinstance(read := read_quantity(text), Quantity) and read.sign]
    return len(bounds) * 2 >= len(texts) > 0


def _like_actual_values(body: Rows, column: int, columns: Mapping[str, Span]) -> bool:
    if "target" not in columns:
        return False
    aims = columns["target"][0]
    pairs = [
        (read_quantity(row[aims].text), read_quantity(row[column].text))
        for row in body
        if not is_blank(row[aims].text) and not is_blank(row[column].text)
    ]
    alike = [
        aim for aim, reached in pairs
        if isinstance(aim, Quantity) and isinstance(reached, Quantity) and aim.unit
        and same_unit(aim.unit, reached.unit)
    ]  # fmt: skip
    return len(alike) * 2 >= len(pairs) > 0


def _like_scores(body: Rows, column: int, columns: Mapping[str, Span]) -> bool:
    if "points" not in columns:
        return False
    pairs = [
        (read_number(row[columns["points"][0]].text), read_number(row[column].text))
        for row in body
        if not is_blank(row[columns["points"][0]].text) and not is_blank(row[column].text)
    ]
    return len(pairs) > 1 and all(
        points is not None and score is not None and 0 <= score <= points for points, score in pairs
    )
