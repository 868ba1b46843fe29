"""Rules on prose and completeness: text that breaks each of them, and text that nearly does."""

from __future__ import annotations

import datetime
import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict, Unpack

import pytest
from faults import LONGEST

from evalbook.checks import RULES, Suspicion
from evalbook.checks.completeness import RULES as COMPLETENESS
from evalbook.checks.facts import Facts
from evalbook.checks.prose import RULES as PROSE
from evalbook.schema import TableData, TableRow
from evalbook.year.narrative import read_narrative

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from evalbook.figures import FigureSet

Chapters = dict[str, str]
"""Prose by file name without ``.md``."""

TERMS = ("8+1",)
REAL = "{figure}`城市低保月均人数`"


class Said(TypedDict, total=False):
    """Settings that a test changes."""

    claimed_grade: str
    title: tuple[str, ...]
    project: str
    department: str
    report_date: datetime.date | None
    status: str


def year_with(
    figures: FigureSet,
    folder: Path,
    prose: Chapters,
    documents: tuple[str, ...] = (),
    **settings: Unpack[Said],
) -> Facts:
    """The real year with other prose, other documents (title, number, year) and other settings."""
    narrative = {}
    for name, text in prose.items():
        path = folder / f"{name}.md"
        path.write_text(text, encoding="utf-8")
        narrative[name], _, _ = read_narrative(folder, path, TERMS)
    table = figures.year.tables["documents"]
    rows = []
    for number, line in enumerate(documents, start=2):
        title, mark, year = (*line.split("|"), "", "")[:3]
        texts = {column.name: "" for column in table.table.columns} | {"title": title, "number": mark}
        cells: dict[str, object] = {name: text or None for name, text in texts.items()}
        rows.append(TableRow(number, cells | {"year": int(year) if year else None, "issuer": "某局"}, texts))
    tables = {
        **figures.year.tables,
        "documents": TableData(table.table, table.file, table.letters, tuple(rows)),
    }
    changed = replace(
        figures.year,
        narrative=narrative,
        tables=tables,
        settings=replace(figures.year.settings, **settings),
    )
    return Facts(replace(figures, year=changed))


def fired(rule: str, facts: Facts) -> list[Suspicion]:
    found = list(next(r for r in RULES if r.id == rule).find(facts))
    assert [one.found for one in found if len(one.found) > LONGEST] == []
    return found


def chapter(text: str, title: str = "一、项目概况") -> Chapters:
    return {"01-overview": f"# {title}\n\n{text}\n"}


