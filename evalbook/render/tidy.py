"""The figures of a year as a tidy table: one row a figure, a CSV file and its schema.

Every column is declared once, in :data:`FIELDS`; the CSV file, the schema beside it and the sheet of
indicators in the workbook follow.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.figures import UNCERTAIN, Cell, is_exact
from evalbook.render.corrections import plain_facts
from evalbook.render.editions import edition_and_status
from evalbook.schema.vocabulary import FLAGS
from evalbook.year.authority import STATES

if TYPE_CHECKING:
    from evalbook.figures import Figure, FigureSet

STATED, COMPUTED = "填报", "计算"
MARK = "'"
# What spreadsheet programs run, in full-width and other compatible forms too, and what starts a new cell
# (OWASP, "CSV Injection"); a mark that is there already, so that removing one always gives the text back.
RISKY = re.compile(rf"[\t\r\n{MARK}]|\s*[=+\-@]")

ROUNDING = "填报的数值与原表逐位相同；合计和差保留全部位数；比率、人均等计算结果按单位的小数位四舍五入，只在显示时舍入一次"
MARKING = (
    "文字以 = + - @ 或它们的全角形式、制表符、换行开头的，前面加一个半角撇号 '，使表格软件不把它当公式；"
    "原来就以撇号开头的也加一个。读回时去掉一个撇号。数值从不加撇号"
)


def is_risky(text: str) -> bool:
    """Whether a spreadsheet program might take a text for a formula."""
    return bool(RISKY.match(unicodedata.normalize("NFKC", text)))


@dataclass(frozen=True)
class Field:
    """One column of the tidy table.

    Attributes
    ----------
    name, heading : str
        English and Chinese name.
    help : str
        What it holds, in Chinese.
    pattern : str
        Regular expression that its cells match, as CSVW's ``format`` says it; empty when they may be anything.
    base : str
        CSVW's name of what it holds.
    required : bool
        Whether it is never empty.
    """

    name: str
    heading: str
    help: str
    pattern: str = ""
    base: str = "string"
    required: bool = False

    @property
    def is_text(self) -> bool:
        """Whether its cells hold words, which may look like a formula."""
        return self.base == "string"


ADDRESS = r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+"
MEANINGS = "，".join(f"{flag} {meaning}" for flag, meaning in FLAGS.items())
KINDS = f"{STATED}：照原表录入；{COMPUTED}：由程序按公式算出"
TREATED = "第几版更正或标为存疑，理由，发现编号，谁能核定；由这样的数字算出的，写明是哪些数字"

FIELDS = (
    Field("year", "年度", "财政年度", "[0-9]{4}", "gYear", required=True),
    Field("address", "地址", "数字的固定代号，各年相同，一年之内不重复", ADDRESS, required=True),
    Field("label", "指标", "数字的中文名称", required=True),
    Field(
        "value",
        "数值",
        f"不带单位、不带千位分隔符的十进制数，存疑的照所写的数字，可能的值见“范围”；空白表示没有数字，原因见“没有数字的原因”。{ROUNDING}",
        base="decimal",
    ),
    Field(
        "low",
        "最低",
        "存疑的数字和由它算出的数字，至少是多少，向外舍入；空白表示没有疑问或不能确定",
        base="decimal",
    ),
    Field("high", "最高", "同上，至多是多少", base="decimal"),
    Field("range", "范围", f"这个数字可能的值，连同单位；没有来源能限定的写“{UNCERTAIN}”；空白表示没有疑问"),
    Field("unit", "单位", "数值的计量单位", required=True),
    Field("flag", "标志", f"数字的状态：{MEANINGS}；空白表示正常", "|".join(FLAGS)),
    Field(
        "status",
        "数据状态",
        "草稿不得引用；送审稿、更正稿未经批准",
        "|".join(STATES),
        required=True,
    ),
    Field("kind", "来历", KINDS, f"{STATED}|{COMPUTED}", required=True),
    Field("file", "原表", "填报的数字所在的文件"),
    Field("cell", "单元格", "用 Excel 打开原表时的列和行，如 C2", "[A-Z]+[1-9][0-9]*"),
    Field("source", "出处", "填报的数字从哪里来"),
    Field("formula", "公式", "计算的数字怎样算出"),
    Field("reason", "没有数字的原因", "没有数值时写报告没有写、不适用或待填，再写为什么"),
    Field("note", "备注", "需要说明的情况"),
    Field("edition", "版次", "第几版；空白表示还没有定版", base="integer"),
    Field("original", "原值", "更正过的数字，签发的报告原来写的值，连同单位"),
    Field("correction", "更正和存疑", TREATED),
)
"""The columns, in order."""


def cells_of(figures: FigureSet, figure: Figure) -> dict[str, str]:
    """Cells of a figure by the names of :data:`FIELDS`.

    The value has every digit that the number has; of a quotient, which may have no last one, those that are shown.
    """
    year, lineage, value = figures.year, figure.lineage, figure.number
    if isinstance(lineage, Cell):
        place = f"{lineage.letter}{lineage.row}"
        origin = {"kind": STATED, "file": lineage.file, "cell": place, "source": lineage.source}
    else:
        origin = {"kind": COMPUTED, "formula": lineage.formula}
    if figure.value is not None and (isinstance(lineage, Cell) or is_exact(lineage.expression)):
        value = f"{figure.value:f}"
    original, correction = plain_facts(figures, figure)
    doubt = figure.doubt
    low, high = doubt.ends if doubt else ("", "")
    own = {name: getattr(figure, name) for name in ("address", "label", "unit", "flag", "note")}
    return dict.fromkeys((field.name for field in FIELDS), "") | {
        **own,
        **origin,
        "year": str(year.settings.year),
        "value": value,
        "status": year.status,
        "reason": f"{figure.absence}：{figure.reason}" if figure.value is None else "",
        "edition": str(year.released.number) if year.released else "",
        "low": low,
        "high": high,
        "range": doubt.text if doubt else "",
        "original": original,
        "correction": correction,
    }


def figures_name(figures: FigureSet) -> str:
    """Name of the CSV file."""
    return f"figures-{figures.year.settings.year}.csv"


def schema_name(figures: FigureSet) -> str:
    """Name of its schema, which CSVW (5.3) looks for beside it."""
    return f"{figures_name(figures)}-metadata.json"


def figures_csv(figures: FigureSet) -> bytes:
    """Every figure of a year, missing ones included.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, by which Excel knows it; lines end as RFC 4180 says.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(column.heading for column in FIELDS)
    for figure in figures.figures.values():
        texts = zip(FIELDS, cells_of(figures, figure).values(), strict=True)
        writer.writerow(MARK + text if column.is_text and is_risky(text) else text for column, text in texts)
    return stream.getvalue().encode("utf-8-sig")


def figures_schema(figures: FigureSet) -> bytes:
    """Schema of the CSV file, to lie beside it.

    Returns
    -------
    bytes
        JSON after the W3C recommendation "Metadata Vocabulary for Tabular Data" (CSV on the Web).
    """
    settings = figures.year.settings
    columns = [
        {
            "name": column.name,
            "titles": column.heading,
            "dc:description": column.help,
            "datatype": {"base": column.base} | ({"format": column.pattern} if column.pattern else {}),
            "required": column.required,
        }
        for column in FIELDS
    ]
    schema = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": figures_name(figures),
        "dc:title": f"{''.join(settings.title)}：全部数字",
        "dc:creator": settings.bureau,
        "dc:language": "zh-CN",
        "dc:description": f"{edition_and_status(figures)}。{ROUNDING}。{MARKING}。",
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"'},
        "tableSchema": {"columns": columns, "primaryKey": "address"},
    }
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()
