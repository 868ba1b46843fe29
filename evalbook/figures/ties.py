"""Numbers typed into the prose: which figures they may be, and tying them to one.

What a command does here, a window can do: every function takes figures and gives back what happened.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.errors import EvalbookError
from evalbook.figures.figure import (
    DIRECTIONS,
    GROUPED,
    SAME_UNITS,
    UNITLESS,
    Cell,
    Figure,
    written_units,
)
from evalbook.figures.names import MOST, Names, names_of, remedy
from evalbook.figures.units import UnitMismatchError, UnitSystem
from evalbook.schema.numbers import unit_key
from evalbook.schema.text import quote
from evalbook.schema.vocabulary import CLAIM_PREFIX
from evalbook.year.narrative import read_narrative
from evalbook.year.rewriting import CHANGED, append_row, replace_text
from evalbook.year.tables import PLAIN_TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from evalbook.figures.figure import FigureSet
    from evalbook.year import Untied

ROUGHLY = Decimal("0.05")
"""Share by which a number may differ from one that is said to be about it."""

PER = {
    r"每月|月均|月人均|人均月|按月": ("元/月", "元/人·月"),
    r"每年|年均|年人均|人均年|全年人均": ("元/年", "元/人·年"),
    r"次均|每次|户均|每户": ("元/人次", "元/户次", "元/人", "元/户"),
    r"人均": ("元/人次", "元/人"),
}
"""Words before an amount that tell what it is per, 每人每月580元; of several the last."""

PER_WORD = re.compile("|".join(f"({words})" for words in PER))
NO_PERIOD = "人均"
"""Says that it is per head, and not whether in a month: an amount of a month is meant only as it stands."""

PER_WITHIN = 24
"""Characters before an amount within which those words stand."""

IN_HEAD = re.compile(r"〔[^〔〕]*[（(]([^（）()]{1,8})[）)]〕")
"""Unit in the head of a column: 支出（万元）."""

LONG = 20
"""Characters from which on a number is quoted without the words around it."""

PHRASE = (8, 6)
"""Characters before and after a number that are declared with it."""
KNOWN_BY = 3
"""Letters around a number by which it is known again."""

SMALL = 31
"""Whole numbers up to this one, like shares and multiples, are the same by chance where no word goes with them."""

CHANCE_UNITS = frozenset(("%", "倍"))

NO_ACCOUNT = re.compile(
    r"分别|目标|要求|(?<![相对供反响适])应(?!.尽.|急)"
    r"|(?:不[低少高超多]于|不超过|不得|至少|最[高低](?!生活)|上限|下限|起付线|封顶"
    r"|(?<![月人户年日平季])(?<!(?<![人户])次)均|各(?![类项级种地]|乡镇|部门))[^，。；！？]*$"
)
"""Words before a number that make it a rule, a target or a number of several things, which none of the year's figures is."""

LIMIT_BEHIND = re.compile(r"[^，。；！？、\d]{0,4}(?:以[上下内]|的?(?:要求|目标|[上下]限|标准线))")
"""The same behind a number."""

EQUAL, NEAR, ALIKE, OTHER_UNIT = "相等", "接近", "数值相同（没写单位）", "数值相同、单位不同"
"""How a typed number and a figure go together."""


@dataclass(frozen=True)
class Proposal:
    """A figure that a typed number may be.

    Attributes
    ----------
    name : str
        As prose would refer to it.
    figure : Figure
    text : str
        How the figure would be shown there.
    likeness : str
        :data:`EQUAL` in value and unit, :data:`NEAR` when one is a rounded form of the other, :data:`ALIKE`, or
        :data:`OTHER_UNIT`, which is another amount: 570元 and 570元/月.
    said : float
        How much of the name the words around the number say, from 0 to 1.
    """

    name: str
    figure: Figure
    text: str
    likeness: str
    said: float

    @property
    def exact(self) -> bool:
        """Whether value and unit are the same."""
        return self.likeness == EQUAL

    def __str__(self) -> str:
        return f"{self.likeness}“{self.name}”（{self.text}）"


