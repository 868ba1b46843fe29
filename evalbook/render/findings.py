"""What the checks found: the page of a year, the line of the summary, and the catalogue of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalbook.checks import FAMILIES, SEVERITIES, SEVERITY_MEANINGS, check
from evalbook.figures import Cell
from evalbook.render.markdown import Block, Heading, escape, joined, reference, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from evalbook.checks import Explanation, Finding, Findings, Rule
    from evalbook.figures import Figure, FigureSet
    from evalbook.render.pages import Page
    from evalbook.tables import Limit

SEVERITY_CODES = dict(zip(SEVERITIES, ("error", "doubt", "hint"), strict=True))
ANSWERED, UNANSWERED = "answered", "unanswered"

FILTER = """:::{container} check-filter
```{raw} html
<form class="check-filter-form" aria-label="筛选发现">
<fieldset><legend>严重程度</legend>
<label><input type="radio" name="severity" value="all" checked> 全部</label>
<label><input type="radio" name="severity" value="error"> 错误</label>
<label><input type="radio" name="severity" value="doubt"> 疑点</label>
<label><input type="radio" name="severity" value="hint"> 提示</label>
</fieldset>
<fieldset><legend>说明</legend>
<label><input type="radio" name="answer" value="all" checked> 全部</label>
<label><input type="radio" name="answer" value="unanswered"> 未说明</label>
<label><input type="radio" name="answer" value="answered"> 已说明</label>
</fieldset>
</form>
```
:::"""
"""Choices that style sheets alone obey, so that they work where scripts do not run."""


def finding_label(year: int, finding: Finding) -> str:
    """Cross-reference label of a finding on its year's page; labels know no capitals."""
    return f"finding-{year}-{finding.stem.lower()}"


def rule_label(rule: Rule) -> str:
    """Cross-reference label of a rule in the catalogue."""
    return f"rule-{rule.id.lower()}"


def counts(findings: Findings) -> str:
    """How many findings of each severity, and how many were answered."""
    listed = "，".join(f"{severity}{len(findings.of(severity))}条" for severity in SEVERITIES)
    answered = sum(finding.explained for finding in findings.listed)
    return f"{listed}" + (f"；其中{answered}条已说明" if answered else "")


def findings_page(page: Page) -> Block:
    """Everything that the checks found in the year, the gravest first, with the answers given."""
    findings = check(page.figures)
    intro = f"{counts(findings)}。每条发现有编号；怎样说明一条发现、每条规则查什么，见[检查规则](/guide/checks.md)。"
    if not findings.listed:
        return Block(joined("没有发现：数字之间、数字与规定之间没有对不上的地方。", _unused(findings)))
    numbers = {finding.stem: number for number, finding in enumerate(findings.listed, start=1)}
    parts = [
        joined(
            f"## {severity}（{len(listed)}条）",
            f"{SEVERITY_MEANINGS[severity]}。",
            *(_finding(page.figures, finding, numbers[finding.stem]) for finding in listed),
        )
        for severity in SEVERITIES
        if (listed := findings.of(severity))
    ]
    return Block(joined(intro, FILTER, *parts, _unused(findings)))


def _finding(figures: FigureSet, finding: Finding, number: int) -> str:
    suspicion, year = finding.suspicion, figures.year.settings.year
    answered = ANSWERED if finding.explained else UNANSWERED
    state = "已说明" if finding.explained else "说明已失效" if finding.outdated else "未说明"
    facts = [
        f"{escape(suspicion.found)}。",
        f"**原因**　{escape(suspicion.why)}。",
        *(f"**另外**　{escape(note)}。" for note in suspicion.notes),
        f"**怎么办**　{escape(suspicion.remedy)}。",
        _difference(figures, finding),
        "**数字和出处**",
        "\n".join(f"- {line}" for line in _sources(finding)),
    ]
    if finding.consequences:
        facts.append("**由此引起**")
        facts.append(
            "\n".join(
                f"- {escape(other.rule.title)}：{escape(other.suspicion.found)}"
                for other in finding.consequences
            )
        )
    if finding.explanation:
        facts.append(f"**说明**　{_answer(finding.explanation)}")
    elif finding.outdated:
        facts.append(
            f"**说明已失效**　数字在说明之后改动过，原来的说明不再适用，需要重新说明。原说明：{_answer(finding.outdated)}"
        )
    return joined(
        f"::::{{container}} check {SEVERITY_CODES[finding.severity]} {answered}",
        f"({finding_label(year, finding)})=\n**{number}. {escape(finding.rule.title)}**　"
        f"{finding.severity}　{state}　编号 `{finding.id}`",
        *facts,
        "::::",
    )


