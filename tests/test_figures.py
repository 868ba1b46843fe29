"""Figures: exact, with units, with reasons where there is no value."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from counties import typed
from hypothesis import given
from hypothesis import strategies as st

from evalbook.figures import (
    Cell,
    Definition,
    Derivation,
    FigureSet,
    UnitMismatchError,
    UnitSystem,
    indicators,
    load,
)
from evalbook.figures.expression import Constant, Converted, Quotient, Reference, Sum
from evalbook.figures.formula import UndefinedError, describe, evaluate
from evalbook.figures.units import add, unit_system
from evalbook.render.page import Page
from evalbook.render.pages import funds_table
from evalbook.render.tidy import figures_csv
from evalbook.schema.kinds import NUMERIC
from evalbook.schema.numbers import normalise_number
from evalbook.schema.registry_reader import read_registries

ROOT = Path(__file__).resolve().parents[1]
REGISTRIES = read_registries(ROOT)[0]
UNITS: UnitSystem = unit_system(tuple(REGISTRIES.units.values()))
MONEY = st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("address", "text"),
    [
        # The figures that the domain definitions work out by hand from the 2020 report.
        ("funds_total.superior", "11650.08万元"),
        ("funds_total.county", "1696.1万元"),
        ("funds_total.all", "13346.18万元"),
        ("spending_total.all", "13399.34万元"),
        ("area.social_assistance.funds", "12750.84万元"),
        ("area.social_assistance.spending", "13072.63万元"),
        ("area.child_welfare.spending", "326.71万元"),
        ("execution.all", "100.40%"),
        ("funds_share.county.treasury_bonds", "72.70%"),
        ("headcount.rural_tekun", "6126人"),
        ("headcount.tekun", "6246人"),
        ("level.urban_dibao", "368.32元/人·月"),
        ("level.rural_dibao", "199.47元/人·月"),
        ("level.backstop", "151.98元/人·月"),
        ("level.de_facto_orphans", "670.33元/人·月"),
        ("average.temporary_relief", "1368.91元/户次"),
        ("average.actions.temporary_relief", "524.24元/人次"),
        ("standard_month.rural_dibao.standard", "335.00元/月"),
        ("standard_year.rural_tekun.standard", "5232元/年"),
        ("tekun_dibao.rural.raised_standard", "1.30倍"),
    ],
)
def test_indicators_of_2020(figures: FigureSet, address: str, text: str) -> None:
    assert figures.figures[address].text == text


def test_half_is_rounded_up() -> None:
    assert UNITS.display(Decimal("0.125"), "万元") == Decimal("0.13")
    assert UNITS.display(Decimal("2.5"), "人") == 3


@given(st.lists(MONEY, min_size=1, max_size=20))
def test_sums_are_exact_to_the_cent(amounts: list[Decimal]) -> None:
    quantities = [UNITS.quantity(amount, "万元") for amount in amounts]
    total = quantities[0]
    for quantity in quantities[1:]:
        total = add(total, quantity)
    assert UNITS.value_in(total, "万元") == sum(amounts)
    assert UNITS.value_in(total, "元") == sum(amounts) * 10000


@given(MONEY)
def test_what_is_shown_reads_back_equal(amount: Decimal) -> None:
    shown = f"{amount:f}"
    assert NUMERIC.accepts(shown, REGISTRIES)
    assert NUMERIC.parse(shown, REGISTRIES) == amount
    whole, _, cents = shown.partition(".")
    full_width = f"{int(whole):,}.{cents}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert NUMERIC.parse(normalise_number(f" {full_width} "), REGISTRIES) == amount


@given(MONEY, st.sampled_from(sorted(REGISTRIES.units)), st.sampled_from(sorted(REGISTRIES.units)))
def test_units_convert_back_or_refuse(amount: Decimal, first: str, second: str) -> None:
    if second in UNITS.alike(first):
        back = UNITS.convert(UNITS.convert(amount, first, second), second, first)
        assert back == pytest.approx(amount, rel=Decimal("1e-20"))
    else:
        with pytest.raises(UnitMismatchError):
            UNITS.convert(amount, first, second)


@pytest.mark.parametrize(
    ("first", "second"), [("元", "万元"), ("人", "户"), ("人次", "人"), ("元/月", "元/年")]
)
def test_different_units_are_never_added(first: str, second: str) -> None:
    with pytest.raises(UnitMismatchError):
        add(UNITS.quantity(Decimal(1), first), UNITS.quantity(Decimal(1), second))


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (Reference.to("people.nobody", label="无人人数"), "没有“无人人数”"),
        (Quotient(Constant(Decimal(1), "元"), Constant(Decimal(0), "人")), "除数为0"),
        (Sum((Constant(Decimal(1), "元"), Constant(Decimal(1), "人"))), "不能直接相加"),
        (Converted(Constant(Decimal(1), "户次"), "人"), "不能换算"),
        (Sum((), "表是空的"), "表是空的"),
    ],
)
def test_an_undefined_formula_says_why(formula: Reference, reason: str) -> None:
    with pytest.raises(UndefinedError, match=reason):
        evaluate(formula, lambda _: None, UNITS)


def test_missing_inputs_give_missing_with_a_reason(figures: FigureSet) -> None:
    missing = [figure for figure in figures.figures.values() if figure.value is None]
    assert {figure.address for figure in missing} >= {
        "background.resident_population",
        "coverage.rural_dibao",
        "level.retrenched_workers",
        "average.vagrant_relief",
        "execution.area.vagrant_relief",
    }
    assert all(figure.reason and figure.flag == "x" and figure.text == "报告没有写" for figure in missing)


def test_every_indicator_leads_down_to_cells(figures: FigureSet) -> None:
    def cells(address: str) -> int:
        figure = figures.figures.get(address)
        if figure is None:
            return 0
        if isinstance(figure.lineage, Cell):
            return 1
        return sum(cells(given.address) for given in figure.lineage.inputs)

    defined = [
        f for f in figures.figures.values() if isinstance(f.lineage, Derivation) and f.value is not None
    ]
    assert len(defined) > 40
    assert all(cells(figure.address) for figure in defined)


def test_a_cell_is_where_the_lineage_says(figures: FigureSet) -> None:
    for figure in figures.figures.values():
        if isinstance(figure.lineage, Cell):
            cell = figure.lineage
            lines = (ROOT / cell.file).read_text(encoding="utf-8-sig").splitlines()
            headings, row = lines[0].split(","), lines[cell.row - 1].split(",")
            position = ord(cell.letter) - ord("A")
            assert headings[position] == cell.column
            assert row[position] == cell.text
            assert cell.source or figure.value is None


def test_formulas_read_as_they_compute() -> None:
    formula = Quotient(
        Quotient(Sum((Reference.to("a"), Reference.to("b"))), Reference.to("c")), Constant(Decimal(12), "月")
    )
    assert describe(formula, lambda r: r.address, lambda c: str(c.value)) == "（a + b） ÷ c ÷ 12"


def test_people_per_residents_where_a_population_is_given(signed_2020: Path) -> None:
    table = signed_2020 / "data" / "2020" / "background.csv"
    text = table.read_text(encoding="utf-8-sig").replace("常住人口,,万人,x,,", "常住人口,70,万人,,测试,")
    table.write_text(text, encoding="utf-8-sig")
    figures = load(signed_2020, 2020)
    assert figures.figures["coverage.rural_dibao"].text == "206.24人/万人"


def test_mixed_money_units_are_converted_explicitly(signed_2020: Path) -> None:
    table = signed_2020 / "data" / "2020" / "funds.csv"
    text = table.read_text(encoding="utf-8-sig").replace("儿童福利资金,333,万元", "儿童福利资金,3330000,元")
    table.write_text(text, encoding="utf-8-sig")
    assert load(signed_2020, 2020).figures["funds_total.superior"].value == Decimal("11650.08")


def changed(project: Path, table: str, *edits: tuple[str, str]) -> FigureSet:
    """Figures of 2020 after edits of one table."""
    path = project / "data" / "2020" / f"{table}.csv"
    text = path.read_bytes().decode("utf-8-sig")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_bytes(text.encode("utf-8-sig"))
    return load(project, 2020)


def test_many_words_and_batches_make_one_total_of_a_level(tmp_path: Path) -> None:
    """Words of one level are one total under the first; what several areas are given together is nobody's alone."""
    year = typed(
        2023,
        {
            "funds": """
                中央、省和市,困难群众救助补助资金,900,万元
                中央和省和市,困难群众救助补助资金,600,万元,提前下达
                中央、省和市,困难群众救助补助资金,300,万元,追加
                自治区级,残疾人两项补贴,40,万元
                区本级,困难群众救助补助资金,50,万元
                区级,城市低保,20,万元
                区本级,农村低保,30,万元,,,困难群众救助补助资金
                各级,困难群众救助补助资金,7,万元,,结余
            """,
            "spending": "城市低保,120,万元\n孤儿补贴,30,万元\n困难残疾人生活补贴,25,万元",
        },
    )
    figures = load(year.write(tmp_path), 2023).figures
    totals = {a: (f.label, f.text) for a, f in figures.items() if a.startswith("funds_total.")}
    assert totals == {
        "funds_total.central_province_city": ("中央、省和市资金合计", "900万元"),
        "funds_total.province": ("自治区级资金合计", "40万元"),
        "funds_total.county": ("区本级资金合计", "70万元"),
        "funds_total.all": ("资金安排总额", "1010万元"),
    }
    batch = figures["funds.central_province_city.hardship_funds.advance"]
    assert batch.label == "中央和省和市安排困难群众救助补助资金（提前下达）"
    assert figures["funds.every.hardship_funds.left"].label == "各级结余困难群众救助补助资金"
    for area in ("social_assistance", "child_welfare"):
        reason = figures[f"area.{area}.funds"].reason
        assert reason.startswith("含在打捆的“困难群众救助补助资金”里，不能分到各领域")
        assert figures[f"execution.area.{area}"].value is None
    assert figures["area.disability_welfare.funds"].text == "40万元"
    assert figures["area.child_welfare.spending"].text == "30万元"
    assert figures["execution.all"].text == "17.33%"
    page = funds_table(Page("funds", load(tmp_path, 2023))).markdown
    for told in (
        "中央和省和市",
        "区级",
        "**区本级合计**",
        "提前下达",
        "批次",
        "资金的到位、结余和结转（不在合计内）",
    ):
        assert told in page
    assert "**区级合计**" not in page
    assert "文号" not in page


