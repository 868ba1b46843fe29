"""Months: a year whose months fit gives no finding, each number changed alone is found, and what follows from them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest
from faults import all_told
from projects import BASE_YEAR

from evalbook.checks import ERROR, HINT, Findings, asked, check
from evalbook.figures import FigureSet, load
from evalbook.render.annex import lineage, source_tables
from evalbook.render.page import Page
from evalbook.render.pages import CHARTS, monthly_table
from evalbook.render.workbook import workbook
from evalbook.year import new_year

if TYPE_CHECKING:
    from pathlib import Path

    from projects import Command

HEADINGS = "项目,地区,月份,人数,户数,金额,金额单位,新增,退出,新增户数,退出户数,标志,出处,确认,备注"
TOWNS = ("东镇", "西镇")


@dataclass
class Year:
    """Months of 城市低保 in two towns and in all, and what the report states of them."""

    months: list[dict[str, str]] = field(default_factory=list)
    people: list[tuple[str, ...]] = field(default_factory=list)

    def row(self, month: int, place: str = "") -> dict[str, str]:
        return next(row for row in self.months if (row["月份"], row.get("地区", "")) == (str(month), place))

    def write(self, project: Path) -> Path:
        year = project / "data" / str(BASE_YEAR)
        registry = "名称,级别,上级地区,行政区划代码,说明\n" + "".join(f"{town},乡级,,,\n" for town in TOWNS)
        (project / "data" / "reference" / "places.csv").write_text(registry, encoding="utf-8")
        (year / "monthly.csv").write_text(self.text, encoding="utf-8")
        kept = [
            line
            for line in (year / "people.csv").read_text(encoding="utf-8-sig").splitlines()
            if not line.startswith("城市低保")
        ]
        stated = [
            f"城市低保,,{counting},{number},{unit},,台账,,,{aspect},"
            for counting, number, unit, aspect in self.people
        ]
        (year / "people.csv").write_text("\n".join([*kept, *stated]) + "\n", encoding="utf-8")
        return project

    @property
    def text(self) -> str:
        stream = io.StringIO()
        writer = csv.DictWriter(stream, HEADINGS.split(","), restval="")
        writer.writeheader()
        writer.writerows(self.months)
        return stream.getvalue()


def made_up(seed: int) -> Year:
    """A year whose months, towns and totals fit; spending is that of the base county, 941.71万元."""
    random, year = Random(seed), Year()  # noqa: S311 - made-up numbers, no secrets
    stock = dict.fromkeys(TOWNS, (0, 0))
    opening = {town: (900 + random.randrange(90), 500 + random.randrange(50)) for town in TOWNS}
    stock |= opening
    spent = Decimal("941.71")
    told: list[dict[str, Decimal]] = []
    for month in range(1, 13):
        money = spent if month == 12 else Decimal(random.randrange(7700, 7900)) / 100
        spent -= money
        both = dict.fromkeys(("人数", "户数", "金额", "新增", "退出", "新增户数", "退出户数"), Decimal(0))
        for town in TOWNS:
            (people, households), flows = stock[town], [random.randrange(3, 30) for _ in range(4)]
            stock[town] = people + flows[0] - flows[1], households + flows[2] - flows[3]
            share = (money / 2).quantize(Decimal("0.01")) if town == TOWNS[0] else money - both["金额"]
            numbers = dict(
                zip(both, (*map(Decimal, (*stock[town],)), share, *map(Decimal, flows)), strict=True)
            )
            both = {name: both[name] + number for name, number in numbers.items()}
            year.months.append(_row(month, town, numbers))
        year.months.append(_row(month, "", both))
        told.append(both)
    total, roofs = (sum((both[name] for both in told), Decimal(0)) for name in ("人数", "户数"))
    average = total / 12
    rounded = random.choice([average.to_integral_value("ROUND_HALF_UP"), average // 1])
    year.people = [
        ("月均", f"{rounded}", "人", ""),
        ("月均", f"{(roofs / 12).to_integral_value('ROUND_HALF_UP')}", "户", "户数"),
        ("按月累计", f"{total}", "人次", "累计人次"),
        ("期末", f"{sum(first for first, _ in opening.values())}", "人", "期初"),
        ("全年累计", f"{sum(both['新增'] for both in told)}", "人", "新增"),
        ("全年累计", f"{sum(both['退出'] for both in told)}", "人", "退出"),
        ("期末", f"{told[-1]['人数']}", "人", "期末"),
        ("全年累计", f"{sum(both['新增户数'] for both in told)}", "户", "新增户数"),
        ("期末", f"{told[-1]['户数']}", "户", "期末户数"),
    ]
    return year


def _row(month: int, place: str, numbers: dict[str, Decimal]) -> dict[str, str]:
    written = {name: f"{number}" for name, number in numbers.items()}
    return {
        "项目": "城市低保",
        "地区": place,
        "月份": f"{month}",
        **written,
        "金额单位": "万元",
        "出处": "月报表",
    }


def fired(findings: Findings) -> set[str]:
    """Rules about months that found something, as causes or as consequences."""
    all_told(findings.listed)
    return {rule for rule, count in findings.fired.items() if rule.startswith("M") and count}


@pytest.mark.parametrize("seed", range(2))
def test_months_that_fit_give_no_finding(seed: int, base: Path) -> None:
    figures = load(made_up(seed).write(base), BASE_YEAR)
    assert fired(check(figures)) == set()


CHANGES = [
    # column, month and place of a cell, what is added to it, rules that must tell
    ("人数", 6, "", 40, {"M1", "M3", "M6", "M7"}),
    ("户数", 6, "", 40, {"M1", "M6", "M7"}),
    ("人数", 12, "", 1, {"M2", "M3", "M6", "M7"}),
    ("人数", 5, "东镇", 1, {"M6", "M7"}),
    ("金额", 3, "", Decimal("0.5"), {"M4", "M7"}),
    ("金额", 3, "", -1, {"M4", "M7"}),
    ("新增", 1, "", 1, {"M2", "M5"}),
    ("退出", 7, "", 1, {"M5", "M6"}),
    ("户数", 2, "西镇", 900, {"M6", "M7", "M8"}),
    ("人数", 4, "", 20000, {"M1", "M3", "M6", "M7", "M9"}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_one_number_that_does_not_fit_is_found(
    change: tuple[str, int, str, Decimal, set[str]], base: Path
) -> None:
    column, month, place, added, rules = change
    year = made_up(7)
    cell = year.row(month, place)
    cell[column] = f"{Decimal(cell[column]) + added}"
    assert fired(check(load(year.write(base), BASE_YEAR))) == rules


@pytest.mark.parametrize(
    ("stated", "added", "rules"),
    [
        (0, 2, {"M1"}),
        (1, 2, {"M1"}),
        (2, 1, {"M3"}),
        (3, 1, {"M2"}),
        (4, 1, {"M5"}),
        (5, 1, {"M5"}),
        (6, 1, {"M2"}),
        (7, 1, {"M5"}),
        (8, 1, {"M2"}),
    ],
)
def test_a_stated_number_that_is_not_that_of_the_months_is_found(
    stated: int, added: int, rules: set[str], base: Path
) -> None:
    year = made_up(7)
    counting, number, unit, aspect = year.people[stated]
    year.people[stated] = counting, f"{Decimal(number) + added}", unit, aspect
    assert fired(check(load(year.write(base), BASE_YEAR))) == rules


def test_a_wrong_month_is_named_once(base: Path) -> None:
    """Both months beside it do not follow; one finding says which number would."""
    year = made_up(7)
    cell = year.row(6)
    right = cell["人数"]
    cell["人数"] = f"{int(right) + 9}"
    (found,) = [f for f in asked(load(year.write(base), BASE_YEAR)) if f.rule.id == "M6"]
    assert found.suspicion.suspects == ("monthly.urban_dibao.people.m06",)
    assert f"6月城市低保月报人数改成{right}人" in found.message


def test_spending_beyond_the_months_is_a_question_and_less_an_error(base: Path) -> None:
    severities = []
    for added in (1, -1):
        year = made_up(7)
        cell = year.row(3)
        cell["金额"] = f"{Decimal(cell['金额']) + added}"
        found = asked(load(year.write(base), BASE_YEAR))
        severities += [f.severity for f in found if f.rule.id == "M4"]
    assert severities == [ERROR, "疑点"]


def test_months_that_lack_are_told_and_nothing_is_made_of_the_others(base: Path) -> None:
    year = made_up(7)
    year.months.remove(year.row(7))
    year.row(8)["人数"] = ""
    figures = load(year.write(base), BASE_YEAR)
    average = figures.figures["monthly_average.urban_dibao.people"]
    assert average.value is None
    assert average.reason == "月报没有7月、8月的人数，不能计算"
    assert figures.figures["monthly_end.urban_dibao.people.closing"].value == int(year.row(12)["人数"])
    findings = check(figures)
    assert fired(findings) == {"M10"}
    (found,) = [f for f in findings.listed if f.rule.id == "M10"]
    assert found.severity == HINT
    assert "城市低保月报没有7月、8月的人数，没有7月的户数" in found.message


def test_months_all_alike_are_worth_a_look(base: Path) -> None:
    year = made_up(7)
    for row in year.months:
        row |= {"人数": "920", "新增": "", "退出": ""}
    found = [f for f in asked(load(year.write(base), BASE_YEAR)) if f.rule.id == "M9"]
    assert {f.severity for f in found} == {HINT}
    assert len(found) == 3
    assert "12个月的人数都是920人" in found[0].message


def simple(base: Path, **cells: str) -> FigureSet:
    """Figures of a year whose months are all 100 people, 60 households and 4.00万元, but for the cells of June."""
    year = Year(people=[("月均", "100", "人", "")])
    row = {
        "项目": "城市低保",
        "人数": "100",
        "户数": "60",
        "金额": "4.00",
        "金额单位": "万元",
        "出处": "月报表",
    }
    year.months = [{**row, "月份": f"{month}"} for month in range(1, 13)]
    year.row(6).update(cells)
    return load(year.write(base), BASE_YEAR)


def test_months_of_a_programme_are_those_of_the_programmes_below(base: Path) -> None:
    told = {"最低生活保障": ("160", "100"), "城市低保": ("60", "40"), "农村低保": ("100", "60")}
    year = Year(people=[("月均", "60", "人", "")])
    year.months = [
        {"项目": name, "人数": people, "户数": households, "月份": f"{month}", "出处": "月报表"}
        for month in range(1, 13)
        for name, (people, households) in told.items()
    ]
    assert "M11" not in fired(check(load(year.write(base), BASE_YEAR)))
    for row in year.months[:6]:
        row["户数"] = {"100": "99"}.get(row["户数"], row["户数"])
    (found,) = [f for f in asked(load(year.write(base), BASE_YEAR)) if f.rule.id == "M11"]
    assert (found.severity, found.suspicion.subject) == (ERROR, "minimum_living.households")
    assert "1月最低生活保障月报户数99户，2个下级项目相加是100户" in found.message
    assert "2月最低生活保障" in found.message


def test_what_follows_from_the_months(base: Path) -> None:
    """Worked out by hand: 1198 ÷ 12 = 99.83; 48 万元 ÷ 1198 人次 = 400.67 元."""
    figures = simple(base, 人数="98", 月份="2023年6月")
    texts = {
        "monthly.urban_dibao.people.m06": "98人",
        "monthly_total.urban_dibao.people": "1198人次",
        "monthly_total.urban_dibao.amount": "48.00万元",
        "monthly_average.urban_dibao.people": "100人",
        "monthly_average.urban_dibao.households": "60户",
        "monthly_end.urban_dibao.people.closing": "100人",
        "monthly_level.urban_dibao": "400.67元/人·月",
        "month_level.urban_dibao.m06": "408.16元/人·月",
    }
    assert {address: figures.figures[address].text for address in texts} == texts
    assert figures.by_label["6月城市低保月报人数"].address == "monthly.urban_dibao.people.m06"
    assert figures.by_label["城市低保月报月均人数"].value == Decimal(1198) / 12
    assert fired(check(figures)) == {"M4", "M9"}  # spending is not 48 万元; always 60 households


def test_months_are_shown_as_a_table_a_chart_and_one_line_each_in_the_lineage(base: Path) -> None:
    figures = simple(base, 人数="98", 备注="复核过")
    page = Page("lineage", figures)
    told = lineage(page).markdown
    for month in range(1, 13):
        assert told.count(f"(figure-2023-monthly.urban_dibao.people.m{month:02})=") == 1
        assert told.count(f"(figure-2023-month_level.urban_dibao.m{month:02})=") == 1
    assert told.count("：各月数字的来源") == 1
    assert "复核过" in told
    assert "{figure}`98 <monthly.urban_dibao.people.m06>`" in source_tables(page).markdown
    listed = monthly_table(page).markdown
    assert "**月均** | {figure}`100 <monthly_average.urban_dibao.people>`" in listed
    assert "{figure}`48.00 <monthly_total.urban_dibao.amount>`" in listed
    people, spending = CHARTS["monthly_people"](figures), CHARTS["monthly_spending"](figures)
    assert people is not None
    assert spending is not None
    assert people.alt.startswith("折线图：城市低保1月100人，12月100人。各月人数怎样变化")
    assert "5月100人，6月98人" in people.alt
    assert "6月4.00万元" in spending.alt
    assert len(people.wide.data["segments"]) == 11
    assert workbook(figures)[:2] == b"PK"


def test_a_line_is_broken_where_a_month_lacks(base: Path) -> None:
    chart = CHARTS["monthly_people"](simple(base, 人数=""))
    assert chart is not None
    assert "5月100人，6月报告没有写，7月100人" in chart.alt
    assert len(chart.wide.data["segments"]) == 9


def test_a_year_without_months_shows_none(base: Path) -> None:
    figures = load(base, BASE_YEAR)
    assert monthly_table(Page("tables", figures)).markdown == ""
    assert [CHARTS[name](figures) for name in ("monthly_people", "monthly_spending")] == [None, None]
    assert "月报" not in lineage(Page("lineage", figures)).markdown


def test_the_months_go_on_into_a_new_year_without_their_numbers(base: Path) -> None:
    simple(base, 月份="2023年6月")
    new_year(base, BASE_YEAR + 1)
    text = (base / "data" / "2024" / "monthly.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["月份"] for row in rows] == [f"{month}" for month in range(1, 13)]
    assert {(row["人数"], row["金额"], row["金额单位"], row["确认"]) for row in rows} == {
        ("", "", "万元", "待确认")
    }
    figures = load(base, BASE_YEAR + 1)
    assert not figures.of_table("monthly")


@pytest.mark.parametrize("subject", ["6月城市低保月报人数", "monthly.urban_dibao.people.m06"])
def test_a_number_of_a_month_is_put_right_by_name_or_address(subject: str, base: Path) -> None:
    """Its neighbours in the row stay as signed; of another unit nothing is made."""
    from evalbook.schema.registry_reader import read_registries
    from evalbook.schema.table import Correction
    from evalbook.year.corrections import corrected_tables

    tables = simple(base).year.tables
    registries, _, _ = read_registries(base)
    right = Correction(2, 2, "更正", subject, "100人", "99人", "台账", "", "")
    changed, problems = corrected_tables(tables, "corrections.csv", [right], registries)
    assert problems == []
    data = changed["monthly"]
    (row,) = [row for row in data.rows if row.corrections]
    given = {s.column.name: s for s in data.table.statements(row)}
    assert given["people"].value == 99
    assert [len(given[name].corrections) for name in ("people", "households", "amount")] == [1, 0, 0]
    _, problems = corrected_tables(tables, "corrections.csv", [replace(right, corrected="99户")], registries)
    assert [problem.column for problem in problems] == ["更正值"]
    _, problems = corrected_tables(tables, "corrections.csv", [replace(right, original="98人")], registries)
    assert "第7行是“100人”" in problems[0].found


def test_bad_months_are_answered(base: Path, evalbook: Command) -> None:
    year = Year(people=[("月均", "100", "人", "")])
    row = {"项目": "城市低保", "人数": "100", "出处": "月报表"}
    year.months = [
        {**row, "月份": "13"},
        {**row, "月份": "6"},
        {**row, "月份": "2023年6月"},
        {**row, "月份": "2022-07"},
        {**row, "月份": "8", "人数": "100.5"},
        {**row, "月份": "9", "金额": "4.5"},
        {**row, "月份": "10", "出处": ""},
        {**row, "月份": "11", "标志": "x"},
    ]
    year.write(base)
    done = evalbook("check", f"{BASE_YEAR}")
    assert done.exit_code == 2
    for told in (
        "第2行“月份”：写的是“13”；应为：1至12，或6月、2023年6月这样的月份",
        "第4行“项目”：“城市低保”、“2023年6月”与第3行重复",
        "第5行“月份”：写的是“2022-07”；应为：2023年1月至12月",
        "第6行“人数”：写的是“100.5”；应为：以“人”计的整数",
        "第7行“金额单位”：有金额，没有写单位",
        "第8行“出处”：有数字却没有出处",
        "第9行“标志”：有数字却标了 x（没有数字）",
    ):
        assert told in done.stderr
    assert "发现7处需要修改" in done.stderr
