"""What the checks found: the page of a year, the line of cover and summary, and the catalogue of rules."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from evalbook.checks import SEVERITIES, SEVERITY_MEANINGS
from evalbook.figures import Cell, loose_numbers
from evalbook.recheck import RULES as FORM_RULES
from evalbook.render.markdown import (
    Block,
    Numeric,
    card,
    chinese_date,
    clauses,
    container,
    download,
    escape,
    joined,
    link,
    reference,
    shortened,
    table,
)
from evalbook.schema.vocabulary import FLOOR, INTERNAL, LIMIT_FORCES, OWN
from evalbook.scoring import ALL_RULES, FAMILIES, evaluate
from evalbook.shipped import NOTEBOOKS, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Never

    from evalbook.checks import Explanation, Finding, Findings, Rule
    from evalbook.figures import Figure, FigureSet
    from evalbook.render.page import Page
    from evalbook.schema import Limit, TableData, TableRow

ALL = "all"
SEVERITY_CODES = dict(zip(SEVERITIES, ("error", "doubt", "hint"), strict=True))
ANSWERS = {"unanswered": "未说明", "answered": "已说明"}
OUTDATED = "说明已失效"
OF_FORMS = "自评表"
FORMS_TOLD = "下面的规则用来核算一张填好的自评表（`evalbook score --form 文件`），不用来检查年度的数据。"
RULE_LIST = "rules.pdf"
"""Beside the catalogue: all rules, to be printed."""

WITHHELD = "已经说明，内容不公开"
"""Stands for an answer that the clerk marked as internal."""


def finding_label(year: int, finding: Finding) -> str:
    """Cross-reference label of a finding on its year's page; labels know no capitals."""
    return f"finding-{year}-{finding.stem.lower()}"


def checks_label(year: int) -> str:
    """Cross-reference label of a year's page of findings."""
    return f"checks-{year}"


def rule_label(rule: Rule[Never]) -> str:
    """Cross-reference label of a rule in the catalogue."""
    return f"rule-{rule.id.lower()}"


def finding_title(finding: Finding) -> str:
    """What a finding is about: the figure that a reader would look up, and the rule."""
    figures = finding.suspicion.figures
    return f"{figures[0].label}：{finding.rule.title}" if figures else finding.rule.title


def finding_state(finding: Finding) -> str:
    """Whether a finding was answered, in Chinese."""
    if finding.explanation:
        return ANSWERS["answered"] + (f"（{INTERNAL}）" if finding.explanation.internal else "")
    return OUTDATED if finding.outdated else ANSWERS["unanswered"]


def published(data: TableData) -> tuple[TableRow, ...]:
    """Rows of a table that readers may see: all but internal explanations."""
    return tuple(row for row in data.every if row.cells.get("internal") is None)


def withheld(data: TableData) -> str:
    """How many rows of a table readers do not see; empty when they see all."""
    count = len(data.every) - len(published(data))
    return f"另有{count}行标为“{INTERNAL}”，不公开。" if count else ""


def counts(findings: Findings) -> str:
    """How many findings of each severity, and how many were answered."""
    listed = "，".join(f"{severity}{findings.counted(severity)}条" for severity in SEVERITIES)
    return f"{listed}，其中{findings.explained}条已说明"


def findings_page(page: Page) -> Block:
    """Everything that the checks found in the year, the gravest first, with the answers given."""
    findings = evaluate(page.figures).findings
    # A project's own notebooks may be older than the page.
    reviewed = (nearest(page.figures.year.root, NOTEBOOKS) / "review.ipynb").is_file()
    guide = "怎样改正或说明一条发现、每条规则查什么，见[检查规则](/guide/checks.md)" + (
        "；财政部门会为此扣多少分，见[质量自查](review.ipynb)。" if reviewed else "。"
    )
    told = [f"没有发现：数字之间、数字与规定之间没有对不上的地方。{guide}"]
    if findings.listed:
        told = [container("check-counts", f"{counts(findings)}。{guide}"), _filter(findings)]
    for severity in SEVERITIES:
        if listed := findings.of(severity):
            told += [f"## {severity}", f"{SEVERITY_MEANINGS[severity]}。"]
            told += [_finding(findings, finding) for finding in listed]
    label = f"({checks_label(page.figures.year.settings.year)})="
    loose = _loose(page.figures)
    return Block(f"{label}\n{joined(*told, loose, _unused(findings), _rules_asked(findings))}")


