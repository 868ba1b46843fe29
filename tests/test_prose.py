"""Prose as people type and paste it: which numbers are figures, what is cleaned, and how a number is tied."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalbook.errors import EvalbookError
from evalbook.figures import declare, load, loose_number, loose_numbers, tie, tie_sure
from evalbook.schema import typed as typed_module
from evalbook.schema.typed import PLAIN, typed_numbers
from evalbook.sphinxext.references import acceptable_texts
from evalbook.year import Grid, Reference, Untied, read_year
from evalbook.year.narrative import read_narrative
from evalbook.year.pasted import lines_of

if TYPE_CHECKING:
    from pathlib import Path

    from projects import Command

    from evalbook.figures import FigureSet

YEAR = 2023
CHAPTER = f"data/{YEAR}/narrative/06-problems.md"
SAID = "全县月均保障城市低保对象1840人。"

SENTENCES: list[tuple[str, list[str]]] = [
    ("至2020年12月底，2021年4月10日签发", []),
    ("（湘民办发〔2017〕61号）（桃民字[2020]54号），国务院令第649号", []),
    ("根据《社会救助暂行办法》（国务院令第649号）第十四条第2款", []),
    ("《关于调整2021年城乡低保标准的通知》要求提高5%", ["5%"]),
    ("1.项目组织情况", []),
    ("（1）资金安排；（2）资金使用", []),
    ("如下：1.预算安排。2.资金来源：中央9860万元", ["9860万元"]),
    ("“8+1”体系", []),
    ("“8+1+3”体系，“1+N”模式", []),
    ("救助557人次", ["557人次"]),
    ("发放１２３元", ["１２３元"]),
    ("第3次会议，第1、2批，第3—5组", []),
    ("2020年救助30人", ["30人"]),
    ("2020年30人", ["30人"]),
    ("2019—2020年度30户", ["30户"]),
    ("2020、2021年分别为41人、52人", ["41人", "52人"]),
    ("上世纪60年代精减退职，20世纪60年代初", []),
    ("80—99周岁每月50元，满100周岁", ["50元"]),
    ("60周岁以上老人占28.3%", ["28.3%"]),
    ("自收到申请之日起30日内办结", []),
    ("24小时内先行救助，3个工作日内答复", []),
    ("热线7×24小时接听，上午8:30到岗", []),
    ("每月10日前由乡镇报送，20日前发放", []),
    ("3至6月发放，第3季度", []),
    ("公示期不少于7天，12个月均按期发放", []),
    ("近3年来，3年行动计划", []),
    ("咨询电话：0737-8822345转8012", []),
    ("拨打12345政务服务便民热线，接听327件", ["327件"]),
    ("接听电话327件", ["327件"]),
    ("联系方式13800000000，邮编413400", []),
    ("详见https://www.mca.gov.cn/n1288/c45.html。", []),
    ("打造5A级景区和4G网络，PM2.5达标", []),
    ("系统升级到2.0版", []),
    ("1对1结对，1户1策，1人1档", []),
    ("“7·20”特大暴雨灾害", []),
    ("见附件1、表3，如图2所示", []),
    ("发放调查表294份", ["294份"]),
    ("图书300册，报表12份", ["300册", "12份"]),
    ("发放问卷300份，收回有效问卷294份，满意度95.92%", ["300份", "294份", "95.92%"]),
    ("满分100分，80至89分为良，90分以上为优", []),
    ("综合得分88.6分", ["88.6分"]),
    ("社会化发放率100%", ["100%"]),
    ("提高1.2个百分点", ["1.2个百分点"]),
    ("自2020年7月1日起，由625元/月提高到660元/月", ["625元/月", "660元/月"]),
    ("11,968万元，1,415人次", ["11,968万元", "1,415人次"]),
    ("约1.96亿元，3.77万人", ["1.96亿元", "3.77万人"]),
    ("培训620余人次", ["620余人次"]),
    ("每次500—2000元之间", ["500", "2000元"]),
    ("一至四类每人每月补助369、350、90、62元", ["369", "350", "90", "62元"]),
    ("编码：430922，1号文件，GB/T 9704—2012", []),
    ("家住3栋2单元501室，319国道旁", []),
    ("12月末在册2841人，13个乡镇", ["2841人", "13个"]),
    ("省县按1:1分担", ["1:1"]),
    ("5583+543=6126人", ["5583", "543", "6126人"]),
    ("0距离服务，5星级敬老院", []),
    ("90后志愿者46名", ["46名"]),
    ("2021.4.10至2021-12-31", []),
    ("统计时间20211231，人数20211人", ["20211人"]),
    ("集中供养率12.9%，倍数1.3倍", ["12.9%", "1.3倍"]),
    ("辖17个乡镇、238个村", ["17个", "238个"]),
    ("常住人口52.73万人", ["52.73万人"]),
    ("孤儿７４名", ["７４名"]),
    ("人均支出442元，比2019年增加58元", ["442元", "58元"]),
    ("2022年计划增加1名救助专干", ["1名"]),
    ("每季度走访1次，全年4次", ["1次", "4次"]),
    ("新建敬老院3所，改造床位120张", ["3所", "120张"]),
    ("2020年度预算9200万元、追加670万元", ["9200万元", "670万元"]),
    ("（90分以上为优，60分以下为差。）", []),
    ("满意率由93%提高到96.8%", ["93%", "96.8%"]),
    ("“12345”工作法", []),
    ("分两批下达，第2批412.80万元", ["412.80万元"]),
    ("2021—2025年，2022-2023学年", []),
    ("全年12次、每月1次", ["12次", "1次"]),
    ("由12天缩短到8天", ["12天", "8天"]),
    ("5日内报送，15个工作日办结47件", ["47件"]),
    ("每万人3.2人", ["3.2人"]),
    ("1.4万人以上", ["1.4万人"]),
    ("单次最高10,000元", ["10,000元"]),
    ("入户2.5万户次，占60%以上", ["2.5万户次", "60%"]),
    ("COVID-19疫情期间救助45户", ["45户"]),
    ("2号楼、A4纸、B2类", []),
]


@pytest.mark.parametrize(("text", "found"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_figures_are_told_from_what_only_has_digits(text: str, found: list[str]) -> None:
    assert [number.text for number in typed_numbers(text, ("8+1",))] == found


@pytest.mark.parametrize("kind", PLAIN, ids=[kind.name for kind in PLAIN])
def test_every_kind_knows_its_examples_and_is_needed(
    kind: typed_module.Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    for example in kind.examples:
        assert not list(typed_numbers(example)), example
    # Uncached, so that what is known of the others stays known, and nothing of these.
    monkeypatch.setattr(typed_module, "PLAIN", tuple(other for other in PLAIN if other is not kind))
    for name in ("_none_of", "plain_spans"):
        monkeypatch.setattr(typed_module, name, getattr(typed_module, name).__wrapped__)
    assert any(list(typed_numbers(example)) for example in kind.examples)


@pytest.mark.parametrize(
    ("text", "value", "unit", "digits", "about"),
    [
        ("3.77万人", "37700", "人", 2, False),
        ("约1.96亿元", "196000000", "元", 6, True),
        ("620余人次", "620", "人次", 0, True),
        ("11,968.50万元", "119685000", "元", 2, False),
        ("１２３元", "123", "元", 0, False),
        ("12.9％", "12.9", "%", -1, False),
        ("660元/月", "660", "元/月", 0, False),
    ],
)
def test_value_unit_and_digits(text: str, value: str, unit: str, digits: int, about: bool) -> None:
    (number,) = typed_numbers(text)
    assert (number.value, number.unit, number.digits, number.about) == (Decimal(value), unit, digits, about)


PASTED = [
    ("　　全县保障｛ｆｉｇｕｒｅ｝‘城市低保人数’。", ["全县保障{figure}`城市低保人数`。"], ["当作 {figure}`…` 读"]),
    ("{figure}“城市低保人数”和｛figure｝'农村低保人数'", ["{figure}`城市低保人数`和{figure}`农村低保人数`"], ["当作"]),
    ("资金\u3000安\u00a0排", ["资金安排"], ["全角空格"]),
    ("保\u200b障到位。", ["保障到位。"], ["看不见的字符"]),
    ("一、\t概况", ["一、概况"], ["制表符"]),
    ("#\u3000一、概况", ["# 一、概况"], ["全角空格"]),
    ("支出完成。\x0b（二）救助情况", ["支出完成。", "（二）救助情况"], ["软回车"]),
    ("全县保障\u2028城市低保对象。", ["全县保障城市低保对象。"], ["软回车"]),
    ("支出{fig\nure}`城市低保累计支出`。", ["支出{figure}`城市低保累计支出`。"], ["断了行"]),
    (
        "为提高认定的准确性，县民政局抽调熟悉情况的干部与村两委\n一起入户，逐项核对收入。",
        ["为提高认定的准确性，县民政局抽调熟悉情况的干部与村两委一起入户，逐项核对收入。"],
        ["断了行"],
    ),
    ("\uf0b7\t加强领导。", ["加强领导。"], ["项目符号"]),
    # What is right stays, silently.
    ("某县民政局\n2021年4月10日", ["某县民政局", "2021年4月10日"], []),
    ("1.加强领导。\n2.抓好落实。", ["1.加强领导。", "2.抓好落实。"], []),
    ("全年发放各类救助资金合计为1\n2万元已经全部到位。", ["全年发放各类救助资金合计为1", "2万元已经全部到位。"], []),
    ("依据 GB/T 9704 执行", ["依据 GB/T 9704 执行"], []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lines", "told"), PASTED)
def test_what_word_puts_in_is_cleaned_and_told(text: str, lines: list[str], told: list[str]) -> None:
    found, notices = lines_of("x.md", text)
    assert [line.text for line in found if line.text] == lines
    assert len(notices) == len(told)
    for notice, words in zip(notices, told, strict=True):
        assert notice.startswith("x.md 第1行：")
        assert words in notice


MESSY = st.text(
    st.sampled_from("低保 　\t\n\x0b\u2028\u200b。，1一、#【】{}｛｝`‘’figureｆ•\uf0b7"), max_size=60
)


@settings(max_examples=150)
@given(MESSY)
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    lines, _ = lines_of("x.md", text)
    clean = [line.text for line in lines if line.text.strip() and not line.rows]
    again, _ = lines_of("x.md", "\n\n".join(clean))
    assert [line.text for line in again if line.text.strip()] == clean


@settings(max_examples=100)
@given(MESSY)
def test_characters_know_their_place_in_the_file(text: str) -> None:
    for line in lines_of("x.md", text)[0]:
        for part in (line.content, *(cell for row in line.rows for cell in row)):
            assert len(part.text) == len(part.places)
            assert all(0 <= place < len(text) for place in part.places)
            assert list(part.places) == sorted(part.places)


def written(base: Path, text: str, ending: str = "\n", mark: bytes = b"") -> FigureSet:
    """The base county with something typed behind its last chapter."""
    path = base / CHAPTER
    whole = path.read_text(encoding="utf-8").rstrip() + f"\n\n{text}\n"
    path.write_bytes(mark + whole.replace("\n", ending).encode())
    return load(base, YEAR)


def test_a_table_of_tabs_is_a_table(base: Path) -> None:
    figures = written(base, "项目\t人数（人）\t标准\n城市低保\t1840\t680\n农村低保\t6420\t—")
    paragraphs = [p for s in figures.year.narrative["06-problems"].sections for p in s.paragraphs]
    (grid,) = paragraphs[-1]
    assert isinstance(grid, Grid)
    assert [
        ["".join(p.text if isinstance(p, Untied) else str(p) for p in cell) for cell in row]
        for row in grid.rows
    ] == [
        ["项目", "人数（人）", "标准"],
        ["城市低保", "1840", "680"],
        ["农村低保", "6420", "—"],
    ]
    first, _, last = loose_numbers(figures)
    assert (first.untied.line, last.untied.line) == (12, 13)
    assert first.proposals[0].exact, "the head of the column says the unit"


def table_of(figures: FigureSet) -> tuple[Grid, list[list[str]]]:
    """The last table of the prose, and the text of its cells."""
    paragraphs = [p for s in figures.year.narrative["06-problems"].sections for p in s.paragraphs]
    (grid,) = paragraphs[-1]
    assert isinstance(grid, Grid)
    return grid, [
        ["".join(p.text if isinstance(p, Untied) else str(p) for p in cell) for cell in row]
        for row in grid.rows
    ]


TWO_HEADS = [
    (
        "项目\t2020年\t2021年\t比上年增减\n\t人数\t金额\t人数\t金额\t增减人数\t增减金额\n城市低保\t1840\t680\t1841\t681\t1\t2",
        ["项目", "2020年人数", "2020年金额", "2021年人数", "2021年金额", "比上年增减增减人数", "比上年增减增减金额"],
    ),
    (
        "项目\t2020年\t2021年\t备注\n\t人数\t金额\t人数\t金额\t\n城市低保\t1840\t680\t1841\t681\t",
        ["项目", "2020年人数", "2020年金额", "2021年人数", "2021年金额", "备注"],
    ),
    (
        "项目\t2020年\t\t2021年\n\t人数\t金额\t（人）\n城市低保\t1840\t680\t1841",
        ["项目", "2020年人数", "2020年金额", "2021年（人）"],
    ),
    # What cannot be told from the rows has no heading.
    ("项目\t2020年\t2021年\n\t人数\t金额\t户数\n城市低保\t1840\t680\t1841", []),
    ("项目\t低保\t合计\n\t城市\t农村\n城市低保\t1840\t680\t1841", []),
    ("项目\t2020年\t2021年\n\t人数\t金额\t合计\t人数\n城市低保\t1840\t680\t1841\t681", []),
    ("项目\t2020年\t2021年\n城市低保\t1840\t680\t1841\t681", []),
    ("项目\t\t2020年\n\t人数\t金额\n城市低保\t1840\t680", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "heads"), TWO_HEADS, ids=[text[:14] for text, _ in TWO_HEADS])
def test_no_number_stands_under_a_wrong_heading(base: Path, text: str, heads: list[str]) -> None:
    figures = written(base, text)
    grid, cells = table_of(figures)
    first, *_, last = [untied for loose in loose_numbers(figures) if (untied := loose.untied)]
    (told,) = lines_of("x.md", text)[1]
    assert grid.headed == bool(heads)
    assert ("两行表头合成一行" in told) == bool(heads)
    assert ("没有用作列名" in told) == (not heads)
    assert first.text == "1840"
    if heads:
        assert cells[0] == heads
        assert len(cells) == 2
        assert first.before == f"〔城市低保{heads[1]}〕"
        assert last.line == 13
    else:
        assert first.before == last.before == "〔城市低保〕"


@pytest.mark.parametrize(
    ("above", "caption", "left"),
    [
        ("表1 城乡低保情况", "表1 城乡低保情况", 0),
        ("附表 低保情况\n单位：万元", "附表 低保情况　单位：万元", 0),
        ("表1 城乡低保情况\n", "", 1),
        ("表彰了先进单位。", "", 1),
        ("表1 保障1840人", "", 1),
    ],
)
def test_the_line_right_above_a_table_is_its_caption(base: Path, above: str, caption: str, left: int) -> None:
    before = len(written(base, "").year.narrative["06-problems"].sections[-1].paragraphs)
    prose = written(base, f"{above}\n项目\t人数\n城市低保\t1840").year.narrative["06-problems"]
    (grid,) = prose.sections[-1].paragraphs[-1]
    assert isinstance(grid, Grid)
    assert grid.caption == caption
    assert len(prose.sections[-1].paragraphs) == len(prose.sections[-1].lines) == before + 1 + left
    assert not caption or caption in prose.texts()


RULES = [
    ("服务对象满意度不低于95%。", False),
    ("服务对象满意度达到95%。", True),
    ("入户核查户数不少于2450户。", False),
    ("全年目标：入户核查2450户。", False),
    ("业务培训次数应达到6次。", False),
    ("业务培训6次以下的通报。", False),
    ("城市、农村临时救助人次均为1260人次。", False),
    ("各项临时救助人次共1260人次，应保尽保。", True),
    ("最低生活保障应保尽保，城市低保月均人数1840人。", True),
    ("城市低保月均人数、农村低保分别为1840人、6420人。", False),
    ("农村低保每人每年8160元。", False),
    ("农村保障1840人。", False),
]


@pytest.mark.parametrize(("text", "sure"), RULES)
def test_limits_and_targets_are_listed_and_not_tied(base: Path, text: str, sure: bool) -> None:
    loose = loose_numbers(written(base, text))
    assert any(one.sure for one in loose) == sure


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("资金发放率100%。", ""),
        ("满意度95%。", "相等“服务对象满意度”"),
        ("走访6次。", ""),
        ("业务培训6次。", "相等“业务培训次数”"),
        ("城市低保标准每人每年680元。", "数值相同、单位不同“城市低保保障标准”"),
        ("7月起农村低保标准为440元。", "数值相同、单位不同“农村低保保障标准（元/月）”"),
        ("农村低保标准合每人每月440元。", "相等“农村低保保障标准"),
        ("7月1日起城市低保标准每人每月由600元提高到680元。", "相等“城市低保保障标准”"),
        ("累计支出合计3765.4万元。", "相等“报告所述累计支出合计”（3765.4万元）"),
    ],
)
def test_what_is_proposed(base: Path, text: str, first: str) -> None:
    path = base / f"data/{YEAR}/claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("3765.44", "3765.4"), encoding="utf-8")
    loose = loose_numbers(written(base, text))[-1]
    assert str(loose.proposals[0] if loose.proposals else "").startswith(first)
    assert bool(loose.proposals) == bool(first)


@pytest.mark.parametrize(
    ("text", "name", "reference"),
    [
        ("由每人每月680元提高", "城市低保保障标准", "城市低保保障标准（元）"),
        ("标准680元/月", "城市低保保障标准", "城市低保保障标准"),
        ("次均救助1300元", "临时救助次均救助水平", "临时救助次均救助水平（元）"),
        ("临时救助1,260人次", "临时救助人次", "临时救助人次（千分位）"),
        ("保障1840名", "城市低保月均人数", "城市低保月均人数（名）"),
        ("每人每月补助560、500元", "城市低保一类标准", "城市低保一类标准（不带单位）"),
        ("每人每月440元", "农村低保保障标准（元/月）", "农村低保保障标准（元/月）（元）"),
    ],
)
def test_a_tied_sentence_reads_as_it_was_signed(base: Path, text: str, name: str, reference: str) -> None:
    figures = written(base, text)
    loose = loose_number(figures, 1)
    tie(figures, {loose: name})
    again = load(base, YEAR)
    assert read_year(base, YEAR).problems == ()
    assert again.year.narrative["06-problems"].references()[-1].name == reference
    shown = again.text_of(reference)
    assert shown.replace(".00", "") == loose.untied.text
    named = again.named(reference)
    assert named is not None
    assert shown in acceptable_texts(again, named)
    assert again.named(reference.replace("（元）", "（万元）").replace("（名）", "（户）") + "（吨）") is None


def test_a_check_shows_findings_first_and_some_of_the_numbers(base: Path, evalbook: Command) -> None:
    written(base, "".join(f"另有{number}个站点。" for number in range(40, 65)))
    said = evalbook("check", str(YEAR)).output
    assert said.index("没有挂接的数字") > said.index("错误0条")
    assert "另有5个，全部列出：evalbook tie 2023" in said
    assert said.count("没有相等或接近的数字") == 20
    assert evalbook("tie", str(YEAR)).output.count("没有相等或接近的数字") == 25
    path = base / f"data/{YEAR}/people.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("1840", "一千"), encoding="utf-8")
    said = evalbook("check", str(YEAR)).output
    assert "没有挂接的数字" in said
    assert "没有相等或接近的数字" not in said


def test_a_typed_number_builds_and_is_listed(base: Path, evalbook: Command) -> None:
    written(base, f"{SAID}农村低保约6.4千人，另有32个站点。")
    done = evalbook("check", str(YEAR))
    assert done.exit_code == 0
    assert "的“1840人”——相等“城市低保月均人数”（1840人）" in done.output
    assert "的“6.4千人”——接近“农村低保月均人数”（6420人）" in done.output
    assert "的“32个”——没有相等或接近的数字" in done.output
    listed = json.loads(evalbook("check", str(YEAR), "--json").output)["untied"]
    assert [(one["file"], one["text"], one["value"], one["unit"]) for one in listed] == [
        (CHAPTER, "1840人", "1840", "人"),
        (CHAPTER, "6.4千人", "6400", "人"),
        (CHAPTER, "32个", "32", "个"),
    ]
    assert listed[0]["proposals"][0] == {
        "name": "城市低保月均人数",
        "text": "1840人",
        "exact": True,
        "address": "people.urban_dibao",
    }


def test_a_number_in_a_heading_is_listed_and_not_tied(base: Path) -> None:
    figures = written(base, "## 保障1840人")
    (loose,) = loose_numbers(figures)
    assert loose.untied.heading
    with pytest.raises(EvalbookError, match="标题里不能引用数字"):
        tie(figures, {loose: "城市低保月均人数"})
    assert tie_sure(figures) == []


@pytest.mark.parametrize(("ending", "mark"), [("\n", b""), ("\r\n", b"\xef\xbb\xbf"), ("\r", b"")])
def test_only_the_number_is_rewritten(base: Path, ending: str, mark: bytes) -> None:
    figures = written(base, f"　　前面\u3000有空格，{SAID}\n\n末尾  ", ending, mark)
    path = base / CHAPTER
    before = path.read_bytes()
    shown = list(figures.year.narrative["06-problems"].texts())
    (told,) = tie(figures, {loose_number(figures, 1): "城市低保月均人数"})
    assert "已挂接到“城市低保月均人数”，显示为1840人" in told
    assert path.read_bytes() == before.replace("1840人".encode(), "{figure}`城市低保月均人数`".encode())
    again = load(base, YEAR)
    assert loose_numbers(again) == ()
    assert [*again.year.narrative["06-problems"].texts()] == shown
    assert not [*path.parent.glob(".evalbook-*")]


@settings(max_examples=25)
@given(
    st.lists(
        st.sampled_from(
            ["低保，", "1840人", "6420人", "。", "\u3000", "\x0b", "{figure}`常住人口`", "2023年"]
        ),
        max_size=8,
    )
)
def test_tied_prose_reads_as_it_was_typed(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("prose")
    path = folder / "a.md"
    text = "保障" + "，".join(parts)
    path.write_text(text, encoding="utf-8")
    prose, _, _ = read_narrative(folder, path, ())
    names = {"1840人": "甲", "6420人": "乙"}

    def read() -> str:
        pieces = [p for s in read_narrative(folder, path, ())[0].sections for q in s.paragraphs for p in q]
        back = {name: number for number, name in names.items()}
        return "".join(
            p.text
            if isinstance(p, Untied)
            else back.get(p.name, p.name)
            if isinstance(p, Reference)
            else str(p)
            for p in pieces
        )

    shown = read()
    whole = list(text)
    for untied in sorted(prose.untied, key=lambda one: -one.start):
        assert text[untied.start : untied.end].replace("\u3000", "") == untied.text
        if untied.text in names:
            whole[untied.start : untied.end] = f"{{figure}}`{names[untied.text]}`"
    path.write_text("".join(whole), encoding="utf-8")
    assert read() == shown


def test_a_figure_that_says_otherwise_is_asked_about(base: Path) -> None:
    figures = written(base, SAID.replace("1840", "1841"))
    loose = loose_number(figures, 1)
    with pytest.raises(EvalbookError, match="表里是1840人（城市低保月均人数），正文写的是1841人，没有挂接"):
        tie(figures, {loose: "城市低保月均人数"})
    with pytest.raises(
        EvalbookError, match=r"没有名为“城市低保人数”的数字，没有挂接。.*是不是“城市低保月均人数”"
    ):
        tie(figures, {loose: "城市低保人数"})
    assert "1841人" in (base / CHAPTER).read_text(encoding="utf-8")
    tie(figures, {loose: "城市低保月均人数"}, anyway=True)
    assert "1841人" not in (base / CHAPTER).read_text(encoding="utf-8")


def test_a_file_that_changed_meanwhile_is_left_alone(base: Path) -> None:
    figures = written(base, SAID)
    written(base, "又加了12人。")
    with pytest.raises(EvalbookError, match="文件刚才改动过"):
        tie(figures, {loose_number(figures, 1): "城市低保月均人数"})


def test_the_command_ties_declares_and_says_what_is_left(base: Path, evalbook: Command) -> None:
    written(base, f"{SAID}另有32个救助站点，规划7所敬老院。")
    assert "已挂接到“城市低保月均人数”" in evalbook("tie", str(YEAR), "--all").output
    done = evalbook("tie", str(YEAR), "1", "--plain", "规划的数目")
    assert "“另有32个救助站点”不是统计数字（规划的数目）" in done.output
    done = evalbook("tie", str(YEAR), "1", "--plain", "规划的数目")
    assert "全部挂接了" in done.output
    table = (base / f"data/{YEAR}/plain.csv").read_bytes()
    assert table.decode() == "\ufeff文字,理由\r\n另有32个救助站点,规划的数目\r\n规划7所敬老院,规划的数目\r\n"
    assert "都挂接了" in evalbook("tie", str(YEAR)).output
    assert "没有挂接" not in evalbook("check", str(YEAR)).output
    assert evalbook("tie", str(YEAR), "1", "城市低保月均人数").exit_code == 2
    assert evalbook("tie", str(YEAR), "1").exit_code == 2
    path = base / CHAPTER
    path.write_text(path.read_text(encoding="utf-8").replace("32个", "33个"), encoding="utf-8")
    assert "正文里没有“另有32个救助站点”这几个字" in evalbook("check", str(YEAR)).output


def test_what_cannot_be_known_again_is_not_declared(base: Path) -> None:
    figures = written(base, "32")
    with pytest.raises(EvalbookError, match="认不出是哪一处"):
        declare(figures, loose_number(figures, 1), "目标")
    with pytest.raises(EvalbookError, match="没有写理由"):
        declare(figures, loose_number(figures, 1), " ")


def test_huge_numbers_and_odd_texts_do_no_harm(base: Path) -> None:
    figures = written(base, f"共{'9' * 2000}元，比例1:10，1.1.1.1、..5。")
    assert all(len(str(loose)) < 400 for loose in loose_numbers(figures))
    assert read_year(base, YEAR).problems == ()
    assert re.search("9{20}", loose_numbers(figures)[0].untied.text)
