"""Where tables and charts stand in the prose: a line of its own such as ``【表：资金安排】``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from evalbook.errors import Problems
from evalbook.schema.text import quote

TABLE, CHART = "表", "图"


@dataclass(frozen=True)
class Exhibit:
    """A table or a chart that prose can place.

    Attributes
    ----------
    kind : str
        表 or 图.
    name : str
        As the prose calls it.
    key : str
        As the program calls it.
    holds : str
        What it shows, for the guide.
    aliases : tuple of str
        Other names that are understood.
    """

    kind: str
    name: str
    key: str
    holds: str
    aliases: tuple[str, ...] = ()


EXHIBITS = (
    Exhibit(CHART, "资金来源", "funds", "各级安排的各项资金", ("资金安排", "资金")),
    Exhibit(TABLE, "资金安排", "funds", "各级安排的各项资金、合计和比重", ("资金来源", "资金")),
    Exhibit(CHART, "项目支出", "spending", "各项目的累计支出", ("支出", "支出情况")),
    Exhibit(
        TABLE, "支出与保障", "programmes", "各项目的支出、保障对象、标准和人均水平",
        ("支出、保障对象、标准与水平", "支出及对象保障情况", "项目支出", "支出", "支出情况", "各项目情况"),
    ),
    Exhibit(CHART, "人均水平", "level", "各项目的人均月支出", ("人均月支出", "人均救助水平", "救助水平")),
    Exhibit(CHART, "保障对象", "people", "各项目的人数、户数和人次", ("保障人数", "人数")),
    Exhibit(TABLE, "保障对象", "people", "各项目按保障形式的人数、户数和人次", ("保障人数", "人数")),
    Exhibit(TABLE, "项目细分", "splits", "分形式、护理等级、档次、城乡的人数、支出、标准和水平",
        ("细分", "交叉分项", "分项情况")),
    Exhibit(TABLE, "各地区情况", "places", "各乡镇、县区的资金、支出、保障对象、标准，与全县（全市）对照",
        ("各地区", "分地区情况", "各乡镇情况", "各县区情况", "地区")),
    Exhibit(TABLE, "各时期情况", "periods", "月、季、半年、累计和别的年份的数字，与本年度对照", ("各时期", "分时期情况", "时期")),
    Exhibit(CHART, "各月人数", "monthly_people", "月报里各项目每月的人数", ("月报人数", "每月人数")),
    Exhibit(CHART, "各月支出", "monthly_spending", "月报里各项目每月的支出", ("月报支出", "每月支出")),
    Exhibit(TABLE, "月报", "months", "月报里各项目每月的数字", ("各月情况", "各月数字", "分月情况")),
    Exhibit(CHART, "资金与支出", "execution", "各领域的资金和支出", ("支出与资金", "预算执行", "预算执行情况")),
    Exhibit(TABLE, "资金与支出", "execution", "各领域的资金、支出和比例", ("支出与资金", "预算执行", "预算执行情况")),
    Exhibit(CHART, "分档标准", "tiers", "各类（档）标准", ("标准与档次", "档次", "分类标准", "保障标准")),
    Exhibit(
        TABLE, "标准与档次", "standards", "各项标准、档次和报告所述水平，折合成月和年",
        ("标准、档次与报告所述水平", "分档标准", "档次", "分类标准", "保障标准", "标准"),
    ),
    Exhibit(CHART, "年度工作", "actions", "年度工作的数字", ("年度工作的数字", "工作", "主要做法")),
    Exhibit(TABLE, "年度工作", "actions", "年度工作的数字，和写在哪一部分", ("年度工作的数字", "工作", "主要做法")),
    Exhibit(TABLE, "引用文件", "documents", "报告引用的政策文件", ("报告引用的文件", "政策文件", "文件依据", "文件")),
)  # fmt: skip
"""What prose can place, in the order of a report."""

_OPEN, _CLOSE = r"【\[［〔〖〘", r"】\]］〕〗〙"
LINE = re.compile(
    rf"[{_OPEN}]\s*(表|图)\s*(?P<colon>[：:﹕;；]?)\s*(?P<name>[^{_OPEN}{_CLOSE}]*?)\s*[{_CLOSE}]"
)
"""A placement, as it is typed or comes from the clipboard."""

WITHIN = re.compile(rf"[{_OPEN}]\s*[图表][图表格]?\s*[：:﹕]")
"""What was meant to be one, and is not."""


@dataclass(frozen=True)
class Placement:
    """Place of a table or a chart in the prose.

    Attributes
    ----------
    kind, name, key : str
        Of the :class:`Exhibit`.
    position : int
        How many paragraphs of its section stand before it.
    line : int
        Line in the file; 0 where it follows from the outline of a report.
    """

    kind: str
    name: str
    key: str
    position: int
    line: int = 0

    def __str__(self) -> str:
        return f"【{self.kind}：{self.name}】"


def _plain(name: str) -> str:
    return re.sub(r"[\s“”《》\"]", "", name).replace("和", "与").replace("及", "与")


_KNOWN = {
    (exhibit.kind, _plain(name)): exhibit
    for exhibit in reversed(EXHIBITS)
    for name in (*exhibit.aliases, exhibit.name)
}


def names_of(kind: str) -> tuple[str, ...]:
    """Names of the tables, or of the charts, that prose can place."""
    return tuple(exhibit.name for exhibit in EXHIBITS if exhibit.kind == kind)


def placement_at(file: str, number: int, line: str, position: int) -> tuple[Placement | None, Problems]:
    """Placement that a line is; neither a placement nor a problem where it is anything else.

    Parameters
    ----------
    file, number
        Where the line stands.
    line
        The line, without white space around it.
    position
        How many paragraphs of its section stand before it.
    """
    problems = Problems(file)
    match = LINE.fullmatch(line)
    if match is None:
        if found := WITHIN.search(line):
            expected = f"图和表单独占一行，写成“【{TABLE}：{names_of(TABLE)[0]}】”"
            problems.add(
                number, "", f"图或表的位置写成了{quote(line[found.start() :])}", expected, "照样改写"
            )
        return None, problems
    kind, name = match[1], match["name"]
    if exhibit := _KNOWN.get((kind, _plain(name).removesuffix(kind))):
        return Placement(kind, exhibit.name, exhibit.key, position, number), problems
    if match["colon"]:
        problems.add(number, "", f"没有{quote(name)}这个{kind}", _proposed(kind, name), "改成其中一个名称")
    return None, problems


def is_placement(line: str) -> bool:
    """Whether a line places a table or a chart."""
    return placement_at("", 0, line, 0)[0] is not None


def _proposed(kind: str, name: str) -> str:
    """Names near an unknown one, and all of its kind."""
    names = {plain: exhibit.name for (of, plain), exhibit in _KNOWN.items() if of == kind}
    near = dict.fromkeys(names[plain] for plain in get_close_matches(_plain(name), names, 3, 0.4))
    other = next((of for of, plain in _KNOWN if of != kind and plain == _plain(name)), "")
    proposed = [f"【{other}：{_KNOWN[other, _plain(name)].name}】"] if other else [*near]
    listed = f"全部的{kind}有{'、'.join(names_of(kind))}"
    return f"相近的有{'、'.join(proposed)}；{listed}" if proposed else listed
