"""Sixty forms at once: every file is accounted for, none stops the others, and the workbook is fit to work in."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from click.testing import CliRunner

from evalbook.cli import main
from evalbook.reading import find_files, gathering
from evalbook.recheck import files, read_forms
from evalbook.year import rewriting

if TYPE_CHECKING:
    from click.testing import Result

RIGHT = Path(__file__).with_name("forms").joinpath("right.csv").read_bytes()
WRONG = RIGHT.replace("4760人".encode(), "4604人".encode()).replace(b"98.5%", b"97.1%")
HEAD = "项目名称,困难群众救助,实施单位,{},,,,\n"


def of_unit(name: str, content: bytes = RIGHT) -> bytes:
    return HEAD.format(name).encode() + content


def score(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["score", *map(str, words)])


def packed(*members: tuple[str, bytes]) -> bytes:
    """A ZIP file; names in Chinese are written in GBK and not marked, as Windows and WPS do."""
    made, spoken = io.BytesIO(), dict[bytes, bytes]()
    with zipfile.ZipFile(made, "w") as archive:
        for number, (name, content) in enumerate(members):
            raw = name.encode("gbk")
            stand_in = f"{number:0{len(raw)}d}"
            spoken[stand_in.encode()] = raw
            archive.writestr(stand_in, content)
    whole = made.getvalue()
    for placed, written in spoken.items():
        whole = whole.replace(placed, written)
    return whole


@pytest.fixture
def dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as counties fill it."""
    folder, scratch = tmp_path / "自评表", tmp_path / "scratch"
    (folder / "甲县" / "附件").mkdir(parents=True)
    (folder / "__MACOSX").mkdir()
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    for path, content in {
        "2.乙县.csv": of_unit("乙县民政局"),
        "10.丙县.csv": of_unit("丙县民政局", WRONG),
        "2.乙县 - 副本.csv": of_unit("乙县民政局"),
        "甲县/附件/通知.pdf": b"%PDF-1.7",
        "甲县/坏.xlsx": b"PK\3\4" + b"\0" * 50,
        "甲县/gbk.csv": of_unit("甲县民政局").decode().encode("gbk"),
        "~$10.丙县.csv": b"x",
        ".DS_Store": b"x",
        "__MACOSX/2.乙县.csv": b"x",
        "丁市.zip": packed(
            ("丁市\\戊区\\自评表.csv", of_unit("戊区民政局")),
            ("../../etc/己区.csv", of_unit("己区民政局", WRONG)),
            ("__MACOSX/._己区.csv", b"x"),
            ("内层.zip", packed(("a.csv", RIGHT))),
        ),
        "空.zip": packed(),
    }.items():
        (folder / path).write_bytes(content)
    (folder / "甲县" / "链接.csv").symlink_to(folder / "2.乙县.csv")
    return folder