def without(figures: FigureSet, table: str, row: int) -> str:
    """A row of a table as it stands in the file, with its line end."""
    lines = (figures.year.root / "data" / "2020" / f"{table}.csv").read_bytes().decode("utf-8-sig")
    return lines.splitlines(keepends=True)[row - 1]


def test_a_missing_part_is_not_left_out_of_a_whole(signed_2020: Path, figures: FigureSet) -> None:
    prose = signed_2020 / "data" / "2020" / "narrative" / "02-funds.md"
    text = prose.read_text(encoding="utf-8").replace("{figure}`城市特困人数`", "")
    prose.write_text(text, encoding="utf-8")
    found = changed(signed_2020, "people", (without(figures, "people", 8), "")).figures
    assert found["headcount.tekun"].reason == "没有“城市特困人数”，不能计算"
    assert found["level.tekun"].value is None


def test_an_incomplete_pair_of_forms_gives_way_to_the_stated_number(
    signed_2020: Path, figures: FigureSet
) -> None:
    prose = signed_2020 / "data" / "2020" / "narrative" / "02-funds.md"
    text = prose.read_text(encoding="utf-8").replace("{figure}`农村特困分散供养人数`", "")
    prose.write_text(text, encoding="utf-8")
    found = changed(signed_2020, "people", (without(figures, "people", 6), "")).figures
    assert "headcount.rural_tekun" not in found
    assert found["headcount.tekun"].text == "6366人"