BROKEN: dict[str, list[Chapters]] = {
    "P1": [chapter("全县保障城市低保对象六千二百一十九人。"), chapter("满意率达到百分之九十三。")],
    "P2": [
        chapter("服务对象满意度较高。"),
        chapter("困难群众对政策的知晓率逐步提高。"),
        chapter("社会救助整体水平显著提升。"),
    ],
    "G9": [chapter("我县自评等次为“优秀”。")],
    "P3": [
        {"01-a": "# 一、项目概况\n\n甲。\n", "02-b": "# 二、项目概况\n\n乙。\n"},
        chapter("## （一）资金安排情况\n\n甲。\n\n## （二）资金安排情况\n\n乙。"),
    ],
    "P4": [chapter("印发《某省农村敬老院农村敬老院管理规范》。"), chapter("认真做好的的工作。")],
    "P5": [
        chapter(
            "各乡镇认真落实救助政策，按月把资金打到对象的卡上。\n\n各乡镇认真落实救助政策，按月把资金打到对象的卡上。"
        ),
    ],
    "P6": [chapter("孤儿基本生活费按月发放，孤儿补贴也按月发放。")],
    "P14": [
        chapter("城镇低保对象{figure}`城市低保月均人数`，城镇低保对象{figure}`农村低保月均人数`。"),
        chapter("全县农村低保标准提高，保障标准为{figure}`城市低保保障标准`。"),
        chapter("分散供养特困人员{figure}`农村特困集中供养人数`。"),
        chapter("发放孤儿补贴资金{figure}`临时救助累计支出`。"),
        chapter("年末在保{figure}`农村低保月均人数`。"),
        chapter("上级资金{figure}`县本级安排城市低保`。"),
    ],
    "P15": [
        chapter("石渡县的困难群众救助，目的是保障基本生活。"),
        chapter("目前，石渡县共有困难群众两千人。"),
        chapter("安化县民政局负责审核。"),
        chapter("2020年，安化县城乡低保按月发放。"),
    ],
    "G10": [
        chapter("根据某民发[2020]5号文件。"),
        chapter("根据某民发（2020）5号文件。"),
        chapter("根据某民发〔2020〕05号文件。"),
        chapter("根据某民发〔2020〕第5号文件。"),
        chapter("根据某民发〔2023〕5号文件。"),
    ],
    "P7": [
        {"01-a": "# 一、项目概况\n\n甲。\n", "02-b": "# 一、资金使用\n\n乙。\n"},
        chapter("## （一）甲\n\n文。\n\n## （三）乙\n\n文。"),
        chapter("工作有三点：一是加强领导；三是落实责任；四是严格监督。"),
    ],
    "P8": [
        chapter("2020年13月开展了检查。"),
        chapter("2020年2月30日开展了检查。"),
        chapter("2023年5月已完成整改。"),
    ],
    "P9": [chapter("发放低保金,按月到户。"), chapter("管理规范;程序到位.")],
    "P10": [
        chapter("印发《某县实施方案，全县执行。"),
        chapter("严格管理。。程序到位。"),
        chapter("开展“回头看行动。"),
    ],
    "P11": [
        chapter("救助力度大，救助标准逐年提高，财政配套资金明显不足"),
        chapter("救助标准逐年提高，"),
        chapter("存在的问题有："),
    ],
    "P12": [
        chapter("全年培训××人。"),
        chapter("满意度待补。"),
        chapter("## （一）甲\n\n## （二）乙\n\n文。"),
    ],
    "P13": [chapter("在?溪镇开展走访，由张?、李某负责。"), chapter("文。", title="一、??塘乡概况")],
    "K1": [chapter("内容。")],
    "K3": [],
}
NEARLY: dict[str, list[Chapters]] = {
    "P1": [chapter(f"2020年12月底全县保障{REAL}，“8+1”体系覆盖城乡，依据国务院令第649号。")],
    "P2": [
        chapter("今后要提高服务对象满意度，进一步提高政策知晓率。"),
        chapter("为提高救助水平，我局加强培训。"),
        chapter("## （一）提高救助水平\n\n按月发放。"),
    ],
    "G9": [chapter("省民政厅评定我县为合格。")],
    "P3": [
        {
            "01-a": "# 一、低保\n\n## （一）资金到位情况\n\n甲。\n",
            "02-b": "# 二、特困\n\n## （一）资金到位情况\n\n乙。\n",
        }
    ],
    "P4": [
        chapter("认真研究研究，一户一户走访，做到了解人人、实实在在，达到目的的措施很多。"),
        chapter("民政部门和民政干部走村入户，等等。"),
    ],
    "P5": [chapter("按月发放。\n\n及时足额。\n\n按月发放。")],
    "P6": [
        chapter("城市低保和农村低保按月发放，低保对象动态管理，孤儿补贴按月发放。"),
        chapter("孤儿基本生活费并入孤儿补贴一并发放。"),
        chapter("从今年起，农村五保对象与三无人员救助合并为特困供养。"),
    ],
    "P14": [
        chapter("城市、农村低保标准分别为{figure}`城市低保保障标准`和{figure}`农村低保保障标准`。"),
        chapter("{figure}`城市低保月均人数`城市低保对象、{figure}`农村低保月均人数`农村低保对象。"),
        chapter("城乡低保对象中，农村低保{figure}`农村低保月均人数`；月均保障{figure}`城市低保月均人数`。"),
        chapter("上级资金{figure}`上级资金合计`，县级配套{figure}`县本级资金合计`。"),
        chapter(
            "低保、特困对象{figure}`城市低保月均人数`，发放物价补贴{figure}`城乡低保、特困供养物价补贴累计支出`。"
        ),
    ],
    "P15": [
        chapter("我局到石渡县学习社会救助经验，对口帮扶安化县困难群众。"),
        chapter("涉及县民政局的资金，各县困难群众、全县低保对象、受灾县困难群众都已核对。"),
        chapter("湖南省桃江县困难群众救助资金由桃江县民政局管理。"),
        chapter("安化县低保按月发放，赫山区低保按季发放，沅江市低保按月发放。"),
    ],
    "G10": [
        chapter("根据某民发〔2020〕5号和国务院令第649号，按照某政办发〔2019〕12号执行。"),
        chapter("（2020年）各项工作（一）按期完成。"),
    ],
    "P7": [
        {"01-a": "# 一、项目概况\n\n甲。\n", "03-b": "# 三、资金使用\n\n乙。\n"},
        chapter("## （一）甲\n\n一是这样；二是那样。\n\n## （二）乙\n\n一是这样；二是那样；三是别样。"),
        chapter("要坚持一是一、二是二。"),
    ],
    "P8": [
        chapter("2019年12月以来，比2019年有所增加；到2025年实现全覆盖；根据《2018年实施方案》执行。"),
        chapter("2020年2月29日开展检查，截至2020年12月底全部完成。"),
    ],
    "P9": [chapter(f"救助{REAL}（其中老年人），比例1.5:1。"), chapter("详见 http://mzt.hunan.gov.cn/a,b。")],
    "P10": [chapter("印发《某县〈办法〉实施方案》（试行），开展“回头看”行动。"), chapter("1）甲；2）乙。")],
    "P11": [
        chapter("财政配套资金明显不足。"),
        chapter("建议如下：\n\n加大投入。"),
        chapter("他说：“及时发放。”"),
    ],
    "P12": [chapter("全年培训若干人。"), chapter("## （一）甲\n\n文。")],
    "P13": [chapter("资金是否到位?群众是否满意?程序到位?")],
    "K1": [],
    "K3": [],
}