def _loose(figures: FigureSet) -> str:
    """Numbers that were typed into the prose, with the figures that they may be; nothing where there are none."""
    rows = []
    for loose in loose_numbers(figures):
        proposed = "；".join(
            f"{one.likeness}：{escape(one.name)}{reference(one.figure, one.text)}" for one in loose.proposals
        )
        where = escape(f"{loose.file} 第{loose.untied.line}行")
        quoted = escape(loose.untied.quotation)
        rows.append((str(loose.number), where, quoted, escape(loose.untied.text), proposed or "没有"))
    if not rows:
        return ""
    said = (
        f"正文里有{len(rows)}个数字是直接写的，没有挂接到表里的数字：查不到出处，表里改了正文也不会跟着改。"
        "定版以前每一个都要挂接，或者登记为不是统计数字，办法见[怎样写正文](/guide/writing.md)。"
    )
    headings = ("序号", "位置", "这句话", "数字", "可能是")
    return joined("## 没有挂接的数字", said, table("没有挂接的数字", headings, rows, "wide stacked"))


def _filter(findings: Findings) -> str:
    """Choices that the style sheet alone obeys, so that they work where scripts do not run."""
    answered = (len(findings.listed) - findings.explained, findings.explained)
    severities = [(SEVERITY_CODES[name], name, findings.counted(name)) for name in SEVERITIES]
    answers = [(code, name, count) for (code, name), count in zip(ANSWERS.items(), answered, strict=True)]
    lines = (
        "```{raw} html",
        *_choices("severity", "严重程度", severities, len(findings.listed)),
        *_choices("answer", "说明", answers, len(findings.listed)),
        '<p class="check-none" role="status">没有这样的发现。</p>',
        "```",
    )
    return container("check-filter", "\n".join(lines))


def _choices(name: str, legend: str, choices: Sequence[tuple[str, str, int]], count: int) -> list[str]:
    boxes = [
        f'<label><input type="radio" name="{name}" value="{code}"{" checked" if code == ALL else ""}> {shown} {number}</label>'
        for code, shown, number in ((ALL, "全部", count), *choices)
    ]
    return [f"<fieldset><legend>{legend}</legend>", *boxes, "</fieldset>"]


def _finding(findings: Findings, finding: Finding) -> str:
    suspicion, label = finding.suspicion, finding_label(findings.figures.year.settings.year, finding)
    answered = "answered" if finding.explained else "unanswered"
    notes = "".join(f"{note}。" for note in suspicion.notes)
    rule = link(f"规则{finding.rule.id}", rule_label(finding.rule))
    caused = [
        f"{link(f.rule.title, rule_label(f.rule))}：{escape(f.suspicion.found)}" for f in finding.consequences
    ]
    return joined(
        f"({label})=\n### {findings.numbers[finding.stem]}. {escape(finding_title(finding))}",
        f"::::{{container}} check {SEVERITY_CODES[finding.severity]} {answered}",
        f"{finding.severity}　{finding_state(finding)}　编号 `{finding.id}`　{rule}",
        f"{escape(suspicion.found)}。",
        f"**原因**　{escape(suspicion.why)}。" if suspicion.why else "",
        f"**另外**　{escape(notes)}" if notes else "",
        f"**怎么办**　{escape(suspicion.remedy)}。" if suspicion.remedy else "",
        f"**资料**　{escape(finding.rule.means)}",
        _difference(findings.figures, finding),
        _in_doubt(findings.figures, finding),
        _listed("数字和出处", _sources(findings, finding)),
        _listed("各处", [escape(one) for one in finding.each]),
        _listed("由此引起（先改好上面的，再检查一遍）", caused),
        _answer_box(finding),
        "::::",
    )


def _in_doubt(figures: FigureSet, finding: Finding) -> str:
    """That a finding is about numbers as they are written, where others doubt them."""
    own = {address for address, _ in finding.suspicion.possible}
    concerned = (figures.figures[figure.address] for figure in finding.suspicion.figures)
    told = [f"{f.label}{f.doubt.words}" for f in concerned if f.doubt and f.address not in own]
    return f"**存疑**　这一条照所写的数字检查，其中{escape('，'.join(told))}。" if told else ""


def _listed(title: str, lines: Sequence[str]) -> str:
    return joined(f"**{title}**", "\n".join(f"- {line}" for line in lines)) if lines else ""


