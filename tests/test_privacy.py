"""The privacy gate: what names a person is found wherever it stands, and nothing else is."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
import pickle
import re
import zipfile
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from counties import typed
from hypothesis import assume, example, given
from hypothesis import strategies as st
from PIL import Image
from planted import IDENTITY, PLANTS, pdf_page
from projects import ROOT
from stdnum import luhn
from stdnum.cn import ric, uscc

from evalbook.errors import EvalbookError
from evalbook.figures import FigureSet, load
from evalbook.privacy import Hit, PersonalDataError, scan, scan_file, scan_folder, small_counts
from evalbook.privacy.headings import judged_headings
from evalbook.release.admission import refuse_personal


def kinds(text: str, name: str = "说明.txt") -> list[str]:
    return [hit.kind for hit in scan_file(name, text.encode())]


@pytest.mark.parametrize("way", PLANTS)
def test_a_planted_number_is_found_named_and_masked(way: str) -> None:
    name, made, place = PLANTS[way]
    hits = scan_file(f"站点/{name}", made(IDENTITY))
    assert hits
    assert {hit.kind for hit in hits} == {"身份证号码"}
    assert any(place in str(hit) for hit in hits), [str(hit) for hit in hits]
    for hit in hits:
        assert hit.file.startswith(f"站点/{name}")
        assert hit.masked == "1101************2X"
        assert IDENTITY[4:-2] not in re.sub(r"\W", "", str(hit))


@pytest.mark.parametrize("way", PLANTS)
def test_the_same_file_without_the_number_is_clean(way: str) -> None:
    name, made, _ = PLANTS[way]
    assert not scan_file(name, made("无" if way not in ENCODED else "0"))


ENCODED = {"escaped in a script", "entities"}

TEXTS = {
    "11010519491231002X": ["身份证号码"],
    "440524188001010014": ["身份证号码"],
    "11010519491231002x。": ["身份证号码"],
    "１１０１０５１９４９１２３１００２Ｘ": ["身份证号码"],
    "110105 19491231 002X": ["身份证号码"],
    "110105-1949-12-31-002-X": ["身份证号码"],
    "110105　1949.12.31　002X": ["身份证号码"],
    "110105·19491231·002X": ["身份证号码"],
    "1101 0519 4912 3100 2X": ["身份证号码"],
    "1\u200b1010519491231002X": ["身份证号码"],
    "٤٤٠٥٢٤١٨٨٠٠١٠١٠٠١٤": ["身份证号码"],
    "账户99440524188001010014001": ["身份证号码"],
    "IMG_110105194912310028 ID11010519491231002X": ["疑似身份证号码（校验位不对）", "身份证号码"],
    "110105194912310 02X 15位之后": ["身份证号码"],
    "13110000000A00000A": [],
    "11010519491231002X 440524188001010014": ["身份证号码", "身份证号码"],
    "440524188001010015": ["疑似身份证号码（校验位不对）"],
    "110105 19491231 0028": ["疑似分开写的身份证号码"],
    "110105491231002": ["15位旧身份证号码"],
    "110105 491231 002": ["疑似分开写的身份证号码"],
    "手机13812345678。": ["手机号码"],
    "138-1234-5678": ["疑似分开写的手机号码"],
    "138 1234 5678": ["疑似分开写的手机号码"],
    "1381234-5678": ["疑似分开写的手机号码"],
    "138 12345678": ["疑似分开写的手机号码"],
    "+8619012345678": ["手机号码"],
    "+86 199-1234-5678": ["手机号码"],
    "008613812345678": ["手机号码"],
    "86-13812345678": ["手机号码"],
    "１３８１２３４５６７８": ["手机号码"],
    "电话13812345678。2020年起，见①13912345678²": ["手机号码", "手机号码"],
    "13812345678、13912345678": ["手机号码", "手机号码"],
    "卡号4111111111111111": ["银行卡号"],
    "5555 5555 5555 4444": ["疑似账户或证件号码"],
    "银行卡5555 5555 5555 4444": ["银行卡号"],
    "5555-5555-5555-4444": ["银行卡号"],
    "622588 0000000000": [],
    # and nothing else
    "6225880123456789": [],
    "6226000000000004": [],
    "11220882013597846H": [],
    "11341702003256300Q": [],
    "440524188013010014": [],
    "990105194912310021": [],
    "990105194912310023": [],
    "119999194912310021": ["身份证号码"],
    "210105194912310028123": [],
    "110105491331002": [],
    "0737-8822345、010-82345678、0737 13812345": [],
    "4305**********12 138****1234 35*************123 6225********6789": [],
    "湘民办发〔2017〕61号 桃民字[2020]54号 20201231 2020-01-01至2020-12-31": [],
    "13346.18万元 13,812,345,678元 13812345678.00元 0.110105194912310021": [],
    "ISBN 978-7-5099-1234-5，13 位，国家标准 GB/T 9704-2012": [],
    "commit 4a440524188001010015b3e1d7c9f0a2b4c6d8e0f1a3": [],
    "e3b0c44298fc1c149afbf13812345678ae41e4649b934ca495991b7852b85513": [],
    "M13.2-13.2 20.6-31.1 20.6-49.7c0-2.3-.1-4.6": [],
    "x=.3524626249659989,y=0.700383064443688,z=1.6662004999979992": [],
    "9007199254740991 4503599627370496 4294967296 1609459200000": [],
    "农村低保 6219 14437 2725 6246": [],
}


@pytest.mark.parametrize("text", TEXTS)
def test_numbers_in_a_text(text: str) -> None:
    assert kinds(text) == TEXTS[text]


def test_messages_name_the_place_and_say_what_to_do() -> None:
    hits = scan_file("a.csv", "项目,备注\n低保,440524188001010014\n特困,13812345678\n".encode())
    assert [str(hit) for hit in hits] == [
        "a.csv 第2行“备注”：身份证号码（4405************14）；请在原来的表、正文或附件里删去这个号码。",
        "a.csv 第3行“备注”：手机号码（138****5678）；请在原来的表、正文或附件里删去这个号码。",
    ]
    error = pickle.loads(pickle.dumps(PersonalDataError(hits)))  # noqa: S301
    assert error.hits == hits
    assert isinstance(error, EvalbookError)
    assert error.exit_code == 2
    assert str(error).splitlines()[1:] == [f"{number}. {hit}" for number, hit in enumerate(hits, start=1)]


def test_numbers_in_names_are_masked_too() -> None:
    """A heading, a sheet, a path: whatever a message names may itself be a number."""
    number = "440524188001010014"
    table = f"项目,{number}\n低保,{number}\n".encode()
    document = json.dumps({f"张某{number}": "13812345678"}).encode()
    for name, content in (
        (f"名单{number}.csv", table),
        ("a.json", document),
        (f"{number}.zip", b"PK\3\4 damaged"),
    ):
        hits = scan_file(name, content)
        assert hits
        assert number not in "".join(map(str, hits))


@pytest.mark.parametrize("cell", ["110105194912310000", "1.1010519491231E+17"])
def test_a_number_that_excel_rounded_is_still_suspect(cell: str) -> None:
    assert kinds(f"项目,备注\n低保,{cell}\n", "a.csv") == ["疑似身份证号码（校验位不对）"]


def test_a_number_typed_as_a_number_in_a_workbook() -> None:
    book, written = openpyxl.Workbook(), io.BytesIO()
    book["Sheet"]["C4"] = 440524188001010014
    book.save(written)
    assert [(hit.row, hit.column) for hit in scan_file("a.xlsx", written.getvalue())] == [(4, "Sheet C4")]


def test_cells_side_by_side_are_no_telephone() -> None:
    """pdfium puts a space between two cells; only a space that stands in the file parts a number."""
    cells = pdf_page("#table(columns: 3, [138], [1234], [5678])")("")
    assert not scan_file("a.pdf", cells)
    assert [hit.kind for hit in scan_file("a.pdf", pdf_page("Tel 138 1234 5678")(""))] == ["手机号码"]


# -- headings

PERSONAL = [
    "申请人",
    "受助人",
    "领款人",
    "残疾证号",
    "名字",
    "联系方式",
    "Phone",
    "姓名",
    "户主姓名",
    "监护人",
    "身份证号码",
    "身份证",
    "证件号",
    "出生日期",
    "电话",
    "联系电话",
    "手机",
    "手机号",
    "银行账号",
    "开户行",
    "家庭住址",
    "门牌",
    "照片",
    "姓名（全称）",
    "电话（必填）",
]
HARMLESS = [
    "项目",
    "学校补助金额",
    "单位电话",
    "办公电话",
    "监督电话",
    "项目负责人",
    "联系人",
    "联系人电话",
    "组织",
    "分组",
    "病种数",
    "残疾等级人数",
    "实施单位",
    "身份证明材料",
    "学校数",
    "资金",
    "指标名称",
    "备注",
    "姓名不得公开；违者追究责任",
    "补助标准（含残疾等级）",
]


@pytest.mark.parametrize("heading", [*PERSONAL, " 姓 名 "])
@pytest.mark.parametrize("table", ["csv", "titled", "html", "markdown", "xlsx", "json"])
def test_columns_about_persons(heading: str, table: str) -> None:
    book, written = openpyxl.Workbook(), io.BytesIO()
    for row in (["某县救助名单"], ["序号", heading, "2020年金额"], [1, "某", 500]):
        book["Sheet"].append(row)
    book.save(written)
    name, content = {
        "csv": ("a.csv", f"序号,{heading},2020年金额\n1,某,500\n".encode()),
        "titled": ("a.csv", f"某县救助名单,,\n序号,{heading},2020年金额\n1,某,500\n".encode()),
        "html": ("a.html", f"<html><table><tr><th><p>{heading}</p></th></tr></table></html>".encode()),
        "markdown": ("a.md", f"# 一\n\n| 序号 | {heading} |\n|---|:--|\n| 1 | 某 |\n".encode()),
        "xlsx": ("a.xlsx", written.getvalue()),
        "json": ("a.json", json.dumps({"values": [{heading: "某"}]}).encode()),
    }[table]
    (hit,) = scan_file(name, content)
    assert hit.kind == "个人信息列"
    assert hit.column.rpartition(".")[2].strip() == heading.strip()


@pytest.mark.parametrize("heading", HARMLESS)
def test_columns_about_offices_and_sums(heading: str) -> None:
    assert not judged_headings([heading])
    assert not scan_file("a.csv", f"序号,{heading}\n1,某\n".encode())


def test_the_telephone_of_an_office_in_a_form() -> None:
    assert not scan_file("a.csv", "项目负责人,某,联系电话,0737-8822345\n".encode())
    assert [hit.column for hit in scan_file("a.csv", "项目,联系电话\n".encode())] == ["联系电话"]


def test_headings_that_may_be_about_persons() -> None:
    for headings in ("救助对象,金额", "家庭成员,备注", "收款人,金额", "Name,Age,备注"):
        hits = scan_file("a.csv", f"{headings}\n某,1,2\n".encode())
        assert hits, headings
        assert {(hit.kind, hit.asked) for hit in hits} == {("疑似个人信息列", True)}
    assert not scan_file("a.csv", "救助对象,人数,金额\n".encode())


# -- samples

with (Path(__file__).parent / "privacy_samples.csv").open(encoding="utf-8", newline="") as _file:
    SAMPLES = [(row["地方"], row["文字"], row["应当"]) for row in csv.DictReader(_file)]


def sample(place: str, text: str) -> tuple[str, bytes]:
    """File in which a text stands at a place; bars part cells, and ^ parts the rows of a page's and a Markdown table."""
    tables = {
        "单元格": [["项目", "备注"], ["城市低保", text]],
        "表头": [text.split("|"), ["某"] * len(text.split("|"))],
        "一行": [["项目", *"乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"[: text.count("|")]], text.split("|")],
    }
    if place in {"网页", "标记"}:
        rows = [row.split("|") for row in text.split("^")]
        bars = [f"| {' | '.join(row)} |" for row in rows]
        bars.insert(1, "|---" * len(rows[0]) + "|")
        html = "".join(f"<tr>{''.join(f'<td><p>{cell}</p></td>' for cell in row)}</tr>" for row in rows)
        html = html.replace("td>", "th>", 2 * len(rows[0]))
        return (
            ("a.html", f"<html><table>{html}</table></html>".encode())
            if place == "网页"
            else ("a.md", "\n".join(bars).encode())
        )
    if place == "对象":
        return "a.json", text.encode()
    if place not in tables:
        return (text, b"") if place == "文件名" else ("a.md", text.encode())
    written = io.StringIO()
    csv.writer(written).writerows(tables[place])
    return "a.csv", written.getvalue().encode()


