"""What is found and what is wrongly accused, by kind: ``.venv/bin/python benchmarks/recall.py [CHANGES]``.

Three measurements. The invented cases of ``tests/cases``: how many come out right. Made-up counties whose numbers fit
together: one cell of one is changed at random, as a slip of the hand would, and the finding must name it. Made-up
forms in several layouts: likewise. What is said against the same counties and forms without a change is a false alarm.

Only a change that contradicts something is counted: a number that nothing else in the report restates may be anything.
What restates it is told by :func:`ties`, which knows how the counties are made and nothing of the rules.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import invented
import made_up_forms
from counties import VALUES, County, Row, made_up, rounded
from faults import concerned

from evalbook.checks import DOUBT, ERROR, HINT, Finding, Findings, check
from evalbook.figures import load
from evalbook.recheck import examine, read_forms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHANGES = 600
SURE, LOOSE = Decimal("0.02"), Decimal("0.2")
"""Shares of a number by which a slip must miss it: where the report restates it, and where only nearly, as money ÷ people."""
UNITS = {
    "万元": "元", "元": "万元", "元/月": "元/年", "元/年": "元/月", "人次": "万人次", "户次": "万户次", "人": "万人",
}  # fmt: skip
OF_PROSE = ("P", "K", "G8", "G9", "G10")
"""Rules about text, of which made-up counties have next to none."""
LEVEL, EACH = "人均救助水平", "次均救助水平"
WHOLES = {"最低生活保障": ("城市低保", "农村低保"), "特困供养": ("城市特困", "农村特困")}
SHARE = "城市低保对象占比"
PARTS = {part: whole for whole, parts in WHOLES.items() for part in parts}


@dataclass(frozen=True)
class Slip:
    """One cell of a county changed.

    Attributes
    ----------
    kind : str
        What restates the cell, and what was done to it; Chinese.
    county : County
        With the change.
    table : str
        Its table.
    row : int
        Its row, as the file counts it.
    """

    kind: str
    county: County
    table: str
    row: int


def digits_changed(text: str, random: Random) -> str:
    """Another digit in one place, not the first of a small number."""
    places = [at for at, character in enumerate(text) if character.isdigit()]
    at = random.choice(places)
    return text[:at] + random.choice([d for d in "123456789" if d != text[at]]) + text[at + 1 :]


def transposed(text: str, _: Random) -> str:
    """Two neighbouring digits in each other's place."""
    for at in range(len(text) - 1):
        one, other = text[at], text[at + 1]
        if one.isdigit() and other.isdigit() and one != other and (at or other != "0"):
            return text[:at] + other + one + text[at + 2 :]
    return text


def tenfold(text: str, random: Random) -> str:
    """The point one place further, to either side."""
    number = Decimal(text)
    return f"{number.scaleb(random.choice((-1, 1))):f}"


NUMBERS: dict[str, Callable[[str, Random], str]] = {
    "错一位数字": digits_changed,
    "两位颠倒": transposed,
    "差十倍": tenfold,
}


def tied(county: County) -> County:
    """The county with numbers that it says are sums and shares of others, or the same once more."""
    towns, villages = (county.row("people", name) for name in WHOLES["最低生活保障"])
    if towns and villages and all(r["口径"] == "月均" and r["数量"] for r in (towns, villages)):
        urban, people = Decimal(towns["数量"]), Decimal(towns["数量"]) + Decimal(villages["数量"])
        labels = "城市低保月均人数、农村低保月均人数"
        told = {"章节": "五", "关系": "", "所指": ""}
        county = (
            county.added("actions", 代码="sum", 指标名称="低保对象人数", 数值=people, 单位="人", **told)
            .added(
                "actions",
                代码="share",
                指标名称=SHARE,
                数值=rounded(urban / people * 100, 1),
                单位="%",
                **told,
            )
            .added("relations", 数字="低保对象人数", 关系="合计", 各项=labels)
            .added("relations", 数字=SHARE, 关系="比率", 各项="城市低保月均人数、低保对象人数")
        )
    for name, code in (("城市低保", "urban"), ("农村低保", "rural")):
        if (homes := county.row("people", name, "户数")) and homes["数量"]:
            county = county.added(
                "actions", 章节="五", 代码=code, 指标名称=f"{name}家庭数", 数值=homes["数量"], 单位="户",
                关系="同一数", 所指=f"{name}户数",
            )  # fmt: skip
    return county


