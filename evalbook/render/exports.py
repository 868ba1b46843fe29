"""Files that readers take away: declared once, written beside the year's pages, listed on the page of downloads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.render.editions import signed_name
from evalbook.render.forms import has_form
from evalbook.render.forms_workbook import forms_workbook
from evalbook.render.markdown import Block, download, escape, table
from evalbook.render.tidy import figures_csv, figures_name, figures_schema, schema_name
from evalbook.render.workbook import workbook
from evalbook.year import SIGNED_TEXT, year_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from evalbook.figures import FigureSet
    from evalbook.render.page import Page


@dataclass(frozen=True)
class Export:
    """One kind of file.

    Attributes
    ----------
    name : callable
        File name in a year.
    content : callable
        Bytes of the file; the same figures give the same bytes.
    holds, readers : str
        What it holds, and for whom it is, in Chinese.
    attached : str
        Media type under which the year's PDF carries it; empty when it does not.
    applies : callable
        Whether a year has it.
    """

    name: Callable[[FigureSet], str]
    content: Callable[[FigureSet], bytes]
    holds: str
    readers: str
    attached: str = ""
    applies: Callable[[FigureSet], bool] = lambda _: True


EXPORTS = (
    Export(
        lambda figures: f"report-{figures.year.settings.year}.xlsx",
        workbook,
        "Excel 工作簿：封面、目录、说明，然后一张表一个工作表：本年度的各个数据表和全部指标（附公式）",
        "用 Excel 或 WPS 查阅、核对、制表的人",
    ),
    Export(
        lambda figures: f"form-{figures.year.settings.year}.xlsx",
        forms_workbook,
        "官方表样的自评表：第一张写明能不能报送、缺什么；然后是项目支出绩效自评表、绩效目标自评表，行列、合并、列宽照表样，"
        "能确定的都已填好，不能确定的空着；最后是底稿，不报送",
        "用 Excel 或 WPS 修改、打印、报送自评表的人",
        applies=lambda figures: any(map(has_form, figures.year.frameworks)),
    ),
    Export(
        lambda figures: signed_name(figures.year.signed_edition or 0),
        lambda figures: (
            year_folder(figures.year.root, figures.year.settings.year).joinpath(SIGNED_TEXT).read_bytes()
        ),
        "签发文本：报告签发时的原文，一字未改；文件名里的数字是第几版",
        "要核对报告原文的人",
        applies=lambda figures: figures.year.signed_edition is not None,
    ),
    Export(
        figures_name,
        figures_csv,
        "本年度的全部数字，一行一个：数值、单位、标志、原表的单元格和出处，或计算公式；"
        "UTF-8 编码，Excel 可以直接打开",
        "要用程序分析、比较各年数字的人",
        "text/csv",
    ),
    Export(
        schema_name,
        figures_schema,
        "上面 CSV 文件各列的名称、类型和含义（W3C 的 CSVW 格式），与 CSV 放在同一个文件夹里使用",
        "要让程序检查 CSV 文件的人",
        "application/json",
    ),
)
"""The files of a year, in the order of the page."""


def report_name(figures: FigureSet) -> str:
    """Name of the year's PDF, which is made from the pages and not from the figures alone."""
    return f"report-{figures.year.settings.year}.pdf"


def exports(figures: FigureSet) -> dict[str, bytes]:
    """Every file of a year by name."""
    return {export.name(figures): export.content(figures) for export in EXPORTS if export.applies(figures)}


def downloads(page: Page) -> Block:
    """Links to the files of the year, with what each holds."""
    report = "本年度报告的 PDF 文件：按公文格式排版，供签发、打印和归档（PDF/A-3a、PDF/UA-1），全部数字的 CSV 文件附在其中"
    rows = [(download(report_name(page.figures)), report, "签发、打印、归档的人")]
    rows += [
        (download(export.name(page.figures)), escape(export.holds), escape(export.readers))
        for export in EXPORTS
        if export.applies(page.figures)
    ]
    return Block(table("本年度可以下载的文件", ("文件", "内容", "适合"), rows, "stacked"))