@pytest.mark.parametrize(("place", "text", "right"), SAMPLES)
def test_samples(place: str, text: str, right: str) -> None:
    """All people and numbers are made up; whoever is born in 2099 is nobody yet."""
    hits = scan_file(*sample(place, text))
    answers = {"询问" if hit.asked else "拒绝" for hit in hits}
    assert (answers & {"拒绝"} or answers or {"无"}) == {right}, [str(hit) for hit in hits]


def test_half_of_the_samples_are_harmless() -> None:
    harmless = sum(right == "无" for _, _, right in SAMPLES)
    assert len(SAMPLES) >= 150
    assert abs(len(SAMPLES) - 2 * harmless) <= 10


def test_a_question_shows_nobody_and_refuses_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 一\n\n贾大山，男，72岁，石桥村人，患肺癌。\n", encoding="utf-8")
    (hit,) = hits = scan_folder(tmp_path, "data/2020")
    assert hit.asked
    assert str(hit).startswith("data/2020/a.md 第3行：疑似个人情况（贾某，年龄、性别、疾病、住处）；请核对")
    assert "大山" not in str(hit)
    refuse_personal(hits)
    (tmp_path / "b.md").write_text(IDENTITY, encoding="utf-8")
    with pytest.raises(PersonalDataError) as refused:
        refuse_personal(scan_folder(tmp_path, "data/2020"))
    assert [hit.kind for hit in refused.value.hits] == ["身份证号码"]
    assert str(refused.value).startswith("没有定版：发现1处个人信息。绩效报告不需要任何一个人的信息：\n1. ")
    (tmp_path / "c.rar").write_bytes(b"Rar!")
    with pytest.raises(PersonalDataError, match="没有发布：发现1处个人信息、1处没有查清的内容"):
        refuse_personal(scan_folder(tmp_path, "data/2020"), "没有发布")
    with pytest.raises(PersonalDataError, match="没有定版：发现1处没有查清的内容"):
        refuse_personal(scan_file("c.rar", b"Rar!"))