def _difference(figures: FigureSet, finding: Finding) -> str:
    """The two numbers compared and their difference, where there are two."""
    suspicion = finding.suspicion
    if suspicion.stated is None or suspicion.computed is None or finding.difference is None:
        return ""
    as_stated = {(f.value, f.unit): f.number for f in suspicion.figures if isinstance(f.lineage, Cell)}
    shown = [
        as_stated.get((value, suspicion.unit), shortened(figures, value, suspicion.unit)) + suspicion.unit
        for value in (suspicion.stated, suspicion.computed, abs(finding.difference))
    ]
    return "**比较**　所写{}，对照{}，相差{}。".format(*(escape(text) for text in shown))


def _sources(findings: Findings, finding: Finding) -> list[str]:
    """Numbers with the other findings that they are in, places in the prose, limits."""
    year, told = findings.figures.year.settings.year, []
    for figure in finding.suspicion.figures:
        others = (other for other in findings.by_address[figure.address] if other.stem != finding.stem)
        links = [link(f"第{findings.numbers[f.stem]}条", finding_label(year, f)) for f in others]
        elsewhere = f"（另见{'、'.join(links)}）" if links else ""
        told.append(f"{escape(figure.label)}{reference(figure)}：{_origin(figure)}{elsewhere}")
    told += [f"{escape(str(place))}：{escape(place.text)}" for place in finding.suspicion.places]
    return told + [_limit(limit) for limit in finding.suspicion.limits]


def _origin(figure: Figure) -> str:
    match figure.lineage:
        case Cell(file, row, letter, _, _, source):
            return escape(f"{file} 第{row}行{letter}列" + (f"，{source}" if source else ""))
        case derivation:
            return escape(f"＝{derivation.formula}")


def _limit(limit: Limit) -> str:
    said = f"{limit.area}{limit.place_class}{limit.subject or '各项目'}的{limit.name}{_bounds(limit)}"
    return escape(f"{'，'.join(filter(None, (said, _days(limit))))}；{limit.cited}")


def _bounds(limit: Limit) -> str:
    bounds = (("不低于", limit.least), ("不高于", limit.most))
    return "，".join(f"{word}{bound:f}{limit.unit}" for word, bound in bounds if bound is not None)


def _days(limit: Limit) -> str:
    start, end = (chinese_date(day) if day else "" for day in (limit.start, limit.end))
    if end:
        return f"{start}至{end}"
    return f"{start}起" if start else ""


def _answer_box(finding: Finding) -> str:
    answer = finding.explanation or finding.outdated
    if answer is None:
        return ""
    if answer.internal:
        state = "" if finding.explained else "数字改动过，需要重新说明。"
        return container("check-answer", f"**说明**　{WITHHELD}。{state}")
    told = f"**说明**　{escape(answer.text)}"
    if finding.explanation is None:
        told = f"**{OUTDATED}**　作了说明以后，数字改动过；原来的说明不再适用，需要重新说明。原来的说明：{escape(answer.text)}"
    return container("check-answer", f"{told}{_given(answer)}")


def _given(answer: Explanation) -> str:
    """Evidence of an answer, who gave it and when, and the row that it stands in."""
    return escape(f"（证据：{answer.evidence}；{answer.who}，{answer.date}；{answer.place}）")


def _unused(findings: Findings) -> str:
    lines = [
        f"- `{answer.finding}` {WITHHELD if answer.internal else escape(answer.text) + _given(answer)}"
        for answer in findings.unused
    ]
    why = "这些编号的发现已经没有了：数字改好了，或者编号抄错了。可以删去，抄错的改正。"
    box = (":::{container} check-unused", "\n".join(lines), ":::")
    return joined("## 用不上的说明", why, *box) if lines else ""


def _rules_asked(findings: Findings) -> str:
    """Every rule and how often it fired in the year: what was asked and found nothing counts too."""
    fired = sum(map(bool, findings.fired.values()))
    rows = []
    for rule in ALL_RULES:
        name = link(f"{rule.id} {rule.title}", rule_label(rule))
        rows.append((name, rule.severity, str(findings.fired[rule.id] or "—")))
    headings = ("规则", "严重程度", Numeric("发现次数"))
    return joined(
        "## 检查了哪些规则",
        ":::{container} check-counts",
        f"共{len(ALL_RULES)}条规则，{fired}条有发现。次数连同写在“由此引起”里的；规则要用的数字还没有的，不检查。",
        table("各条规则在本年度的发现次数", headings, rows, "check-rules"),
        ":::",
    )