def test_numbers_counted_differently_are_not_added(signed_2020: Path) -> None:
    prose = signed_2020 / "data" / "2020" / "narrative" / "02-funds.md"
    text = prose.read_text(encoding="utf-8").replace("农村低保月均人数", "农村低保期末人数")
    prose.write_text(text, encoding="utf-8")
    found = changed(signed_2020, "people", ("农村低保,,月均", "农村低保,,期末")).figures
    assert "口径不同" in found["headcount.minimum_living"].reason
    assert found["level.rural_dibao"].text == "199.47元/人·月"


def test_orphans_counted_by_form_have_a_level(signed_2020: Path) -> None:
    prose = signed_2020 / "data" / "2020" / "narrative" / "02-funds.md"
    text = prose.read_text(encoding="utf-8").replace("{figure}`孤儿补贴人次`", "")
    prose.write_text(text, encoding="utf-8")
    found = changed(
        signed_2020,
        "people",
        (
            "孤儿补贴,,按月累计,1164,人次,,签发报告二（二）,,",
            "孤儿补贴,社会散居,按月累计,1019,人次,,测试,,\r\n孤儿补贴,集中养育,按月累计,145,人次,,测试,,",
        ),
    ).figures
    assert found["headcount.orphans"].text == "1164人次"
    assert found["level.orphans"].text == "999.83元/人·月"