FAULTS: list[tuple[str, str]] = [
    ("P1", "占百分之九十五以上。"),
    ("P1", "保障三千二百人。"),
    ("P2", "困难群众对政策的满意度位居全市前列。"),
    ("P2", "社会各界十分满意。"),
    ("P2", "群众知晓率达到较高水平。"),
    ("P2", "政策家喻户晓，群众普遍满意。"),
    ("P2", "取得了显著成效。"),
    ("G9", "经综合评审，我县绩效评定为优秀。"),
    ("G9", "自评等次：优秀。"),
    ("G9", "综合评定等级“良好”。"),
    ("P4", "全县全县开展检查。"),
    ("P4", "对对特困人员。"),
    ("P4", "社会救助股、社会救助股、各乡镇。"),
    ("P4", "已在2020年年12月发放。"),
    ("P4", f"保障{REAL}人。"),
    ("P6", "农村五保对象全部供养，特困人员按月发放。"),
    ("P6", "精减退职人员和精退人员按月发放。"),
    ("G10", "（某民发〔2020〕5）"),
    ("G10", "（某民发【2020】5号）"),
    ("G10", "（某民发2020年5号）"),
    ("G10", "（某民发〔20〕5号）"),
    ("G10", "（某民发〔2020年〕5号）"),
    ("G10", "（〔2020〕5号）"),
    ("G10", "（某民发〔2020 5号）"),
    (
        "G10",
        "根据《某县救助办法》（某民发〔2019〕5号）执行。\n\n按照《某县救助办法》（某民发〔2019〕6号）办理。",
    ),
    ("P7", "1、甲方面工作。\n\n1、乙方面工作。"),
    ("P7", "（1）甲；（3）乙。"),
    ("P7", "第一，加强领导；第三，落实责任。"),
    ("P7", "一是甲；二是乙；二是丙。"),
    ("P7", "## （二）甲\n\n文。\n\n## （三）乙\n\n文。"),
    ("P8", f"至2019年12月底，全县月均保障{REAL}。"),
    ("P8", f"截至2019年底，全县保障{REAL}。"),
    ("P8", f"2019年，由上级下达资金{REAL}。"),
    ("P8", f"2018年全年累计发放{REAL}。"),
    ("P8", f"2022年，主要开展专项治理，清退{REAL}。"),
    ("P8", f"2022年将符合条件的{REAL}纳入保障。"),
    ("P8", "形成2019年度绩效自评报告。"),
    ("P8", "## （一）2019年资金安排情况\n\n文。"),
    ("P8", "6月31日开展检查。"),
    ("P9", '开展"回头看"行动。'),
    ("P9", f"发放{REAL},其中城市。"),
    ("P10", "评为“优秀“。"),
    ("P10", "落实（含县级)资金。"),
    ("P10", "按照“（三级审核”制度）执行。"),
    ("P11", "加强管理和。下一步继续。"),
    ("P11", "、加强领导。"),
    ("P11", "1、请求财政加大配套资金\n\n2、加强财务管理，坚持专款专用。"),
    ("P12", "保障____人。"),
    ("P12", "20XX年完成。"),
    ("P12", "工作……"),
]
"""One slip each, as it is made in a hurry."""

