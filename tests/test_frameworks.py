"""The frameworks that the project has: what their documents say, and what becomes of a new one."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from projects import ROOT
from test_bad_frameworks import GOOD

from evalbook.cli import main
from evalbook.errors import InputError
from evalbook.figures import load
from evalbook.figures.watch import Notes, answer, noting
from evalbook.frameworks import Bounds, Framework, examine_framework, frameworks
from evalbook.frameworks.framework import KINDS, NOT_FOUND, PROPOSED, PROPOSED_POINTS, bounds_of, faults_of
from evalbook.frameworks.tables import FRAMEWORK_SETTINGS, INDICATORS
from evalbook.render import score_page
from evalbook.render.frameworks import framework_catalogue
from evalbook.render.markdown import escape
from evalbook.render.page import Page
from evalbook.run import inspect_framework, run_years
from evalbook.scoring import evaluate
from evalbook.year import chosen_frameworks

SHIPPED = frameworks(ROOT)


def framework(name: str) -> Framework:
    read, problems, notices = examine_framework(ROOT, name)
    assert (problems, notices) == ([], [])
    assert read is not None
    return read


def points(read: Framework, part: str) -> Decimal:
    """Known points of a part."""
    return sum(
        (i.points or Decimal(0) for i in read.indicators if i.part == part and not i.outside), Decimal(0)
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_framework_can_be_read_and_written(name: str) -> None:
    assert inspect_framework(ROOT, name)[1:] == ((), ())


@pytest.mark.parametrize("name", SHIPPED)
def test_points_of_a_complete_framework_make_the_total(name: str) -> None:
    read = framework(name)
    if read.complete:
        assert read.known == read.total
        assert all(points(read, part.name) == part.points for part in read.parts)
    else:
        assert read.known < read.total


def test_the_national_table_is_known_to_eight_points_of_a_hundred() -> None:
    """2016年度…评价指标和评价标准: 工作保障 30, of it 政策保障 9, of it the first five lines 2 + 2 + 1 + 2 + 1."""
    read = framework("civil-affairs-2016")
    assert [read.total, read.known, read.complete] == [100, 8, False]
    assert [(part.name, part.points) for part in read.parts] == [
        ("工作保障", 30),
        ("工作管理", None),
        ("工作效果", None),
        ("工作创新", None),
    ]
    assert [indicator.points for indicator in read.indicators] == [2, 2, 1, 2, 1, None]
    cut = read.indicators[-1]
    assert (cut.origin, [kind.code for kind in cut.kinds]) == (NOT_FOUND, ["unknown"])
    assert read.number == "民发〔2016〕242号"
    assert "各省" in read.subject


def test_the_section_of_yueyang() -> None:
    """社会救助工作(17分): ① 3, ② to ⑧ 2 each; ⑨ +2 or −2 outside it."""
    read = framework("yueyang-2015")
    assert [read.total, read.known, read.complete] == [17, 17, True]
    by_item: dict[str, Decimal] = {}
    for indicator in read.indicators:
        item = indicator.code.rstrip("abcd")
        by_item[item] = by_item.get(item, Decimal(0)) + (indicator.points or 0)
    assert by_item == {"C1.1": 3} | {f"C1.{n}": 2 for n in range(2, 9)} | {"C1.9": 0}
    assert [i.code for i in read.indicators if i.outside] == ["C1.9a", "C1.9b"]
    assert [read.most_bonus, read.most_penalty, *read.grades] == [2, 2]


def test_the_form_of_suixi() -> None:
    """绩效目标自评表（2019年度）: 10 + 50 + 30 + 10, and the cut target stays empty."""
    read = framework("suixi-2019")
    assert [read.total, read.known, read.complete] == [100, 100, True]
    assert [part.points for part in read.parts] == [10, 50, 30, 10]
    targets = {indicator.code: f"{indicator.comparison}{indicator.target}" for indicator in read.indicators}
    assert (targets["D1.4"], targets["D2.3"], targets["D4.1"]) == ("≥4754", "≤5300", "≥")
    assert all(i.parameters == {"未达": "未说明"} for i in read.indicators if i.code != "D0.1")


def test_the_two_lines_name_their_grades_differently() -> None:
    """优秀 良好 合格 不合格 (民发〔2016〕242号, art. 7) and 优 良 中 差, both from 90, 80 and 60 on."""
    civil, finance = framework("civil-affairs-2016"), framework("finance-2020")
    assert [grade.name for grade in civil.grades] == ["优秀", "良好", "合格", "不合格"]
    assert [grade.name for grade in finance.grades] == ["优", "良", "中", "差"]
    for score, place in (
        ("90", 0),
        ("89.99", 1),
        ("80", 1),
        ("79.99", 2),
        ("60", 2),
        ("59.99", 3),
        ("100", 0),
    ):
        for read in (civil, finance):
            held = [number for number, grade in enumerate(read.grades) if grade.bounds.holds(Decimal(score))]
            assert held == [place], (read.name, score)


def test_the_catalogue_says_what_is_not_known() -> None:
    text = framework_catalogue([framework(name) for name in SHIPPED]).replace("\\", "")
    assert "总分100分，只查到8分；不计总分，不评等次" in text
    assert "分值没有查到" in text
    assert "6分（建议分值）" in text
    assert "至多加2分，至多减2分" in text
    assert all(f"### {kind.name}\n" in text for kind in KINDS)


# -- a new framework


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the command needs of a project."""
    for name in ("reference", "frameworks"):
        shutil.copytree(ROOT / "data" / name, tmp_path / "data" / name)
    shutil.copytree(ROOT / "data" / "2020", tmp_path / "data" / "2020")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["framework", *arguments])
    return done.exit_code, done.output


