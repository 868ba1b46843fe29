"""What the cells of a form lack, from which office, and by which document: as far as the year's tables and registries say.

A figure that an edition questions (存疑), or of which open findings leave several values, counts as missing, and so does
what was computed from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from evalbook.figures import Derivation
from evalbook.frameworks.framework import BUDGET, EXECUTED, PROPOSED, PROPOSED_POINTS
from evalbook.render.corrections import doubted
from evalbook.render.forms_model import Lack
from evalbook.scoring.evidence import Record
from evalbook.scoring.rules import UNKNOWN, Range
from evalbook.scoring.scorecard import MONEY, NO_APPROVED_TARGET, NO_RULE, UNSCORABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evalbook.figures import Figure, FigureSet
    from evalbook.scoring import Evaluation, Score, Scorecard
    from evalbook.scoring.evidence import Answer

BUDGET_DOCUMENT, EXECUTED_DOCUMENT = "预算批复和调整文件", "支出明细账"
TARGET_DOCUMENT = "批准的绩效目标表"

FOLLOWS = Lack("其他各格填齐以后自动得出", "不用另外提供")
"""Of what the program computes from other cells."""


@dataclass(frozen=True)
class Lacks:
    """What a year lacks for the forms of one framework.

    Attributes
    ----------
    figures : FigureSet
    evaluation : Evaluation
    card : Scorecard
    """

    figures: FigureSet
    evaluation: Evaluation
    card: Scorecard

    @cached_property
    def record(self) -> Record:
        """What the year holds for the framework."""
        return Record(self.card.framework, self.evaluation.facts, self.evaluation.ranges)

    def money(self, figures: Iterable[Figure]) -> Range:
        """Sum of figures in 万元, each all that it may stand for; unknown where the year gives no end of one."""
        low = high = Decimal(0)
        for figure in figures:
            known = self.evaluation.range_of(figure.address)
            if known is None or not (known.certain or known.bounded):
                return UNKNOWN
            convert = self.figures.units.convert
            low += convert(known.low, known.unit, MONEY)
            high += convert(known.high, known.unit, MONEY)
        return Range(low, high)

    @property
    def finance_office(self) -> str:
        """Who grants budgets, and approves targets and points."""
        county = self.figures.year.settings.county
        return f"{county}财政局" if county else "财政局"

    @property
    def bureau(self) -> str:
        """Who evaluates."""
        return self.figures.year.settings.bureau or "本单位"

    @property
    def setting(self) -> Lack:
        """Of what ``year.yml`` leaves blank."""
        document = "资金下达文件和批准的绩效目标表（填进 year.yml）"
        return Lack("年度基本信息（year.yml）没有填写", f"{self.bureau}填报人", document)

    @property
    def initial(self) -> Lack:
        """Of an initial budget."""
        return Lack("没有年初预算数", self.finance_office, "年初预算批复")

    def money_by_source(self, item: str) -> Lack:
        """Of budgeted or executed money that is not known by source."""
        if item == BUDGET:
            return Lack("没有按资金来源分开的全年预算数", self.finance_office, BUDGET_DOCUMENT)
        office = f"{self.bureau}管财务的股室"
        return Lack("没有按资金来源分开的全年执行数", office, EXECUTED_DOCUMENT)

    def points(self, score: Score) -> tuple[Lack, ...]:
        """Of the points of an indicator: those that the tool proposes are nobody's yet."""
        points, origin = score.indicator.points, score.indicator.origin
        if points is not None and origin != PROPOSED:
            return ()
        what = "没有查到分值" if points is None else f"没有批准的分值，只有{PROPOSED_POINTS}（见底稿）"
        return (Lack(what, self.finance_office, f"{TARGET_DOCUMENT}上的分值"),)

    def target(self, score: Score) -> tuple[Lack, ...]:
        """Of the target of an indicator."""
        target = score.target
        if target.text and (target.stated or not score.indicator.needs_target):
            return ()
        what = target.note if target.text and target.note else f"没有{NO_APPROVED_TARGET}"
        return (Lack(what, self.finance_office, TARGET_DOCUMENT),)

    def actual(self, score: Score) -> tuple[Lack, ...]:
        """Of the actual value of an indicator."""
        if score.state in {UNSCORABLE, NO_RULE} and not score.answers:
            return self._unscorable(score)
        return _once(lack for answer in score.answers for lack in self.answer(score, answer))

    def score(self, score: Score) -> tuple[Lack, ...]:
        """Of the score of an indicator."""
        target = self.target(score) if score.indicator.needs_target else ()
        lacks = _once((*self.points(score), *target, *self.actual(score)))
        if lacks or score.range.known:
            return lacks
        if score.state in {UNSCORABLE, NO_RULE}:
            return self._unscorable(score)
        return (Lack(f"没有{'、'.join(score.missing)}", "", score.indicator.evidence),)

    @staticmethod
    def _unscorable(score: Score) -> tuple[Lack, ...]:
        return (Lack(score.reason.partition("，")[0], "定评价办法的机关", "评价办法的原文"),)

    def answer(self, score: Score, answer: Answer) -> tuple[Lack, ...]:
        """Of one input of an indicator."""
        evidence, proof = answer.evidence, score.indicator.evidence
        if answer.item == BUDGET:
            proof = BUDGET_DOCUMENT
        elif answer.item == EXECUTED:
            proof = EXECUTED_DOCUMENT
        if answer.figure is not None and (doubts := self.doubts(answer.figure.address, proof)):
            return doubts
        if not answer.missing and not answer.note and (answer.figure is None or answer.number.known):
            return ()
        if answer.note:
            return (Lack(answer.note, "", proof),)
        if evidence is not None and not evidence.confirmed:
            said = answer.missing.removesuffix("，不作证据")
            return (Lack(said, evidence.who, evidence.document or proof),)
        office = self.finance_office if answer.item == BUDGET else ""
        entered = f"{proof}（填进 evidence.csv）"
        return (Lack(f"没有登记{answer.item or '实际完成值和证据'}", office, entered),)

    def doubts(self, address: str, proof: str = "") -> tuple[Lack, ...]:
        """Of a figure that is doubted, or was computed from one that is."""
        questioned = doubted(self.figures, address)
        called = {correction.subject for correction in questioned}
        found = []
        for correction in questioned:
            office, _, document = correction.settles.partition("，凭")
            figure = self.figures.figures.get(correction.subject)
            name = figure.label if figure is not None else correction.subject
            found.append(Lack(f"{name}（{correction.original}）存疑", office, document))
        for suspected in self._suspected(address):
            figure = self.figures.figures[suspected]
            if not called & {suspected, figure.label}:
                asking = "、".join(self._asking(suspected))
                what = f"{figure.label}{figure.text}不能确定，勾稽检查的发现{asking}还没有说明"
                found.append(Lack(what, "", proof))
        return _once(found)

    def _asking(self, address: str) -> Iterator[str]:
        """Numbers of the findings to be answered that put a figure in doubt, by themselves or by what follows from them."""
        for finding in self.evaluation.findings.listed:
            told = (one.suspicion for one in finding.every)
            if not finding.explained and any(address in one.suspects or one.left(address) for one in told):
                yield finding.id

    def _suspected(self, address: str) -> Iterator[str]:
        """Figures of which open findings leave several values, among a figure and what it was computed from."""
        open_, seen, waiting = self.evaluation.ranges, set(), [address]
        while waiting:
            one = waiting.pop()
            figure = self.figures.figures.get(one)
            if one in seen or figure is None:
                continue
            seen.add(one)
            given = figure.lineage.inputs[::-1] if isinstance(figure.lineage, Derivation) else ()
            inputs = [part for part in given if not part.year]
            if one in open_ and not any(part.address in open_ for part in inputs):
                yield one
            waiting += [part.address for part in inputs]


def _once(lacks: Iterable[Lack]) -> tuple[Lack, ...]:
    return tuple(dict.fromkeys(lacks))