RIGHT = (
    "残疾人两项补贴（待遇与低保不重复享受）按月发放，各类表格（略）见附件。",
    "这些措施是符合政策规定的。",
    "方案经局党组会议审议通过。",
    "服务对象满意率是否达标，由第三方调查。",
    "1.甲项工作按期完成。\n\n2.2020年12月31日以前完成乙项工作。\n\n3.丙项工作按期完成。",
    "## （一）甲\n\n1.产出指标完成情况\n\n（1）数量指标全部完成。\n\n2.效益指标完成情况\n\n困难群众安居乐业。",
    "特困人员（原农村五保、城市“三无”人员）实行集中供养。",
    "办公地点在某路（2018）2号楼，网址是www.xxgk.gov.cn，可以查询。",
    "二○○八年以来，我县建立了低保制度。",
    "根据《甲县最低生活保障实施细则》等有关文件精神和规定要求，开展核查。\n\n"
    "根据《乙县临时救助管理实施办法》等有关文件精神和规定要求，开展救助。",
    "对6至18月龄的婴幼儿发放营养包。",
    "县民政局被省民政厅评定为优秀等次。",
    "评价结果分为优、良、中、差四个等级，90分以上为优秀。",
    "社会救助救助对象名单按月公示，临时救助救助金足额发放。",
    "为了了解情况，以保障生活为目的的检查实实在在，及时核对对象信息。",
    "2019年12月31日，省财政厅提前下达2020年资金。",
    f"2019年结转资金{REAL}，截至2014年底，建档立卡贫困人口{REAL}。",
    f"预计2022年保障{REAL}，2025年要建成养老床位{REAL}。",
    f"《办法》自2023年1月1日起施行，保障{REAL}。",
    "主要做法有：一要重视宣传，二要落实责任。",
)
"""What an earlier form of the rules took for a slip, or might."""


def silent_tables(facts: Facts) -> Facts:
    """The year without the real report's own names of programmes, which are not in question here."""
    tables = {**facts.figures.year.tables}
    for name in ("funds", "spending", "people"):
        tables[name] = replace(tables[name], rows=())
    return Facts(replace(facts.figures, year=replace(facts.figures.year, tables=tables)))


@pytest.mark.parametrize(("rule", "text"), FAULTS)
def test_every_slip_is_found(rule: str, text: str, figures: FigureSet, tmp_path: Path) -> None:
    assert fired(rule, silent_tables(year_with(figures, tmp_path, chapter(text), claimed_grade="")))


@pytest.mark.parametrize("text", RIGHT)
def test_right_text_is_let_pass(text: str, figures: FigureSet, tmp_path: Path) -> None:
    facts = silent_tables(year_with(figures, tmp_path, chapter(text), claimed_grade=""))
    found = [s.found for rule in PROSE if rule.id != "P1" for s in rule.find(facts)]
    assert found == []