def test_a_new_framework_asks_to_be_filled_in_and_then_is_good(project: Path) -> None:
    code, words = run("new", "county-2021")
    assert code == 0
    for told in ("framework.yml", "indicators.csv", "evalbook framework check county-2021"):
        assert told in words
    code, words = run("check", "county-2021")
    assert code == 2
    assert all("没有填写" in line for line in words.splitlines()[1:])
    folder = project / "data" / "frameworks" / "county-2021"
    keys = {column.heading for column in FRAMEWORK_SETTINGS}
    template = (folder / "framework.yml").read_text(encoding="utf-8").splitlines()
    assert {line.removesuffix(":") for line in template if not line.startswith("#")} == keys
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    assert run("check", "county-2021")[0] == 0


def test_the_examples_of_the_template_are_good(project: Path) -> None:
    """A clerk may take the comment signs away and find every example understood."""
    run("new", "county-2021")
    path = project / "data" / "frameworks" / "county-2021" / "framework.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    made: list[str] = []
    below: list[str] = []
    for line in lines[1:]:
        if line.startswith("#   "):
            below.append(line[2:])
        elif line.startswith("#"):
            made.append(line.partition("例如 ")[2])
        else:
            made[-1] = f"{line} {made[-1]}"
            made += below
            below = []
    path.write_text("\n".join(made) + "\n", encoding="utf-8")
    shutil.copy(GOOD / "indicators.csv", path.parent)
    _, words = run("check", "county-2021")
    # One grade of an example does not reach from 0 to 100, and its points are not those of the table.
    assert not {"没有填写", "格式读不懂", "不认识"} & {
        said for said in ("没有填写", "格式读不懂", "不认识") if said in words
    }


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("suixi-2019", "已经有了，没有改动它"),
        ("County", "不能作名称"),
        ("../../x", "不能作名称"),
        ("一县", "不能作名称"),
        ("a" * 41, "不能作名称"),
        ("", "不能作名称"),
    ],
)
def test_a_name_that_cannot_be_used_leaves_nothing_behind(project: Path, name: str, told: str) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    code, words = run("new", name)
    assert code == 2
    assert told in words
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_what_could_not_be_written_is_not_left_half_made(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *_: object, **__: object) -> None:
        if self.suffix == ".csv":
            raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_text", full)
    before = sorted(project.rglob("*"))
    assert run("new", "county-2021")[0] == 2
    assert sorted(project.rglob("*")) == before


def test_a_name_that_is_not_there_is_answered_with_the_nearest(project: Path) -> None:
    code, words = run("check", "suixi-2018")
    assert code == 2
    assert "是不是“suixi-2019”？" in words


def test_a_folder_that_cannot_be_named_is_answered(project: Path) -> None:
    shutil.copytree(GOOD, project / "data" / "frameworks" / "County 2021")
    code, words = run("check", "County 2021")
    assert code == 2
    assert "给文件夹改名" in words


def test_characters_that_no_font_has_are_named(project: Path) -> None:
    path = project / "data" / "frameworks" / "suixi-2019" / "indicators.csv"
    path.write_text(
        path.read_text("utf-8-sig").replace("受助对象", "受助𠮷对象"), encoding="utf-8-sig", newline=""
    )
    code, words = run("check", "suixi-2019")
    assert code == 2
    assert "indicators.csv 第12行：字库里没有“𠮷”（U+20BB7）这个字" in words


def test_pages_depend_on_the_frameworks_of_their_year(project: Path) -> None:
    (project / "notebooks").mkdir()
    (chosen, *_) = chosen_frameworks(project, 2020)
    other = next(name for name in SHIPPED if name not in chosen_frameworks(project, 2020))
    notes: Notes = {}
    with noting(notes):
        score_page(Page("score", load(project, 2020)))
    for name, depends in ((other, False), (chosen, True)):
        path = project / "data" / "frameworks" / name / "framework.yml"
        path.write_text(path.read_text("utf-8").replace("标题: ", "标题: 新", 1), encoding="utf-8")
        year = load(project, 2020)
        evaluate(year)
        changed = [
            question for question, told in notes.items() if answer({2020: year}.__getitem__, question) != told
        ]
        assert bool(changed) == depends


# -- bounds