def ties(county: County, table: str, row: Row) -> tuple[str, Decimal] | None:
    """What restates a cell, and the share by which it must be missed to contradict that; None where nothing does.

    Parameters
    ----------
    county
        That has the row.
    table
        Its table.
    row
        The row.
    """
    name, rows = row.get("项目", ""), county.tables
    claims = {claim["指标"] for claim in rows.get("claims", ())}
    kin = [other for other in rows.get(table, ()) if other.get("项目") == name and other is not row]
    match table:
        case "claims":
            return "报告写明的合计、比例", SURE
        case "funds" if "资金安排总额" in claims:
            return "资金的一项（合计写明）", SURE
        case "spending" if "累计支出合计" in claims:
            return "支出的一项（合计写明）", SURE
        case "people" if any(
            act.get("所指") == f"{name}{row.get('统计项')}" for act in rows.get("actions", ())
        ):
            return "户数与又写的一遍", SURE
        case "people":
            plain = not row.get("保障形式") and not row.get("统计项")
            alike = [
                other["项目"]
                for other in rows[table]
                if all(other.get(k, "") == row.get(k, "") for k in ("统计项", "保障形式", "口径"))
            ]
            whole = PARTS.get(name, name)
            if {whole, *WHOLES.get(whole, ("",))} <= {*alike}:
                return f"城乡各项与合计（{row.get('统计项') or '人数'}）", SURE
            each = any(s["项目"] == name and s["指标"] == EACH for s in rows.get("standards", ()))
            if row["单位"] == "人次" and each:
                return "次数与支出、次均", SURE
            if row.get("保障形式") or (plain and any(other.get("保障形式") for other in kin)):
                return "人数与分散、集中等各项", SURE
            if row.get("统计项") == "累计人次" or (plain and any(o.get("统计项") == "累计人次" for o in kin)):
                return "人数与人次", SURE
            if plain and any(
                name in PARTS and r["数字"] == "低保对象人数" for r in rows.get("relations", ())
            ):
                return "写明关系的数", SURE
            level = any(s["项目"] == name and s["指标"] == LEVEL for s in rows.get("standards", ()))
            if plain and row.get("口径") == "月均" and level:
                return "人数与支出、水平", LOOSE
        case "standards" if row["指标"] == LEVEL:
            return "水平与支出、人数", LOOSE
        case "standards" if row["指标"] == EACH:
            return "次数与支出、次均", SURE
        case "actions" if any(row["指标名称"] == r["数字"] for r in rows.get("relations", ())):
            return "写明关系的数", SURE
        case "actions" if row.get("关系") == "同一数":
            return "工作情况里的同一数", SURE
    return None


def slips(number: int) -> Iterator[Slip]:
    """So many cells changed at random, each in a county of its own."""
    seed = made = 0
    while made < number:
        random = Random(seed)  # noqa: S311
        county = tied(made_up(random)) if seed % 3 else invented.county()
        seed += 1
        cells = [
            (table, at, row, tie)
            for table, rows in county.tables.items()
            for at, row in enumerate(rows)
            if row.get(VALUES.get(table, "")) and (tie := ties(county, table, row))
        ]
        if not cells:
            continue
        table, at, row, (restated, least) = random.choice(cells)
        how = random.choice((*NUMBERS, "抄了别的行", "单位写错"))
        heading, old = VALUES[table], Decimal(row[VALUES[table]])
        new = dict(row)
        if not old:
            continue
        if how == "单位写错":
            new["单位"] = UNITS.get(row["单位"], row["单位"])
        elif how == "抄了别的行":
            others = [r[heading] for r in county.tables[table] if r["单位"] == row["单位"] and r.get(heading)]
            new[heading] = random.choice(others)
        else:
            new[heading] = NUMBERS[how](row[heading], random)
        value = Decimal(new[heading])
        if (
            new == row
            or (value != old and abs(value - old) < least * old)
            or (value == old and new["单位"] == row["单位"])
        ):
            continue
        made += 1
        yield Slip(f"{restated}：{how}", county.changed_row(table, at, new), table, at + 2)