# -- what is true of every number

REGIONS = ("110105", "440524", "430922", "432325", "650102", "130102", "330100", "522101")
DATES = st.dates(min_value=datetime.date(1850, 1, 1), max_value=datetime.date(2099, 12, 31))
GAPS = st.sampled_from((" ", "-", ".", "—", "　", "·", " - "))


@st.composite
def identities(draw: st.DrawFn) -> str:
    start = f"{draw(st.sampled_from(REGIONS))}{draw(DATES):%Y%m%d}{draw(st.integers(0, 999)):03}"
    return start + ric.calc_check_digit(f"{start}0")


def told(text: str) -> tuple[Hit, ...]:
    return scan_file("说明.txt", text.encode())


def assert_found(text: str, number: str) -> None:
    hits = told(text)
    assert "身份证号码" in {hit.kind for hit in hits}
    said = "".join(map(str, hits))
    assert number not in said
    assert number[4:-2] not in re.sub(r"\W", "", said)


@given(identities(), GAPS, st.sets(st.integers(1, 17)))
def test_every_identity_number_is_found_however_parted(number: str, gap: str, places: set[int]) -> None:
    parted = "".join(f"{gap if place in places else ''}{digit}" for place, digit in enumerate(number))
    assert_found(f"张某，{parted}。", number)