def test_a_raised_standard_is_compared_with_the_raised_one(signed_2020: Path) -> None:
    found = changed(
        signed_2020,
        "standards",
        ("农村低保,保障标准", "农村低保,提标后标准,4600,元/年,,,测试,,\r\n农村低保,保障标准"),
    ).figures
    assert found["tekun_dibao.rural.standard"].text == "1.30倍"
    assert found["tekun_dibao.rural.raised_standard"].text == "1.14倍"
    assert found["tekun_dibao.rural.raised_standard"].label == "农村特困提标后标准与低保提标后标准之比"


def test_an_assumed_counting_is_said(figures: FigureSet) -> None:
    assert "没有说明人数的口径" in figures.figures["level.backstop"].note
    assert figures.figures["level.urban_dibao"].note == ""


def test_every_definition_has_its_card() -> None:
    """The method page shows what is listed; a definition that is not would have links to nowhere."""
    declared = [value for value in vars(indicators).values() if isinstance(value, Definition)]
    assert set(declared) == set(indicators.DEFINITIONS)
    assert len({definition.code for definition in declared}) == len(indicators.DEFINITIONS)


@pytest.mark.parametrize(
    ("typed_cell", "status", "word"),
    [
        ("", "送审", "报告没有写"),
        ("", "批准", "报告没有写"),
        ("", "草稿", "待填"),
        ("不适用", "送审", "不适用"),
        (" 不适用 ", "草稿", "不适用"),
        ("报告没有写", "草稿", "报告没有写"),
    ],
)
def test_why_there_is_no_number_is_told_apart(base: Path, typed_cell: str, status: str, word: str) -> None:
    """In its place, in what is computed from it, and in every file."""
    folder = base / "data" / "2023"
    for name, good, bad in (
        ("spending.csv", "城市低保,941.71,", f"城市低保,{typed_cell},"),
        ("year.yml", "数据状态: 初步", f"数据状态: {status}"),
    ):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(good) == 1
        path.write_text(text.replace(good, bad), encoding="utf-8")
    figures = load(base, 2023)
    spent, level, total = (
        figures.figures[address]
        for address in ("spending.urban_dibao", "level.urban_dibao", "spending_total.all")
    )
    assert (spent.text, level.text, total.text, spent.flag) == (word, word, word, "x")
    assert level.reason == f"“城市低保累计支出”{word}，不能计算"
    rows = {row["地址"]: row for row in csv.DictReader(io.StringIO(figures_csv(figures).decode("utf-8-sig")))}
    assert (rows["spending.urban_dibao"]["数值"], rows["spending.urban_dibao"]["标志"]) == ("", "x")
    assert rows["spending.urban_dibao"]["没有数字的原因"].startswith(f"{word}：")
    assert "缺" not in {figure.text for figure in figures.figures.values()}