def judged(county: County, folder: Path) -> Findings:
    """Findings of a county, written into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    return check(load(county.write(folder), county.year))


def names(findings: Findings, finding: Finding, slip: Slip) -> bool:
    """Whether a finding speaks of a changed cell, or of what was computed from it."""
    figures = findings.figures.figures
    of_cell = {
        address
        for address, figure in figures.items()
        if getattr(figure.lineage, "row", 0) == slip.row
        and str(getattr(figure.lineage, "file", "")).endswith(f"/{slip.table}.csv")
    }
    return bool(of_cell & concerned(findings, finding)) or any(
        place.row == slip.row and place.file.endswith(f"/{slip.table}.csv")
        for place in finding.suspicion.places
    )


def about_figures(findings: Findings) -> list[Finding]:
    """Findings that are not about text."""
    return [finding for finding in findings.listed if not finding.rule.id.startswith(OF_PROSE)]


def years(number: int, scratch: Path) -> Measured:
    """Slips in made-up years by kind, and what is said against a third as many without."""
    made: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missed = []
    for slip in slips(number):
        made[slip.kind] += 1
        try:
            findings = judged(slip.county, scratch / "year")
        except Exception as error:
            told = str(error)
            hit = f"{slip.table}.csv" in told
        else:
            hit = any(
                f.severity in {ERROR, DOUBT} and names(findings, f, slip) for f in about_figures(findings)
            )
        found[slip.kind] += hit
        if not hit:
            row = slip.county.tables[slip.table][slip.row - 2]
            missed.append(f"{slip.kind} {slip.table} { {k: v for k, v in row.items() if v} }")
    right = number // 3
    return Measured("one cell of a made-up year", made, found, tuple(missed), alarms(right, scratch), right)


def alarms(number: int, scratch: Path) -> Counter[str]:
    """What is said against counties whose numbers fit together, by severity and rule."""
    said: Counter[str] = Counter()
    for seed in range(number):
        findings = judged(tied(made_up(Random(seed))), scratch / "right")  # noqa: S311
        said.update(f"{finding.severity} {finding.rule.id}" for finding in about_figures(findings))
    return said


def forms(number: int, scratch: Path) -> Measured:
    """Faults of made-up forms by kind, and what is said against the same without."""
    made: Counter[str] = Counter()
    found: Counter[str] = Counter()
    said: Counter[str] = Counter()
    missed = []
    path = scratch / "form.csv"
    for seed in range(number):
        form = made_up_forms.right(Random(seed))  # noqa: S311
        form.write(path)
        said.update(_said(path))
        fault = made_up_forms.planted(form, Random(seed))  # noqa: S311
        fault.form.write(path)
        made[fault.kind] += 1
        graver = {line for line in _said(path) if not line.startswith(HINT)}
        if graver - set(_said_of(form, path)):
            found[fault.kind] += 1
        else:
            missed.append(f"{fault.kind} {form.layout}: {fault.told}")
    return Measured("one fault in a made-up form", made, found, tuple(missed), said, number)


def _said(path: Path) -> list[str]:
    try:
        listed = [finding for form in read_forms(path) for finding in examine(form).findings]
    except Exception as error:
        return [f"{ERROR} 没有读：{error}"]
    return [f"{finding.severity} {finding.id}" for finding in listed]


def _said_of(form: made_up_forms.MadeForm, path: Path) -> list[str]:
    form.write(path)
    return _said(path)


@dataclass(frozen=True)
class Measured:
    """One measurement: how many were made, and found or right, by kind; what was not; what is said against the right ones.

    ``said`` counts by severity and rule, in so many right ones as ``right`` says.
    """

    title: str
    made: Counter[str]
    found: Counter[str]
    missed: tuple[str, ...] = ()
    said: Counter[str] = field(default_factory=Counter)
    right: int = 0

    @property
    def share(self) -> str:
        """Of all kinds together."""
        return f"{self.found.total()} of {self.made.total()} ({self.found.total() / self.made.total():.1%})"

    @property
    def told(self) -> str:
        """Table by kind and what was missed, in Markdown."""
        rows = [f"| {kind} | {self.found[kind]} | {count} |" for kind, count in sorted(self.made.items())]
        lines = [
            f"| {self.title} | found | of |",
            "|---|--:|--:|",
            *rows,
            f"| **all** | **{self.share}** | |",
        ]
        lines += ["", *(f"- missed: {text}" for text in self.missed)]
        if self.right:
            lines += ["", f"Said against {self.right} right ones: {dict(self.said.most_common())}"]
        return "\n".join(lines)


def cases(of: str, judge: Callable[[invented.Case, Path], list[str]], scratch: Path) -> Measured:
    """Invented cases that come out right."""
    made: Counter[str] = Counter()
    right: Counter[str] = Counter()
    missed = []
    for at, case in enumerate(invented.read(of)):
        folder = scratch / f"{of}{at}"
        folder.mkdir()
        made[case["kind"]] += 1
        if wrong := judge(case, folder):
            missed.append(f"{case['right']}: {wrong}")
        right[case["kind"]] += not wrong
    return Measured(f"invented {of}, right", made, right, tuple(missed))


def measured(number: int, scratch: Path) -> list[Measured]:
    """All measurements, so many changes of each sort."""
    return [
        cases("forms", invented.wrong_in_form, scratch),
        cases("years", invented.wrong_in_year, scratch),
        years(number, scratch),
        forms(number, scratch),
    ]


def summary() -> list[tuple[str, str, str]]:
    """Rows for the table of ``make bench``: what, measured, wanted."""
    with tempfile.TemporaryDirectory() as scratch:
        rows = []
        for one in measured(CHANGES, Path(scratch)):
            rows.append((one.title, one.share, "all" if not one.right else "at least 95 %"))
            if one.right:
                false = sum(count for what, count in one.said.items() if what.startswith(ERROR))
                rows.append(
                    (f"{one.title}: false 错误 in {one.right} right ones", f"{false}", "at most 1 in 10")
                )
    return rows


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else CHANGES
        print("\n\n".join(one.told for one in measured(wanted, Path(folder))))