@given(identities(), st.tuples(GAPS, GAPS), st.booleans())
def test_every_identity_number_is_found_in_its_natural_parts(
    number: str, gaps: tuple[str, str], wide: bool
) -> None:
    parted = f"{number[:6]}{gaps[0]}{number[6:14]}{gaps[1]}{number[14:]}"
    if wide:
        parted = parted.translate({c: c + 0xFEE0 for c in map(ord, "0123456789X")})
    assert_found(f"（{parted}）", number)


@given(
    identities(), st.from_regex("[0-9]{0,30}", fullmatch=True), st.from_regex("[0-9]{0,30}", fullmatch=True)
)
def test_every_identity_number_is_found_in_longer_runs(number: str, before: str, after: str) -> None:
    hits = told(f"{before}{number}{after}")
    # By a rare chance another one begins a few digits earlier.
    assert [hit.kind for hit in hits].count("身份证号码") == 1
    assert number not in str(hits[0])


@given(identities(), st.integers(0, 17), st.integers(1, 9))
def test_a_wrong_digit_is_doubtful_or_no_number(number: str, place: int, shift: int) -> None:
    assume(number[place] != "X")
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert [hit.kind for hit in told(wrong)] != ["身份证号码"]


@given(
    st.from_regex("1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(("", "+86", "0086", "86 ", "+86-", "0")),
    st.sampled_from((" ", "-", "")),
)
def test_every_mobile_number_is_found(number: str, prefix: str, gap: str) -> None:
    (hit,) = told(f"电话：{prefix}{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}")
    assert (hit.kind, hit.masked) == ("手机号码", f"{number[:3]}****{number[7:]}")
    assert number[2:8] not in str(hit)


@given(st.from_regex("[3-6][0-9]{14,17}", fullmatch=True))
def test_every_bank_card_is_found(start: str) -> None:
    number = start + luhn.calc_check_digit(start)
    assume(not uscc.is_valid(number))
    (hit,) = told(f"卡号：{number}")
    assert hit.kind in {"银行卡号", "身份证号码", "疑似身份证号码（校验位不对）"}
    assert number[4:-2] not in str(hit)


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    start = draw(
        st.from_regex(
            "(?:1[1239]|5[1239]|9[123]|Y1)(?:11|43|65)[0-9]{4}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True
        )
    )
    assume(start[0] != "Y")
    return start + uscc.calc_check_digit(f"{start}0")


@given(
    st.one_of(
        st.decimals(0, 10**12, places=2).map(lambda amount: f"{amount}万元"),
        st.integers(0, 10**12).map(lambda amount: f"{amount:,}元"),
        st.dates().map(
            lambda day: f"{day:%Y%m%d}、{day}、{day:%Y.%m.%d}、{day.year}年{day.month}月{day.day}日"
        ),
        st.tuples(st.integers(1949, 2099), st.integers(1, 999)).map(lambda n: f"湘民发〔{n[0]}〕{n[1]}号"),
        credit_codes(),
        st.binary(min_size=1).map(lambda content: hashlib.sha256(content).hexdigest()),
        st.just("view_34d18757755087bc_2"),  # Altair's name for a view, with a mobile number in it
        st.binary(min_size=1).map(lambda content: hashlib.sha1(content, usedforsecurity=False).hexdigest()),
        st.floats(0, 10**9, exclude_max=True).map(repr),
        st.lists(st.floats(-999, 999), min_size=4).map(lambda path: "M" + " ".join(f"{x:.3f}" for x in path)),
        st.from_regex(r"(?:010|02[0-9]|0[3-9][0-9]{2})-[1-9][0-9]{6,7}", fullmatch=True),
        st.from_regex(r"97[89]-7-[0-9]{4}-[0-9]{4}-[0-9]", fullmatch=True),
    )
)
@example("11430922006334567X")
def test_amounts_dates_codes_and_digests_are_no_persons(text: str) -> None:
    assert not told(text)


# -- folders, and what cannot be read


def test_a_folder_is_looked_through_whole(tmp_path: Path) -> None:
    (tmp_path / ".隐藏").mkdir()
    (tmp_path / ".隐藏" / ".a").write_text(IDENTITY, encoding="utf-8")
    (tmp_path / f"张某{IDENTITY}").mkdir()
    (tmp_path / "b 13812345678.txt").write_text("没有", encoding="utf-8")
    (tmp_path / "c").symlink_to("/etc/passwd")
    hits = scan_folder(tmp_path, "2020")
    assert [(hit.file, hit.row, hit.column, hit.kind) for hit in hits] == [
        ("2020/.隐藏/.a", 1, "", "身份证号码"),
        ("2020/b 138****5678.txt", 0, "文件名", "手机号码"),
        ("2020/c", 0, "", "无法检查"),
        ("2020/张某1101************2X", 0, "文件名", "身份证号码"),
    ]
    with pytest.raises(EvalbookError, match="文件夹"):
        scan_folder(tmp_path / "missing")


def nested(depth: int) -> bytes:
    content = b"end"
    for _ in range(depth):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as file:
            file.writestr("inner.zip", content)
        content = written.getvalue()
    return content


def locked_pdf() -> bytes:
    document, written = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
    return written.getvalue()


def cut_png() -> bytes:
    written = io.BytesIO()
    Image.effect_noise((64, 64), 9).save(written, "PNG")
    return written.getvalue()[:900]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", nested(9)),
        ("a.zip", b"PK\x03\x04damaged"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 locked"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00"),
        ("a.pdf", b"%PDF-1.7 damaged"),
        ("a.pdf", locked_pdf()),
        ("a.png", cut_png()),
        ("a.gz", b"\x1f\x8b damaged"),
    ],
)
def test_what_cannot_be_read_is_told(name: str, content: bytes) -> None:
    assert "无法检查" in {hit.kind for hit in scan_file(name, content)}


