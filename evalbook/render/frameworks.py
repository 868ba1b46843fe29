"""The scoring frameworks as a catalogue: what each document says, how complete it is known, and the ways of scoring."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from evalbook.frameworks.framework import (
    BASE,
    DEDUCTION,
    KINDS,
    NOT_FOUND,
    OFFICIAL,
    OUTSIDE,
    PROPOSED,
    PROPOSED_POINTS,
    VETO,
)
from evalbook.render.markdown import Numeric, card, clauses, escape, joined, link, table
from evalbook.render.score import caption, framework_label
from evalbook.schema.vocabulary import OWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evalbook.frameworks import Framework, Indicator, RuleKind
    from evalbook.frameworks.framework import Event

NOT_STATED = "没有查到"

ANSWERS = {
    "number": "一个数字，或数字的地址",
    "yes_no": "是、否",
    "case": "情形或等级的名称",
    "points": "评定的分数，写明评定人和依据",
    "execution": "全年预算数、全年执行数",
    "": "不用填",
}
"""What is entered for a kind of rule, in Chinese."""

STAGES = {
    BASE: "基本方法，一个指标至多一种",
    DEDUCTION: "扣分，在基本方法之后，扣完为止；没有基本方法的从满分扣",
    VETO: "在扣分之后，出现就得0分",
    OUTSIDE: "在总分之外，自成一行",
}
"""When a kind of rule works, in Chinese."""


def plain(number: Decimal) -> str:
    """Points without trailing zeros."""
    return f"{number.normalize():f}"


def coverage(framework: Framework) -> str:
    """How much of the document is known, in Chinese."""
    total, known = plain(framework.total), plain(framework.known)
    if framework.complete:
        return f"总分{total}分，各项分值和计分办法齐全"
    return f"总分{total}分，只查到{known}分；不计总分，不评等次"


def held(framework: Framework) -> str:
    """Days on which the framework holds, in Chinese."""
    end = f"至{framework.end}" if framework.end else "起"
    return f"{framework.start}{'' if framework.end and framework.end == framework.start else end}"


def grades(framework: Framework) -> str:
    """Grades with their exact bounds, in Chinese."""
    listed = "；".join(f"{grade.name}：{grade.bounds}" for grade in framework.grades)
    ranked = "等次由各地排名决定，一个县不能自己核定" if framework.relative else ""
    return clauses(listed or "没有规定", ranked)


def parts(framework: Framework) -> list[tuple[str, Decimal | None, dict[str, Decimal]]]:
    """Every part with its stated points, and the points of its indicators by origin."""
    inside = [indicator for indicator in framework.indicators if not indicator.outside]
    stated = {part.name: part.points for part in framework.parts}
    names = dict.fromkeys((*stated, *(indicator.part for indicator in inside)))
    sums = {name: dict.fromkeys((OFFICIAL, PROPOSED), Decimal(0)) for name in names}
    for indicator in inside:
        if indicator.points and indicator.origin != NOT_FOUND:
            sums[indicator.part][indicator.origin] += indicator.points
    return [(name, stated.get(name), by_origin) for name, by_origin in sums.items()]


def rule(indicator: Indicator) -> str:
    """Names of an indicator's ways of scoring, in the order in which they work."""
    return "＋".join(kind.name for kind in indicator.kinds)


def framework_catalogue(listed: Sequence[Framework]) -> str:
    """Every framework, then every way of scoring."""
    return joined(
        "## 有哪些框架",
        *(_framework(framework) for framework in listed),
        "## 记分方法",
        "M是指标的分值，x是实际值，T是目标值。得分在0与M之间；总分之外的加分、减分另有上限。",
        *(_kind(kind) for kind in KINDS),
    )


def _framework(framework: Framework) -> str:
    proposed = sum((by_origin[PROPOSED] for _, _, by_origin in parts(framework)), Decimal(0))
    proposal = f"其中{plain(proposed)}分是**{PROPOSED_POINTS}**：文件没有规定，应换成批准的分值。"
    facts = (
        ("名称", f"`{framework.name}`{OWN if framework.own else ''}"),
        ("文号", escape(framework.number) or NOT_STATED),
        ("发布机关", escape(framework.issuer)),
        ("评价对象", escape(framework.subject)),
        ("适用时间", escape(held(framework))),
        ("分值", f"{escape(coverage(framework))}。{proposal if proposed else ''}"),
        ("等次", escape(grades(framework))),
        ("等次限制", _events(framework.caps, "至多评为")),
        ("否决", _events(framework.vetoes, "评为")),
        ("总分之外", escape(outside_total(framework))),
        *((name, escape(text)) for name, text in variants(framework)),
        ("出处", escape(framework.source)),
        ("说明", escape(framework.note)),
    )
    label = framework_label(framework.name)
    return card(label, framework.title, facts, _parts_table(framework), _indicators_table(framework))