def test_a_decree_and_a_number_before_the_title_are_numbers(figures: FigureSet, tmp_path: Path) -> None:
    numbered = (
        "依据《社会救助暂行办法》（国务院令第649号）和民发〔2021〕57号《最低生活保障审核确认办法》执行。"
    )
    assert not fired("K2", year_with(figures, tmp_path, chapter(numbered)))
    one_of_two = "依据《某县临时救助实施办法》和《某县低保实施细则》（某民发〔2020〕5号）执行。"
    (found,) = fired("K2", year_with(figures, tmp_path, chapter(one_of_two)))
    assert "临时救助" in found.notes[0]
    assert "低保实施细则" not in found.notes[0]


@pytest.mark.parametrize(("rule", "prose"), [(r, p) for r, listed in BROKEN.items() for p in listed])
def test_text_that_breaks_a_rule_is_found(
    rule: str, prose: Chapters, figures: FigureSet, tmp_path: Path
) -> None:
    found = fired(rule, year_with(figures, tmp_path, prose, claimed_grade=""))
    assert found
    for suspicion in found:
        assert suspicion.found
        assert suspicion.remedy
        assert suspicion.subject.isascii()


@pytest.mark.parametrize(("rule", "prose"), [(r, p) for r, listed in NEARLY.items() for p in listed])
def test_text_that_nearly_breaks_a_rule_is_let_pass(
    rule: str, prose: Chapters, figures: FigureSet, tmp_path: Path
) -> None:
    facts = year_with(figures, tmp_path, prose, claimed_grade="", title=("某县2020年度困难群众救助",))
    assert [s.found for s in fired(rule, silent_tables(facts))] == []


def test_every_rule_on_text_is_tried() -> None:
    of_tables = {"G8", "K2", "K4"}
    assert {rule.id for rule in (*PROSE, *COMPLETENESS)} == set(BROKEN) | of_tables
    assert set(NEARLY) == set(BROKEN)


def test_documents_are_dated_before_the_report(figures: FigureSet, tmp_path: Path) -> None:
    prose = chapter("内容。")
    late = year_with(figures, tmp_path, prose, ("关于某事的通知|某民发〔2022〕5号|2022",))
    assert fired("G8", late)
    good = year_with(figures, tmp_path, prose, ("关于某事的通知|某民发〔2021〕5号|2021",))
    assert not fired("G8", good)
    two_years = year_with(figures, tmp_path, prose, ("关于某事的通知|某民发〔2020〕5号|2019",))
    assert [s.severity for s in fired("G10", two_years)] == ["错误"]
    two_numbers = (
        "关于某事的通知|某民发〔2020〕5号|2020",
        "关于某事的通知|某民发〔2020〕6号|2020",
    )
    assert fired("G10", year_with(figures, tmp_path, prose, two_numbers))


def test_a_lost_character_is_asked_about_in_tables_and_titles_too(figures: FigureSet, tmp_path: Path) -> None:
    prose = chapter("在?溪镇开展走访。")
    facts = year_with(figures, tmp_path, prose, title=("某县?溪镇", "报告"))
    assert [s.subject.partition(".")[0] for s in fired("P13", facts)] == ["01_overview", "year"]
    assert not fired("P9", facts)


def test_documents_without_number_are_listed_once(figures: FigureSet, tmp_path: Path) -> None:
    prose = chapter("内容。")
    lacking = year_with(figures, tmp_path, prose, ("关于甲的通知||", "关于乙的通知||2020"))
    (found,) = fired("K2", lacking)
    assert "关于甲的通知" in found.notes[0]
    assert "关于乙的通知" in found.notes[0]
    whole = year_with(figures, tmp_path, prose, ("关于甲的通知|某民发〔2020〕5号|2020",))
    assert not fired("K2", whole)