def test_what_grows_without_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.txt", b"0" * 3_000_000)
    document, stored = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.attachments["a"] = pikepdf.AttachedFileSpec(document, b"0" * 3_000_000, filename="a")
    document.save(stored)
    monkeypatch.setattr(scan, "UNPACKED_LIMIT", 2_000_000)
    monkeypatch.setattr(scan, "SIZE_LIMIT", 1_000_000)
    for name, content in (
        ("a.zip", written.getvalue()),
        ("a.pdf", stored.getvalue()),
        ("a.txt", b"0" * 1_000_001),
    ):
        (hit,) = scan_file(name, content)
        assert (hit.kind, hit.masked) == ("无法检查", "太大，没有查")


@pytest.mark.parametrize(
    "content",
    [
        b"0" * 500_000,
        b"0 " * 250_000,
        b"1" * 500_000 + b"x",
        b"1." * 250_000,
        b"[" * 500_000,
        b"<a>" * 200_000,
        b"138 1234" * 60_000,
        "低保户张三（1岁、李四 名单：王五\n".encode() * 10_000,
        "张·".encode() * 80_000,
        "身份证号1、O".encode() * 30_000,
    ],
    ids=["digits", "groups", "ones", "dots", "brackets", "elements", "almost", "persons", "names", "labels"],
)
@pytest.mark.parametrize("name", ["a.txt", "a.json", "a.html", "a.svg", "a.csv"])
def test_hostile_texts_take_no_time(name: str, content: bytes) -> None:
    scan_file(name, content)