def test_every_file_is_accounted_for(dropped: Path) -> None:
    """Those that cannot be read are told and stop no other; nothing is left behind, and nothing written elsewhere."""
    done = score("--form", dropped, "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 2
    told = [(one["path"], one["unit"], one["read"], len(one["findings"])) for one in document["files"]]
    assert told == [
        ("2.乙县 - 副本.csv", "乙县民政局", "whole", 0),
        ("2.乙县.csv", "", "whole", 0),
        ("10.丙县.csv", "丙县民政局", "whole", 2),
        ("丁市.zip/../../etc/己区.csv", "己区民政局", "whole", 2),
        ("丁市.zip/丁市/戊区/自评表.csv", "戊区民政局", "whole", 0),
        ("丁市.zip/内层.zip", "", "not", 0),
        ("甲县/gbk.csv", "甲县民政局", "whole", 0),
        ("甲县/坏.xlsx", "", "not", 0),
        ("甲县/链接.csv", "", "not", 0),
        ("甲县/附件/通知.pdf", "", "not", 0),
        ("空.zip", "", "not", 0),
    ]
    assert all(
        "请" in one["why"] or one["path"] == "空.zip" for one in document["files"] if one["read"] == "not"
    )
    assert document["files"][1]["same_as"] == "2.乙县 - 副本.csv"
    assert document["files"][0]["forms"][0]["totals"]["checked"] == "70"
    assert document["summary"] == {
        "whole": 6, "partly": 0, "not": 5, "copy": 1,
        "findings": {"错误": 4, "疑点": 0, "提示": 0}, "unjudged": 5,
    }  # fmt: skip
    assert len(document["findings"]) == 4
    assert not list(Path(tempfile.gettempdir()).iterdir())


def test_text_and_exit_codes(dropped: Path, tmp_path: Path) -> None:
    right, wrong = dropped / "2.乙县.csv", dropped / "10.丙县.csv"
    done = score("--form", right, wrong)  # as a shell spreads *.csv
    assert done.exit_code == 1
    assert done.output.index("2.乙县.csv：读全") < done.output.index("单位：丙县民政局")
    assert "2个文件：读全2，部分读0，没有读0；错误2条" in done.output
    assert score("--form", right, "--form", dropped / "甲县" / "gbk.csv").exit_code == 0
    assert score("--form", dropped / "丁市.zip").output.count("没有读。") == 1
    missing = score("--form", right, "--form", tmp_path / "没有.csv")
    assert missing.exit_code == 2
    assert "没有.csv：没有读。找不到" in missing.output
    assert "没有找到一张自评表" in score("--form", dropped / "甲县" / "附件").output
    (tmp_path / "空文件夹").mkdir()
    assert "文件夹里没有文件" in score("--form", tmp_path / "空文件夹").output


def test_what_is_too_much_is_not_unpacked(dropped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reasons() -> set[str]:
        return {one.path for one in find_files([dropped]) if "太" in one.why or "密码" in one.why}

    assert not reasons()
    for limit, value, refused in (
        ("MEMBERS", 3, {"丁市.zip"}),
        ("LISTING_LIMIT", 100, {"丁市.zip"}),
        ("PACKED_LIMIT", 1500, {"丁市.zip/../../etc/己区.csv", "丁市.zip/内层.zip"}),
        ("WORKBOOK_LIMIT", 1000, {"丁市.zip/内层.zip"}),
        ("FILES", 5, {"自评表"}),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(gathering, limit, value)
            assert reasons() == refused, limit
    content = bytearray((dropped / "丁市.zip").read_bytes())
    content[content.rindex(b"PK\1\2") + 8] |= 1
    (dropped / "丁市.zip").write_bytes(content)
    assert reasons() == {"丁市.zip/内层.zip"}


def test_what_was_read_in_part(dropped: Path) -> None:
    """Notices of what was not read are told with the workbook too; others, such as an encoding, are no lack."""
    book: Any = openpyxl.Workbook()
    for line in RIGHT.decode().splitlines():
        book.active.append(line.split(","))
    book.create_sheet("上报").sheet_state = "hidden"
    book.save(dropped / "庚县.xlsx")
    damaged = bytearray((dropped / "丁市.zip").read_bytes())
    damaged[damaged.index(RIGHT)] ^= 1
    (dropped / "丁市.zip").write_bytes(damaged)
    done = score("--form", dropped, "--xlsx", dropped / "核算.xlsx")
    assert "庚县.xlsx：部分读。\n提示：庚县.xlsx：隐藏的工作表“上报”没有读" in done.output
    assert "丁市.zip/丁市/戊区/自评表.csv：没有读。在压缩包里读不出来" in done.output
    assert "gbk.csv" not in done.output
    assert "12个文件：读全5，部分读1，没有读6" in done.output


def test_a_fault_of_the_program_stops_no_other(dropped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(path: Path) -> Any:
        if "丙县" in path.name:
            raise AttributeError
        return read_forms(path)

    monkeypatch.setattr(files, "read_forms", faulty)
    done = score("--form", dropped / "2.乙县.csv", dropped / "10.丙县.csv")
    assert done.exit_code == 2
    assert "10.丙县.csv：没有读。核算时程序出错（AttributeError）" in done.output
    assert "读全1，部分读0，没有读1" in done.output


# -- the workbook


def test_the_workbook(dropped: Path) -> None:
    """The same files give the same bytes, the workbook among them from the last time or not; nothing in it is run."""
    (dropped / "=1+1.csv").write_bytes(of_unit("=cmd|' /C calc'!A0", WRONG))
    target = dropped / "核算.xlsx"
    first = score("--form", dropped, "--xlsx", target)
    assert first.exit_code == 2
    assert "通知.pdf：没有读" in first.output
    assert "没有达到目标" not in first.output
    content = target.read_bytes()
    assert score("--form", dropped, "--xlsx", target).output == first.output
    assert target.read_bytes() == content
    book: Any = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["自评表", "发现", "不能判断"]
    for sheet in book.worksheets:
        assert (sheet.freeze_panes, sheet.auto_filter.ref[:2], sheet.print_title_rows) == (
            "B4",
            "A3",
            "$3:$3",
        )
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    forms, findings, unjudged = (
        [list(row) for row in sheet.iter_rows(min_row=3)] for sheet in book.worksheets
    )
    head = [cell.value for cell in forms[0]]
    assert [len(head), len(findings[0]), len(unjudged[0])] == [16, 10, 6]
    risky = next(line for line in forms if line[0].value == "=1+1.csv")
    row = dict(zip(head, (cell.value for cell in risky), strict=True))
    assert row["单位"] == "=cmd|' /C calc'!A0"
    assert (row["错误"], row["分值合计"], row["其中能核对"], row["表上总分"]) == (2, 100, 70, 98.8)
    assert risky[1].quotePrefix
    # Two rows with one cause are one row here, with both places; each is told.
    wrong = [[cell.value for cell in line] for line in findings[1:]]
    assert [(line[0], line[3], line[4]) for line in wrong] == [
        ("10.丙县.csv", "G7、G9", "错误"),
        ("=1+1.csv", "G7、G9", "错误"),
        ("丁市.zip/../../etc/己区.csv", "G7、G9", "错误"),
    ]
    assert wrong[0][6].count("却得满分") == 2
    assert wrong[0][-2:] == [None, None]
    assert findings[2][0].hyperlink.location == f"'自评表'!A{risky[0].row}"


def test_nothing_of_others_is_written_over(dropped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook is replaced where it is an earlier result that nobody has worked in; a form or another file never."""
    form, target = dropped / "10.丙县.csv", dropped / "核算.xlsx"
    assert score("--form", form, "--xlsx", target).exit_code == 1
    book: Any = openpyxl.load_workbook(target)
    book["发现"]["I4"] = "已电话核实"
    book.save(target)
    other = dropped / "表.xlsx"
    plain: Any = openpyxl.Workbook()
    for line in RIGHT.decode().splitlines():
        plain.active.append(line.split(","))
    plain.save(other)
    for path in (target, other, dropped / "甲县" / "坏.xlsx"):
        content = path.read_bytes()
        done = score("--form", dropped, "--xlsx", path)
        assert (done.exit_code, path.read_bytes()) == (2, content)
        assert "没有覆盖" in done.output

    def held(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(rewriting, "write_whole", held)
    done = score("--form", form, "--xlsx", dropped / "新.xlsx")
    assert done.exit_code == 2
    assert "在 Excel 或 WPS 里打开着" in done.output


HEADS = {
    "主管部门,甲县民政局,实施单位,甲县社会救助中心": "甲县社会救助中心",
    "主管部门,甲县民政局,实施单位,社会救助股": "甲县民政局社会救助股",
    "主管部门及代码,,实施单位,": "",
    "填报单位：甲县民政局（盖章）,,单位：万元,": "甲县民政局（盖章）",
    "预算单位,甲县民政局,主管部门,甲县民政局": "甲县民政局",
    "项目单位,,主管部门,甲县民政局": "甲县民政局",
    "单位名称,项目名称,金额单位,万元": "",
}


@pytest.mark.parametrize("head", HEADS)
def test_whose_form_it_is(head: str, tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_bytes(f"{head},,,,\n".encode() + RIGHT)
    (form,) = read_forms(path)
    assert form.unit == HEADS[head]