def _events(events: Iterable[Event], effect: str) -> str:
    return escape("；".join(f"{event.what}的，{effect}“{event.grade}”（{event.source}）" for event in events))


def outside_total(framework: Framework) -> str:
    """Caps of what is added and taken outside the total, in Chinese; empty when nothing is."""
    if not any(indicator.outside for indicator in framework.indicators):
        return ""
    listed = (("加", framework.most_bonus), ("减", framework.most_penalty))
    return "，".join(
        f"至多{word}{plain(most)}分" if most is not None else f"{word}分的上限{NOT_STATED}"
        for word, most in listed
    )


def variants(framework: Framework) -> list[tuple[str, str]]:
    """Where documents differ, what this one says."""
    codes = {kind.code for indicator in framework.indicators for kind in indicator.kinds}
    levels = "；".join(f"{name}：{band.bounds}" for name, band in framework.levels)
    explained = "" if framework.explained_from is None else f"{plain(framework.explained_from)}%起"
    said = [
        ("不高于的算法", framework.inverse, "at_most" in codes),
        ("预算为零", framework.zero_budget, "execution" in codes),
        ("定性等级（分值的百分比）", levels, "qualitative" in codes),
        ("得分小数位", "" if framework.digits is None else f"{framework.digits}位", False),
        ("须说明的完成率", explained, False),
        ("资金行", "、".join(framework.fund_rows), False),
    ]
    return [(name, text or NOT_STATED) for name, text, used in said if text or used]


def _parts_table(framework: Framework) -> str:
    rows = []
    for name, stated, by_origin in parts(framework):
        sums = (plain(points) if points else "—" for points in by_origin.values())
        rows.append((escape(name), NOT_STATED if stated is None else plain(stated), *sums))
    headings = ("部分", Numeric("分值"), Numeric("官方的各项"), Numeric(PROPOSED_POINTS))
    return table(caption("各部分的分值", framework), headings, rows, "framework-parts")


def _indicators_table(framework: Framework) -> str:
    sources = dict.fromkeys(indicator.source for indicator in framework.indicators)
    common = next(iter(sources)) if len(sources) == 1 else ""
    rows = []
    for indicator in framework.indicators:
        name = f"{escape(indicator.code)} {escape(indicator.title)}"
        part = escape("／".join(filter(None, (indicator.part, indicator.group))))
        proof = _proof(indicator, "" if common else indicator.source)
        rows.append((name, part, _points(indicator), _how(indicator), proof))
    headings = ("指标", "部分", "分值", "记分方法和目标", "证据、出处和说明")
    listed = table(caption("指标", framework), headings, rows, "registry stacked")
    return joined(f"各项的出处：{escape(common)}。" if common else "", listed)


def _points(indicator: Indicator) -> str:
    if indicator.outside:
        return "总分之外"
    if indicator.points is None or indicator.origin == NOT_FOUND:
        return f"分值{NOT_STATED}"
    return f"{plain(indicator.points)}分" + (f"（{PROPOSED_POINTS}）" if indicator.origin == PROPOSED else "")


def _how(indicator: Indicator) -> str:
    """Ways of scoring, linked to their cards, with parameters, target and the document's words."""
    kinds = "＋".join(link(kind.name, kind_label(kind)) for kind in indicator.kinds)
    target = f"{indicator.comparison}{indicator.target}{indicator.unit}" if indicator.target else ""
    told = (("", indicator.written), ("目标：", target), ("原文：", indicator.text))
    return "；".join((kinds, *(escape(f"{name}{text}") for name, text in told if text)))


def _proof(indicator: Indicator, source: str) -> str:
    told = (("证据：", indicator.evidence), ("出处：", source), ("", indicator.note))
    return escape("；".join(f"{name}{text}" for name, text in told if text))


def kind_label(kind: RuleKind) -> str:
    """Cross-reference label of a way of scoring in the catalogue."""
    return f"rule-{kind.code.replace('_', '-')}"


def _kind(kind: RuleKind) -> str:
    parameters = (
        f"“{p.name}：…”，{p.written}（{'必填' if p.required else '可空'}）" for p in kind.parameters
    )
    facts = (
        ("公式", kind.formula),
        ("参数", "；".join(parameters)),
        ("目标值", "要有，单位另填" if kind.needs_target else ""),
        ("证据填什么", ANSWERS[kind.answer]),
        ("次序", STAGES[kind.stage]),
        ("例子", kind.example),
        ("见于", kind.source),
    )
    return card(kind_label(kind), kind.name, ((name, escape(text)) for name, text in facts))