def findings_line(page: Page) -> Block:
    """For the leader: how many findings, the errors that nobody has answered, and where all of them are."""
    findings, year = evaluate(page.figures).findings, page.figures.year.settings.year
    unexplained = (finding for finding in findings.of(SEVERITIES[0]) if not finding.explained)
    errors = [f"- {link(finding_title(found), finding_label(year, found))}" for found in unexplained]
    said = container("check-counts", f"{counts(findings)}。逐条的内容和说明见[勾稽检查](checks.ipynb)。")
    return Block(joined("## 勾稽检查", said, "还没有说明的错误：" if errors else "", "\n".join(errors)))


def findings_notice(figures: FigureSet) -> str:
    """Line of the cover that leads to the findings."""
    said = f"勾稽检查：{counts(evaluate(figures).findings)}，见[勾稽检查](checks.ipynb)。"
    return container("status check-counts", said)


def check_rules(years: Sequence[Findings]) -> str:
    """Catalogue of the rules by family: what each compares, how often it fired in each year; last, those for forms."""
    told = [f"全部规则印在几张A4纸上：{download(RULE_LIST, '检查规则一览（PDF）')}。"]
    for family, rules in rules_by_family().items():
        of_forms = family == OF_FORMS
        fired = (
            "" if of_forms else "，".join(_fired(rule, findings) for findings in years) for rule in rules
        )
        told += [f"## {family}", FORMS_TOLD if of_forms else "", *map(_rule, rules, fired)]
    return joined(*told)


def rules_by_family() -> dict[str, Sequence[Rule[Never]]]:
    """Every rule by the Chinese name of its family; last, those for forms."""
    return {**FAMILIES, OF_FORMS: FORM_RULES}


def _rule(rule: Rule[Never], fired: str) -> str:
    facts = (
        ("比较", escape(rule.compares)),
        ("关系", escape(rule.formula)),
        ("容许的差", escape(rule.tolerance)),
        ("不适用", escape(rule.exceptions)),
        ("严重程度", rule.severity),
        ("依据", escape(rule.source)),
        ("查什么", escape(rule.look_up)),
        ("问什么", escape(f"{rule.ask.rstrip('？')}？")),
        ("自何时", chinese_date(datetime.date.fromisoformat(rule.since)) + "起"),
        ("发现次数", fired),
    )
    return card(rule_label(rule), f"{rule.id} {rule.title}", facts)


def _fired(rule: Rule[Never], findings: Findings) -> str:
    """How often a rule fired in a year, linked to that year's findings when it did."""
    year, count = findings.figures.year.settings.year, findings.fired[rule.id]
    said = f"{year}年度{count}次"
    return link(said, checks_label(year)) if count else said


def limits_tables(limits: Sequence[Limit], here: Collection[str]) -> str:
    """The limits that the rules take their numbers from, with their sources; those of other places folded.

    Parameters
    ----------
    limits
        All that are registered.
    here
        Places whose limits the project's years are checked by.
    """
    areas = list(dict.fromkeys(limit.area for limit in limits))
    of_area = {area: [limit for limit in limits if limit.area == area] for area in areas}
    own = [limit for area in areas if area in here for limit in of_area[area]]
    others = [
        joined(
            f"`````{{dropdown}} {escape(area)}（{len(of_area[area])}条）",
            _limits_table(f"参考界限表：{area}", of_area[area]),
            "`````",
        )
        for area in areas
        if area not in here
    ]
    folded = "别的省、市的界限，点开查看。没有列出的省，没有查到公布的最低标准。" if others else ""
    return joined(_limits_table("参考界限表", own), folded, *others)


def _limits_table(caption: str, limits: Sequence[Limit]) -> str:
    rows = []
    for limit in limits:
        name = f"{limit.area}{limit.place_class}{limit.subject}{'的' if limit.subject else ''}{limit.name}"
        force = "" if limit.force == FLOOR else LIMIT_FORCES[limit.force]
        nature = clauses("公布" if limit.official else "经验", limit.grade, force) + (
            OWN if limit.own else ""
        )
        told = (name, _bounds(limit), _days(limit) or "—", nature, clauses(limit.source, limit.note))
        rows.append([*map(escape, told)])
    headings = ("限制什么", "界限", "时间", "性质", "出处和说明")
    return table(escape(caption), headings, rows, "limits stacked")