@dataclass(frozen=True)
class Loose:
    """A number of a year's prose that is tied to no figure.

    Attributes
    ----------
    number : int
        Counted through all the prose of the year, from 1.
    file : str
        Path inside the project.
    untied : Untied
        What was typed.
    proposals : tuple of Proposal
        At most three, the best first.
    """

    number: int
    file: str
    untied: Untied
    proposals: tuple[Proposal, ...]

    @property
    def place(self) -> str:
        """File and line, with the words around the number."""
        quoted = quote(self.untied.quotation) if len(self.untied.text) < LONG else quote(self.untied.text)
        return f"{self.file} 第{self.untied.line}行：{quoted}的{quote(self.untied.text)}"

    def __str__(self) -> str:
        return f"{self.place}——{'，'.join(map(str, self.proposals)) or '没有相等或接近的数字'}"

    @property
    def sure(self) -> Proposal | None:
        """The one figure that it equals and that the sentence speaks of; None where there are several or none."""
        # A standard of a year is no wording for one of a month.
        exact = [
            one
            for one in self.proposals
            if one.exact and ("/" not in one.figure.unit or one.figure.value == self.untied.value)
        ]
        listed = [proposal for proposal in exact if isinstance(proposal.figure.lineage, Cell)] or exact
        said = len(listed) == 1 and listed[0].said and not self.untied.heading
        if not said or _is_rule(self.untied) or _is_elsewhere(self.untied, listed[0].name):
            return None
        return listed[0]


def _is_rule(untied: Untied) -> bool:
    """Whether the sentence says that a number is a limit or a target, or one for several things."""
    return bool(NO_ACCOUNT.search(_sentence(untied.before)) or LIMIT_BEHIND.match(untied.after))


def _is_elsewhere(untied: Untied, name: str) -> bool:
    """Whether the sentence speaks of the country only and a name of towns, or the reverse."""
    said = _sentence(untied.before)
    return any(
        own in name and own not in said and other in said
        for own, other in (("城市", "农村"), ("农村", "城市"))
    )


def _sentence(before: str) -> str:
    """What stands before a number in its own sentence."""
    return re.split("[。；！？]", before)[-1]


def loose_numbers(figures: FigureSet) -> tuple[Loose, ...]:
    """Every number of a year's prose that is tied to no figure, with proposals."""
    listed = [(prose.file, untied) for prose in figures.year.narrative.values() for untied in prose.untied]
    if not listed:
        return ()
    names = names_of(figures.by_label, figures.year.registries)
    candidates = list(_candidates(figures))
    return tuple(
        Loose(number, file, untied, _proposals(untied, candidates, names, figures.units))
        for number, (file, untied) in enumerate(listed, start=1)
    )


def _candidates(figures: FigureSet) -> Iterator[tuple[str, Decimal, Figure, str]]:
    """Names by which prose can refer to figures, with the value that is shown under each."""
    for label, figure in figures.by_label.items():
        if figure.value is None:
            continue
        directed = [
            label.removesuffix(signed) + ending
            for ending, (signed, sign) in DIRECTIONS.items()
            if label.endswith(signed) and figure.value * sign > 0
        ]
        for name in directed or [label]:
            yield name, abs(figure.value) if directed else figure.value, figure, figures.text_of(name)


def _proposals(
    untied: Untied,
    candidates: Iterable[tuple[str, Decimal, Figure, str]],
    names: Names,
    units: UnitSystem,
) -> tuple[Proposal, ...]:
    if untied.value is None:
        return ()
    asked = _units_meant(untied, units)
    said = names.shares(untied.before + untied.after[:8])
    by_chance = untied.unit in CHANCE_UNITS or (untied.value <= SMALL and untied.value % 1 == 0)
    spoken = (
        names.shares(_sentence(untied.before) + re.split("[。；！？]", untied.after)[0]) if by_chance else {}
    )
    per_head = asked[:1] == ("元",) and _per(untied) == NO_PERIOD
    found = []
    for name, value, figure, text in candidates:
        if by_chance and not spoken[figure.label]:
            continue
        if per_head and figure.unit in {"元/月", "元/人·月"} and value == untied.value:
            found.append(Proposal(name, figure, text, EQUAL, said[figure.label]))
            continue
        alike = [unit for unit in asked if unit in units.alike(figure.unit)] if asked else [figure.unit]
        for unit in alike:
            equal, near = _compared(untied, _converted(value, figure.unit, unit, units))
            if equal or (near and asked):
                likeness = ALIKE if not asked else EQUAL if equal and not untied.about else NEAR
                found.append(Proposal(name, figure, text, likeness, said[figure.label]))
                break
        else:
            if asked[:1] == ("元",) and figure.unit.startswith("元/") and value == untied.value:
                found.append(Proposal(name, figure, text, OTHER_UNIT, said[figure.label]))
    own = [one for one in found if not one.figure.label.startswith(CLAIM_PREFIX)]
    if not any(one.exact for one in own):  # what the report claims is meant rather than what is only near
        own += [one for one in found if one not in own and (one.exact or not own)]
    own.sort(
        key=lambda one: (
            not one.exact,
            one.likeness == OTHER_UNIT,
            -one.said,
            not isinstance(one.figure.lineage, Cell),
        )
    )
    return tuple(own[:MOST])