def test_what_the_template_asks_for_is_missed_until_it_is_given(figures: FigureSet, tmp_path: Path) -> None:
    missing = {s.subject for s in fired("K1", year_with(figures, tmp_path, chapter("内容。")))}
    assert {"target", "timeliness", "satisfaction"} <= missing
    assert "spending" not in missing
    given = chapter("年度目标全部完成，资金按时足额发放。")
    left = {s.subject for s in fired("K1", year_with(figures, tmp_path, given))}
    assert missing - left >= {"target", "timeliness"}


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"project": "救助资金", "department": "某局"}, set()),
        ({"project": "", "department": "某局"}, {"project"}),
        ({"report_date": None, "status": "送审"}, {"project", "department", "report_date"}),
        ({"report_date": None, "status": "草稿"}, {"project", "department"}),
    ],
)
def test_what_the_cover_names_is_missed(
    said: Said, missing: set[str], figures: FigureSet, tmp_path: Path
) -> None:
    """A draft that nobody has signed yet has no date."""
    facts = year_with(figures, tmp_path, chapter("内容。"), **said)
    assert {s.subject for s in fired("K4", facts)} == missing


def test_a_chapter_of_the_year_before_is_missed(figures: FigureSet, tmp_path: Path) -> None:
    """Where another stands in its place; where none does, reading the year asks for it."""
    two = {"01-a": "# 一、项目概况\n\n甲。\n", "02-b": "# 二、主要问题\n\n乙。\n"}
    before = year_with(figures, tmp_path, two).figures
    now = year_with(figures, tmp_path, {"01-a": two["01-a"], "02-c": "# 二、下年打算\n\n丙。\n"}).figures
    assert fired("K3", Facts(replace(now, before=before)))
    now = year_with(figures, tmp_path, chapter("甲。")).figures
    assert not fired("K3", Facts(replace(now, before=before)))
    assert not fired("K3", Facts(replace(before, before=before)))


ORDINARY = """我局认真贯彻落实上级决策部署，按照“应保尽保、应退尽退”的原则，对低保对象实行动态管理。全年召开专题会议，
部署社会救助工作，压实乡镇责任。一是健全制度，印发《某县临时救助实施细则》（某民发〔2020〕18号）；二是严格程序，做到公示上墙；三是加强监督，会同财政、
审计等部门开展检查。"""


def test_ordinary_prose_is_left_alone(figures: FigureSet, tmp_path: Path) -> None:
    prose = {
        "01-overview": f"# 一、项目概况\n\n{''.join(ORDINARY.split())}\n",
        "02-funds": f"# 二、资金使用情况\n\n## （一）资金安排情况\n\n2020年，全县保障城市低保对象{REAL}。\n\n"
        "## （二）资金管理情况\n\n资金实行专户管理，按月通过银行发放到户；没有截留、挪用。\n",
        "03-problems": "# 三、存在的问题和建议\n\n1.基层力量不足，信息核对不够及时。\n\n2.建议加大培训力度，充实经办人员。\n",
    }
    facts = year_with(figures, tmp_path, prose, claimed_grade="", title=("某县2020年度困难群众救助",))
    found = {r.id: [s.found for s in r.find(facts)] for r in PROSE if r.id != "P6"}
    assert {rule: told for rule, told in found.items() if told} == {}


LONG: list[Callable[[int], str]] = [
    lambda n: "农村敬老院" * (n // 5),
    lambda n: "（" * n,
    lambda n: "《" * (n // 2) + "）" * (n // 2),
    lambda n: "（" * (n // 2) + "）" * (n // 2),
    lambda n: "2020年" * (n // 5),
    lambda n: "某民发〔" * (n // 4),
    lambda n: "，".join(f"第{i}项工作" for i in range(n // 7)),
    lambda n: "一是" * (n // 2),
]


@pytest.mark.parametrize("made", LONG)
def test_long_text_takes_no_long_time(made: Callable[[int], str], figures: FigureSet, tmp_path: Path) -> None:
    """A paragraph may have 20 000 characters; rules must not run away with them. The bound is fifty times the usual."""
    facts = year_with(figures, tmp_path, chapter(made(19_000)))
    start = time.process_time()
    for rule in PROSE:
        list(rule.find(facts))
    assert time.process_time() - start < 30