def _difference(figures: FigureSet, finding: Finding) -> str:
    """The two numbers compared and their difference, where there are two."""
    suspicion = finding.suspicion
    if suspicion.stated is None or suspicion.computed is None or finding.difference is None:
        return ""
    shown = [
        _shown(figures, value, suspicion.unit)
        for value in (suspicion.stated, suspicion.computed, abs(finding.difference))
    ]
    return "**比较**　{}，对照{}，相差{}。".format(*(escape(text) for text in shown))


def _shown(figures: FigureSet, value: Decimal, unit: str) -> str:
    return f"{figures.units.display(value, unit):f}{unit}"


def _sources(finding: Finding) -> list[str]:
    suspicion = finding.suspicion
    return [
        *(f"{escape(figure.label)}{reference(figure)}：{_origin(figure)}" for figure in suspicion.figures),
        *(f"{escape(str(place))}：{escape(place.text)}" for place in suspicion.places),
        *(_limit(limit) for limit in suspicion.limits),
    ]


def _origin(figure: Figure) -> str:
    match figure.lineage:
        case Cell(file, row, letter, _, _, source):
            return escape(f"{file} 第{row}行{letter}列" + (f"，{source}" if source else ""))
        case derivation:
            return escape(f"＝{derivation.formula}")


def _limit(limit: Limit) -> str:
    bounds = "，".join(
        f"{word}{bound:f}{limit.unit}"
        for word, bound in (("下限", limit.least), ("上限", limit.most))
        if bound is not None
    )
    days = f"，{limit.start or ''}至{limit.end or '今'}" if limit.start or limit.end else ""
    subject = limit.subject or "各项目"
    return escape(f"{limit.area}{subject}的{limit.name}，{bounds}{days}；{limit.source}")


def _answer(answer: Explanation) -> str:
    return escape(f"{answer.text}（证据：{answer.evidence}；{answer.who}，{answer.date}；{answer.place}）")


def _unused(findings: Findings) -> str:
    if not findings.unused:
        return ""
    lines = (f"- {escape(f'{a.place}：{a.finding}，{a.text}')}" for a in findings.unused)
    return joined("## 用不上的说明", "这些编号的发现已经没有了，可以删去。", "\n".join(lines))


def findings_line(page: Page) -> Block:
    """One line for the leader: how many findings, and where they are."""
    return Block(
        joined("## 勾稽检查", f"{counts(check(page.figures))}。逐条的内容和说明见[勾稽检查](checks.ipynb)。")
    )


def check_rules(years: Sequence[Findings]) -> str:
    """Catalogue of the rules by family: what each compares, and how often it fired in each year."""
    return joined(
        *(
            joined(f"## {family}", *(_rule(rule, years) for rule in rules))
            for family, rules in FAMILIES.items()
        )
    )


def _rule(rule: Rule, years: Sequence[Findings]) -> str:
    fired = "，".join(
        f"{findings.figures.year.settings.year}年度{findings.fired[rule.id]}次" for findings in years
    )
    facts = (
        ("比较", rule.compares),
        ("关系", rule.formula),
        ("容许的差", rule.tolerance),
        ("不适用", rule.exceptions),
        ("严重程度", rule.severity),
        ("依据", rule.source),
        ("发现次数", fired),
    )
    return joined(
        f"({rule_label(rule)})=\n### {rule.id} {escape(rule.title)}",
        "\n".join(f"- **{name}**：{escape(fact)}" for name, fact in facts),
    )


def limits_table(limits: Sequence[Limit]) -> str:
    """The limits that the rules take their numbers from, with their sources."""
    rows = [
        tuple(
            escape(text) or "—"
            for text in (
                limit.area,
                limit.subject,
                limit.name,
                "—" if limit.least is None else f"{limit.least:f}",
                "—" if limit.most is None else f"{limit.most:f}",
                limit.unit,
                f"{limit.start or ''}—{limit.end or ''}" if limit.start or limit.end else "",
                "公布" if limit.official else "经验",
                "；".join(filter(None, (limit.source, limit.note))),
            )
        )
        for limit in limits
    ]
    headings = ("地区", "对象", "指标", "下限", "上限", "单位", "时间", "性质", "出处和说明")
    return table("参考界限表", tuple(Heading(text) for text in headings), rows, "wide registry")