def _units_meant(untied: Untied, units: UnitSystem) -> tuple[str, ...]:
    """Registered units that a number may be in; none where no unit is written."""
    unit = untied.unit
    if not unit and (head := IN_HEAD.match(untied.before)):
        unit = head[1]
    if not unit:
        return ()
    keys = {unit_key(symbol): symbol for symbol in units.units}
    written = SAME_UNITS.get(unit, unit)
    found = [keys[unit_key(written)]] if unit_key(written) in keys else [unit]
    if found == ["元"]:
        found += [unit for unit in PER.get(_per(untied), ()) if unit in units.units]
    return tuple(found)


def _per(untied: Untied) -> str:
    """Key of :data:`PER` for the last words before an amount that tell what it is per; empty where there are none."""
    clause = re.split("[，。；]", untied.before)[-1][-PER_WITHIN:]
    found = [match.lastindex for match in PER_WORD.finditer(clause)]
    return [*PER][found[-1] - 1] if found and found[-1] else ""


def _converted(value: Decimal, unit: str, target: str, units: UnitSystem) -> Decimal:
    try:
        return units.convert(value, unit, target)
    except (UnitMismatchError, KeyError):
        return Decimal("NaN")


def _compared(untied: Untied, value: Decimal) -> tuple[bool, bool]:
    """Whether a typed number is a value, and whether it is a rounded, cut or rough form of it."""
    assert untied.value is not None  # noqa: S101 - a ratio has no proposals
    if not value.is_finite():
        return False, False
    difference, last = value - untied.value, Decimal(1).scaleb(untied.digits)
    if not difference:
        return True, False
    rounded = abs(difference) <= last / 2 or 0 <= difference < last
    return False, rounded or (untied.about and abs(difference) <= ROUGHLY * untied.value)


def loose_number(figures: FigureSet, number: int) -> Loose:
    """The typed number of a place in the list.

    Raises
    ------
    EvalbookError
        The list has no such place.
    """
    listed = loose_numbers(figures)
    if not 1 <= number <= len(listed):
        have = f"有{len(listed)}个，序号是1到{len(listed)}" if listed else "没有"
        raise EvalbookError(f"没有第{number}个：{figures.year.settings.year}年度没有挂接的数字{have}。")
    return listed[number - 1]


def tie(figures: FigureSet, ties: Mapping[Loose, str], *, anyway: bool = False) -> list[str]:
    """Put references in the place of typed numbers.

    Parameters
    ----------
    figures
        Of the year as it stands.
    ties
        Name of the figure for each number.
    anyway
        Whether a figure may differ from what was typed.

    Returns
    -------
    list of str
        What was done, one sentence a number.

    Raises
    ------
    EvalbookError
        A name is none, its figure is not what was typed, or a file has changed meanwhile; then nothing was done.
    """
    for loose, name in ties.items():
        _refuse(figures, loose, name, anyway=anyway)
    root, done = figures.year.root, []
    for file in dict.fromkeys(loose.file for loose in ties):
        path = root / file
        # Corrections of an edition hold no digits: the file itself has the same numbers, in places of its own.
        written = read_narrative(root, path, figures.year.names)[0].untied
        known = next(prose.untied for prose in figures.year.narrative.values() if prose.file == file)
        if [untied.text for untied in written] != [untied.text for untied in known]:
            raise EvalbookError(f"{file}：{CHANGED}。")
        places = dict(zip(known, written, strict=True))
        mine = {
            loose: _as_typed(figures, loose.untied, name)
            for loose, name in ties.items()
            if loose.file == file
        }
        replace_text(
            path,
            [
                (place.start, place.end, place.text, f"{{figure}}`{name}`")
                for loose, name in mine.items()
                for place in (places[loose.untied],)
            ],
        )
        done += [
            f"{loose.place}已挂接到“{name}”，显示为{figures.text_of(name)}。" for loose, name in mine.items()
        ]
    return done


