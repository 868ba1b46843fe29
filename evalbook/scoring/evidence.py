"""What is known of an indicator: its target in the year, and the answer to each of its inputs."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from evalbook.checks import Place
from evalbook.checks.claims import is_sum
from evalbook.figures import Derivation, Known, UnitMismatchError
from evalbook.schema.address import Address
from evalbook.schema.kinds import number_of
from evalbook.scoring.rules import INFINITY, UNKNOWN, UNKNOWN_TRUTH, Range, Truth, exactly
from evalbook.year.evaluation import YES_OR_NO, days_of, split_case
from evalbook.year.tables import DEVIATIONS, EVIDENCE, TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evalbook.checks import Facts
    from evalbook.figures import Figure
    from evalbook.frameworks import Framework, Indicator
    from evalbook.schema import TableRow

MONTHLY_AVERAGE = re.compile("按?月平均|月均")
"""Said in the name of an indicator that is measured by an average of the months."""


@dataclass(frozen=True)
class Target:
    """What an indicator should reach in the year.

    Attributes
    ----------
    comparison : str
        ≥, ≤ or =.
    value : Range
        In ``unit``; unknown where months of the year have no target.
    unit : str
    text : str
        As the form shows it: ≥213元/月; empty when there is none.
    documents : tuple of str
        Where it was approved.
    note : str
        That it changed in the year and was averaged, or that months have none; else empty.
    """

    comparison: str
    value: Range
    unit: str
    text: str
    documents: tuple[str, ...]
    note: str = ""

    @property
    def stated(self) -> bool:
        """Whether there is one number to be reached."""
        return self.value.known


@dataclass(frozen=True)
class Evidence:
    """A row of ``evidence.csv``.

    Attributes
    ----------
    item : str
        Input of the indicator; empty for the main one.
    result : str
        What was entered; empty where a figure is named.
    figure : Figure or None
        Figure that is the actual value.
    document, shows, who : str
        What proves it, what it shows, who confirmed it.
    date : datetime.date or None
        When that was confirmed.
    place : Place
    """

    item: str
    result: str
    figure: Figure | None
    document: str
    shows: str
    who: str
    date: datetime.date | None
    place: Place

    @property
    def confirmed(self) -> bool:
        """Whether a named person has confirmed it; a figure has a source of its own."""
        return self.figure is not None or bool(self.document and self.who and self.date)


@dataclass(frozen=True)
class Answer:
    """What is known of one input.

    Attributes
    ----------
    item : str
        Name of the input; empty for the main one.
    number : Range
        For inputs that are numbers.
    truth : frozenset of bool
        For conditions.
    case : str
        Case or level, empty while it is not known.
    figure : Figure or None
        Figure that it was taken from.
    evidence : Evidence or None
        Row that it was taken from.
    told : bool
        Whether its range may be said; what only a plausibility band bounds is never said of this county.
    note : str
        What a reader must know, a Chinese sentence without its stop: the figure is doubted, the stated level was
        not used; else empty.
    remark : str
        From what else than its own figure a number is known, a Chinese sentence without its stop; else empty.
    missing : str
        What is missing, in Chinese; empty when the input is known.
    """

    item: str
    number: Range = UNKNOWN
    truth: Truth = UNKNOWN_TRUTH
    case: str = ""
    figure: Figure | None = None
    evidence: Evidence | None = None
    told: bool = True
    note: str = ""
    remark: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Deviation:
    """Why a target was missed or far exceeded, and what will be done."""

    reason: str
    improvement: str


@dataclass(frozen=True)
class Record:
    """What a year holds for one framework.

    Attributes
    ----------
    framework : Framework
    facts : Facts
        The year.
    ranges : mapping of str to Known
        What its figures in doubt may stand for, by address.
    """

    framework: Framework
    facts: Facts
    ranges: Mapping[str, Known]

    def _rows(self, table: str) -> Iterator[TableRow]:
        for row in self.facts.rows(table):
            if row.said("framework") == self.framework.name:
                yield row

    @cached_property
    def evidence(self) -> Mapping[tuple[str, str], Evidence]:
        """Evidence by indicator (or event) and input."""
        file = self.facts.figures.year.tables[EVIDENCE.name].file
        found = {}
        for row in self._rows(EVIDENCE.name):
            indicator, name = row.said("indicator"), row.said("figure")
            found[indicator, row.said("item")] = Evidence(
                figure=self.facts.figures.named(name) if name else None,
                date=row.parsed(datetime.date, "date"),
                place=Place(file, row.number, indicator),
                **{name: row.said(name) for name in ("item", "result", "document", "shows", "who")},
            )
        return found

    @cached_property
    def deviations(self) -> Mapping[str, Deviation]:
        """Deviations by indicator."""
        return {
            row.said("indicator"): Deviation(row.said("reason"), row.said("improvement"))
            for row in self._rows(DEVIATIONS.name)
            if row.said("reason") and row.said("improvement")
        }

    # -- targets

    def target(self, indicator: Indicator) -> Target:
        """Target of an indicator: what was approved for the year, else the framework's own."""
        comparison, unit = indicator.comparison, indicator.unit
        stated = [
            row
            for row in self._rows(TARGETS.name)
            if row.said("indicator") == indicator.code and row.said("target")
        ]
        if not stated:
            own = number_of(indicator.target)
            text = f"{comparison}{indicator.target}{'' if own is None else unit}" if indicator.target else ""
            return Target(comparison, _range(own), unit, text, (self.framework.title,) if text else ())
        comparison = str(stated[0].said("comparison") or comparison)
        documents = tuple(dict.fromkeys(_document(row) for row in stated))
        read = [(row, number_of(row.said("target"))) for row in stated]
        listed = [(row, number) for row, number in read if number is not None]
        if len(listed) < len(stated):
            text = "；".join(dict.fromkeys(row.said("target") for row in stated))
            return Target(comparison, UNKNOWN, unit, text, documents)
        unit = str(getattr(stated[0].unit, "symbol", unit))
        value, note = self._averaged([(row, self._converted(row, n, unit)) for row, n in listed], unit)
        shown = self.facts.shown(value.low, unit) if value.known else "、".join(f"{n:f}" for _, n in listed)
        return Target(comparison, value, unit, f"{comparison}{shown}", documents, note)

    def _converted(self, row: TableRow, value: Decimal, unit: str) -> Decimal:
        own = str(getattr(row.unit, "symbol", unit))
        return self.facts.figures.units.convert(value, own, unit)

    def _averaged(self, stated: list[tuple[TableRow, Decimal]], unit: str) -> tuple[Range, str]:
        """Mean of the months' targets, each month by what holds on its first day; unknown where one has none."""
        months = months_of(self.facts.figures.year.settings.period_start, self.facts.months)
        held = {}
        for day in months:
            for row, value in stated:
                first, last = days_of(row)
                if (first is None or first <= day) and (last is None or day <= last):
                    held[day] = value
        if len(held) < len(months):
            return UNKNOWN, f"有{len(months) - len(held)}个月没有查到目标"
        mean = sum(held.values(), Decimal(0)) / len(months)
        if len(set(held.values())) == 1:
            return exactly(held[months[0]]), ""
        counted = {value: sum(other == value for other in held.values()) for value in held.values()}
        parts = "、".join(f"{count}个月{self.facts.shown(value, unit)}" for value, count in counted.items())
        return exactly(mean), f"年内调整过，{parts}，按月数加权平均"

    # -- inputs

    def answer(self, indicator: Indicator, item: str, unit: str) -> Answer:
        """What is known of an input: evidence that somebody entered, else the figure that the framework names."""
        evidence = self.evidence.get((indicator.code, item))
        if evidence is not None and not evidence.confirmed:
            said = evidence.shows or f"{item}{evidence.result}"
            return Answer(item, evidence=evidence, missing=f"“{said}”没有人确认，不作证据")
        if evidence is not None and evidence.figure is None:
            return self._entered(indicator, item, evidence)
        figure = evidence.figure if evidence else None
        if figure is None and (address := indicator.sources.get(item)):
            figure = self.facts.figures.figures.get(address)
            if figure is None:
                return Answer(item, missing=f"{item or indicator.title}的数字（{address}）")
        if figure is None:
            return Answer(item, missing=f"{item or indicator.title}的证据（{indicator.evidence}）")
        if not item and MONTHLY_AVERAGE.search(indicator.title):
            return self._averaged_people(figure, unit, evidence)
        return self._measured(item, figure, unit, evidence)

    def _averaged_people(self, figure: Figure, unit: str, evidence: Evidence | None) -> Answer:
        """Answer that should be a monthly average: the one stated, else person-months by the month, else said to be none."""
        facts = self.facts
        average = facts.get("people", figure.address.within, "average")
        if average is not None:
            return self._measured("", average, unit, evidence)
        given = figure.lineage.inputs if isinstance(figure.lineage, Derivation) else ()
        stated = [figure, *(facts.figures.figures[one.address] for one in given)]
        counted = set().union(*map(facts.counting, stated))
        if facts.category(figure) == "人次" and "按月累计" in counted and figure.value is not None:
            months = exactly(facts.value(figure, "人次") / facts.months)
            mean = facts.shown(months.low, unit or "人")
            remark = f"{figure.label}{figure.text}除以{facts.months}个月，按平均每月{mean}计分"
            return Answer("", number=months, figure=figure, evidence=evidence, remark=remark)
        answer = self._measured("", figure, unit, evidence)
        if "期末" in counted and (shown := answer.figure) and shown.value is not None:
            note = f"{shown.label}是期末数，报告没有月均数，照期末数计分"
            return replace(answer, remark="；".join(filter(None, (answer.remark, note))))
        return answer

    def _entered(self, indicator: Indicator, item: str, evidence: Evidence) -> Answer:
        result = evidence.result
        if result in YES_OR_NO:
            return Answer(item, truth=frozenset({YES_OR_NO[result]}), case=result, evidence=evidence)
        kind = indicator.inputs().get(item)
        of_cases = (kind is not None and kind.answer == "case") or item in indicator.amounts("各组")
        case, number = split_case(result) if of_cases else (result, number_of(result))
        return Answer(item, _range(number), case=case, evidence=evidence)

    def _measured(self, item: str, figure: Figure, unit: str, evidence: Evidence | None) -> Answer:
        """Answer from a figure: the computed one where it contradicts what was stated, a range where it is in doubt."""
        note, remark, shown, doubtful = "", "", figure, f"报告的{figure.label}{figure.text}"
        if isinstance(figure.lineage, Derivation):
            doubtful = f"照所写的数字算出的{figure.label}{figure.text}"
        stated, computed = self._pair(figure)
        if figure.value is None and stated is not None and stated.value is not None and is_sum(figure):
            # What some parts come to is not known, and their sum is.
            figure = shown = stated
            remark = f"各项没有列全，按报告所写的{stated.text}计分"
            doubtful = f"报告的{stated.label}{stated.text}"
        found = [self.ranges[figure.address]] if figure.address in self.ranges else []
        if stated is not None and computed is not None and stated.address in self.ranges:
            if computed.address in self.ranges:  # neither is a fact
                found = [self.ranges[stated.address], self.ranges[computed.address]]
                shown, doubtful = stated, f"报告的{stated.label}{stated.text}和算出的{computed.text}都"
            else:
                shown, found = computed, []
                note = f"报告所写的{stated.text}与算出的{computed.text}矛盾，按算出的计分"
        known, own = Answer(item, figure=shown, evidence=evidence, remark=remark), unit or shown.unit
        if shown.value is None:
            return replace(known, missing=f"{shown.label}的数字")
        units = self.facts.figures.units
        try:
            value = units.convert(shown.value, shown.unit, own)
            ends = [units.convert(end, one.unit, own) for one in found for end in (one.low, one.high)]
        except UnitMismatchError:
            return replace(known, missing=f"{shown.label}的单位不能换算成{unit}")
        if not found:
            return replace(known, number=exactly(value), note=note)
        low, high, told = min(ends), max(ends), all(one.told for one in found)
        number = Range(max(low, Decimal(0)) if low == -INFINITY else low, high)
        doubt = Known(low, high, own, units.units[own].digits, told)
        note = f"{doubtful}存疑，{doubt.words}"
        return replace(
            known, number=number, told=doubt.bounded, note=note, missing=f"{shown.label}的真实数字"
        )

    def _pair(self, figure: Figure) -> tuple[Figure | None, Figure | None]:
        """What the report states and what the year's figures give for the same thing, when both exist."""
        figures = self.facts.figures.figures
        match figure.address.split("."):
            case ["standards", programme, "level"]:
                return figure, figures.get(Address.of("level", programme))
            case ["level", programme]:
                return figures.get(Address.of("standards", programme, "level")), figure
            case ["claims", *_]:
                return figure, figures.get(figure.address.within)
            case ["headcount", *_] if figure.value is None:
                return figures.get(Address.of("people", figure.address.within)), figure
        return figures.get(Address.of("claims", figure.address)), figure

    def event(self, code: str) -> Truth:
        """Whether an event that caps or fails the grade occurred."""
        evidence = self.evidence.get((code, ""))
        if evidence is None or not evidence.confirmed or evidence.result not in YES_OR_NO:
            return UNKNOWN_TRUTH
        return frozenset({YES_OR_NO[evidence.result]})


def _range(number: Decimal | None) -> Range:
    return UNKNOWN if number is None else exactly(number)


def _document(row: TableRow) -> str:
    """Number of the document that set a target, else its source without the address."""
    return str(row.said("number") or row.said("source").split(" http")[0])


def months_of(start: datetime.date, count: int) -> tuple[datetime.date, ...]:
    """First days of so many months."""
    first = start.year * 12 + start.month - 1
    return tuple(datetime.date(m // 12, m % 12 + 1, 1) for m in range(first, first + count))