@pytest.mark.parametrize("folder", ["data", "notebooks", "book/guide"])
def test_the_real_project_has_no_hit(folder: str) -> None:
    assert scan_folder(ROOT / folder, folder) == ()


# -- small counts


def counted(tmp_path: Path, people: str, actions: str = "") -> FigureSet:
    return load(typed(2020, {"people": people, "actions": actions}).write(tmp_path), 2020)


COUNTS: dict[str, tuple[str, str, list[tuple[str, int]]]] = {
    "large enough": ("城市低保,,,月均,3,人", "", []),
    "one": ("城市低保,,,月均,1,人", "", [("people", 2)]),
    "two households": ("临时救助,,,按次累计,2,户次", "", [("people", 2)]),
    "nobody, and nobody knows": ("城市低保,,,月均,0,人\n农村低保,,,月均,,人 x", "", []),
    "another number of a programme": ("城市低保,,,月均,9,人\n城市低保,,新增,全年累计,2,人", "", [("people", 3)]),
    "left by subtraction": ("农村特困,,,期末,100,人\n农村特困,分散供养,,期末,98,人", "", [("people", 2)]),
    "nothing left": ("农村特困,,,期末,100,人\n农村特困,分散供养,,期末,60,人\n农村特困,集中供养,,期末,40,人", "", []),
    "small part and the part that gives it away": (
        "农村特困,,,期末,100,人\n农村特困,全自理,,期末,59,人\n农村特困,半护理,,期末,39,人\n农村特困,全护理,,期末,2,人",
        "",
        [("people", 4), ("people", 5)],
    ),
    "two small parts hide each other": (
        "农村特困,,,期末,100,人\n农村特困,全自理,,期末,97,人\n农村特困,半护理,,期末,1,人\n农村特困,全护理,,期末,2,人",
        "",
        [("people", 4), ("people", 5)],
    ),
    "small part without a total": ("农村特困,分散供养,,期末,60,人\n农村特困,集中供养,,期末,2,人", "", [("people", 3)]),
    "programme and its parts": ("特困供养,,,期末,100,人\n农村特困,,,期末,98,人", "", [("people", 2)]),
    "programme and the forms of its parts": (
        "特困供养,,,期末,100,人\n农村特困,分散供养,,期末,60,人\n农村特困,集中供养,,期末,38,人",
        "",
        [("people", 2)],
    ),
    "counted in another way": ("特困供养,,,期末,100,人\n农村特困,,,月均,98,人", "", []),
    "work for a programme": ("城市低保,,,月均,9,人", "a,孤儿补贴,助学人数,2,名", [("actions", 2)]),
    "staff": ("城市低保,,,月均,9,人", "a,,工作队员人数,2,名\nb,,乡镇数,1,个", []),
    "places of a programme": ("城市低保,,,月均,9,人", "a,孤儿补贴,儿童之家数,1,所", []),
    "part of the year's work": (
        "城市低保,,,月均,9,人",
        "a,,清退人数,40,人\nb,,其中重病人数,39,人,其中,清退人数",
        [("actions", 2)],
    ),
    "components": (
        "城市低保,,,月均,9,人",
        "a,,清退人数,40,人\nb,,死亡清退人数,30,人,分项,清退人数\nc,,就业清退人数,8,人,分项,清退人数\nd,,其他清退人数,2,人,分项,清退人数",
        [("actions", 4), ("actions", 5)],
    ),
    "part of a programme": ("流浪乞讨人员救助,,,全年累计,30,人", "a,流浪乞讨人员救助,住院人数,29,人,其中", [("people", 2)]),
    "people of visits": ("孤儿补贴,,,按月累计,30,人次", "a,孤儿补贴,助学人数,29,人,其中", []),
}  # fmt: skip


@pytest.mark.parametrize("case", COUNTS)
def test_small_counts(case: str, tmp_path: Path) -> None:
    people, actions, expected = COUNTS[case]
    hits = small_counts(counted(tmp_path, people, actions))
    assert [(hit.file, hit.row) for hit in hits] == [(f"data/2020/{name}.csv", row) for name, row in expected]
    assert {hit.kind for hit in hits} <= {"小数目"}
    assert {hit.column for hit in hits} <= {"数量", "数值"}


def test_the_limit_is_the_callers(tmp_path: Path) -> None:
    figures = counted(tmp_path, "城市低保,,,月均,5,人\n农村低保,,,月均,1,人")
    assert [len(small_counts(figures, limit)) for limit in (0, 1, 2, 5, 10)] == [0, 1, 1, 2, 2]


def test_the_real_counts_are_large_enough(figures: FigureSet) -> None:
    assert small_counts(figures) == ()


def test_the_second_cell_is_named(tmp_path: Path) -> None:
    people, _, _ = COUNTS["small part and the part that gives it away"]
    second, small = small_counts(counted(tmp_path, people))
    assert "“农村特困全护理期末人数”（data/2020/people.csv 第5行）" in second.remedy
    assert small.masked == "不超过2"