def _as_typed(figures: FigureSet, untied: Untied, name: str) -> str:
    """A name with what makes the figure stand there as it was typed: its shorter unit, none, thousands set off."""
    figure = figures.named(name)
    assert figure is not None  # noqa: S101 - unknown names have been refused
    typed = re.match(r"[\d.,]+", unicodedata.normalize("NFKC", untied.text))
    if typed is None or Decimal(typed[0].replace(",", "")) != abs(Decimal(figure.number)):
        return name
    unit = unicodedata.normalize("NFKC", untied.text)[typed.end() :].strip() or UNITLESS
    if unit != figure.unit and unit in written_units(figure.unit):
        name = f"{name}（{unit}）"
    return name + GROUPED * ("," in typed[0])


def _refuse(figures: FigureSet, loose: Loose, name: str, *, anyway: bool) -> None:
    """Refuse a tie that would say something else than what was typed."""
    figure, untied = figures.named(name), loose.untied
    if figure is None:
        what = remedy(name, figures.by_label, figures.year.registries)
        raise EvalbookError(f"没有名为{quote(name)}的数字，没有挂接。请{what}。")
    if untied.heading:
        raise EvalbookError(
            f"{loose.place}：标题里不能引用数字，没有挂接。请移到正文，或声明它不是统计数字。"
        )
    if figures.wrong_direction(name):
        raise EvalbookError(f"“{name}”实际是{figure.text}，增减的方向相反，没有挂接。请改写这句话。")
    if figure.value is None:
        raise EvalbookError(f"“{name}”现在是“{figure.absence}”，没有挂接。请先在表里填上：{figure.reason}。")
    same = [one for one in _candidates(figures) if one[0] == name]
    names = names_of(figures.by_label, figures.year.registries)
    equal = any(one.exact for one in _proposals(untied, same, names, figures.units))
    unwritten = not untied.unit and untied.value == abs(figure.value) and not untied.about
    if not (equal or unwritten or anyway):
        raise EvalbookError(
            f"{loose.place}：表里是{figures.text_of(name)}（{name}），正文写的是{untied.text}，没有挂接。"
            "请核对哪个对；要用表里的，确认后再挂接。"
        )


def tie_sure(figures: FigureSet) -> list[str]:
    """Tie every number that equals one figure alone and stands in a sentence that speaks of it; gives what was done."""
    return tie(figures, {loose: loose.sure.name for loose in loose_numbers(figures) if loose.sure})


def declare(figures: FigureSet, loose: Loose, reason: str) -> str:
    """Declare that a typed number is no figure: a row of the year's ``plain.csv``; gives what was done.

    Raises
    ------
    EvalbookError
        No reason is given, or there are no words around the number by which it is known again.
    """
    if not reason.strip():
        raise EvalbookError("没有写理由：为什么它不是统计数字？")
    untied = loose.untied
    # Words up to the next stop, figure or number; where they say too little, those beyond the stop too.
    for left, right in ((r"[〕\d，。；：、！？（）]", r"[〔\d，。；：、！？（）]"), (r"[〕\d]", r"[〔\d]")):
        before, after = re.split(left, untied.before)[-1], re.split(right, untied.after)[0]
        words = before[-PHRASE[0] :].lstrip() + untied.text + after[: PHRASE[1]].rstrip()
        if len(re.findall("[㐀-鿿A-Za-z]", before[-PHRASE[0] :] + after[: PHRASE[1]])) >= KNOWN_BY:
            break
    else:
        raise EvalbookError(
            f"{loose.place}：前后没有别的字，认不出是哪一处，没有登记。请在正文里把话写完整，再登记。"
        )
    data = figures.year.tables[PLAIN_TEXTS.name]
    append_row(figures.year.root / data.file, PLAIN_TEXTS, {"text": words, "reason": reason.strip()})
    return f"已登记到 {data.file}：“{words}”不是统计数字（{reason.strip()}）。"