@st.composite
def partitions(draw: st.DrawFn) -> tuple[list[Bounds], Decimal]:
    """Bounds that cover 0 to 100 once each, and 100."""
    cuts = sorted(draw(st.sets(st.decimals("0.01", "99.99", places=2), min_size=1, max_size=6)))
    made, low, with_low = [], draw(st.sampled_from([None, Decimal(0)])), True
    for cut in cuts:
        above = draw(st.booleans())
        made.append(Bounds(low, cut, with_low, not above))
        low, with_low = cut, above
    last = draw(st.sampled_from([None, Decimal(100)]))
    return [*made, Bounds(low, last, with_low, last is not None)], Decimal(100)


@given(partitions(), st.randoms(use_true_random=False))
def test_a_partition_has_no_fault(made: tuple[list[Bounds], Decimal], random) -> None:  # type: ignore[no-untyped-def]
    bounds, most = made
    random.shuffle(bounds)
    assert faults_of(tuple(bounds), Decimal(0), most) == ()


@given(partitions(), st.data())
def test_a_moved_end_is_a_fault(made: tuple[list[Bounds], Decimal], data: st.DataObject) -> None:
    bounds, most = made
    place = data.draw(st.integers(0, len(bounds) - 2))
    one = bounds[place]
    assert one.high is not None
    step = data.draw(st.sampled_from([Decimal("0.005"), Decimal("-0.005")]))
    moved = data.draw(st.sampled_from(["end", "inclusion"]))
    bounds[place] = (
        Bounds(one.low, one.high + step, one.with_low, one.with_high)
        if moved == "end"
        else Bounds(one.low, one.high, one.with_low, not one.with_high)
    )
    assert faults_of(tuple(bounds), Decimal(0), most)


@given(partitions(), st.decimals("0", "100", places=3))
def test_a_number_belongs_to_one_of_a_partition(made: tuple[list[Bounds], Decimal], number: Decimal) -> None:
    bounds, _ = made
    assert sum(one.holds(number) for one in bounds) == sum(one.meets(number, number) for one in bounds) == 1


@given(partitions())
def test_bounds_are_read_as_they_are_written(made: tuple[list[Bounds], Decimal]) -> None:
    for one in made[0]:
        again = bounds_of(str(one))
        assert again is not None
        assert str(again) == str(one)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("80（含）至90（不含）", Bounds(Decimal(80), Decimal(90))),
        ("８０(含) - 90 (不含)", Bounds(Decimal(80), Decimal(90))),
        ("80%（含）——90%（不含）", Bounds(Decimal(80), Decimal(90))),
        ("80分（含）～90分（含）", Bounds(Decimal(80), Decimal(90), True, True)),
        ("90分（含）以上", Bounds(Decimal(90), None)),
        ("60（不含）以下", Bounds(None, Decimal(60), False)),
        ("80至90", None),
        ("80—90（不含）", None),
        ("良", None),
        ("", None),
        ("9" * 400 + "（含）以上", None),
    ],
)
def test_ways_of_writing_bounds(written: str, meant: Bounds | None) -> None:
    found = bounds_of(written)
    assert str(found) == str(meant)


# -- the pages of the book


def test_a_framework_that_cannot_be_read_stops_the_build(project: Path) -> None:
    """Whether or not a year uses it: the catalogue shows them all."""
    shutil.copytree(ROOT / "notebooks", project / "notebooks")
    path = project / "data" / "frameworks" / "yueyang-2015" / "indicators.csv"
    path.write_text(
        path.read_text("utf-8-sig").replace(",3,,官方", ",4,,官方"), encoding="utf-8-sig", newline=""
    )
    with pytest.raises(InputError) as refused:
        run_years(project)
    assert {problem.file for problem in refused.value.problems} == {
        "data/frameworks/yueyang-2015/indicators.csv"
    }
    assert "多出1" in str(refused.value)


def test_hostile_text_is_shown_as_it_is() -> None:
    hostile = "{figure}`x` | <script> ~~~~ **b** $x$\\"
    read = framework("suixi-2019")
    first = replace(
        read.indicators[0], title=hostile, text=hostile, written=hostile, part=hostile, note=hostile
    )
    text = framework_catalogue([replace(read, title=hostile, source=hostile, indicators=(first,))])
    assert text.count(escape(hostile)) >= 6
    assert hostile not in text


def test_the_catalogue_page(site: Path) -> None:
    page = BeautifulSoup((site / "guide" / "frameworks.html").read_text(encoding="utf-8"), "lxml")
    for name in SHIPPED:
        section = page.find(id=f"framework-{name}")
        assert section is not None
        shown = re.sub(r"\s+", "", section.get_text())
        for indicator in framework(name).indicators:
            assert re.sub(r"\s+", "", f"{indicator.code}{indicator.title}") in shown
        proposed = [i for i in framework(name).indicators if i.origin == PROPOSED]
        assert shown.count(f"（{PROPOSED_POINTS}）") == len(proposed)
    kinds = {str(link["href"])[1:] for link in page.select("table a.reference.internal[href^='#']")}
    assert all(page.find(id=kind) is not None for kind in kinds)
    assert len(kinds) >= 10
    dictionary = (site / "guide" / "dictionary.html").read_text(encoding="utf-8")
    assert all(column.heading in dictionary for column in (*FRAMEWORK_SETTINGS, *INDICATORS.columns))
