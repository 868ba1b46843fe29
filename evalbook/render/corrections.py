"""Corrections and doubts in words: the same on the page of editions, above each page concerned, and beside a figure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from evalbook.render.findings import finding_label
from evalbook.render.markdown import clauses, escape, link
from evalbook.schema.vocabulary import CORRECTED, QUESTIONED, TREATMENTS
from evalbook.scoring import ALL_RULES, evaluate
from evalbook.year.tables import PROSE_WITHOUT_TITLE, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from evalbook.checks import Findings
    from evalbook.figures import Figure, FigureSet
    from evalbook.schema import Correction

EDITIONS = "editions"
"""Page of a year that lists its editions."""

COVER = "index"
NARRATIVE = "narrative/"

TABLE_CLASS = "of-"
"""Begins the class that says whose texts a table shows."""


def correction_label(year: int, correction: Correction) -> str:
    """Cross-reference label of a correction on the page of editions of its year."""
    return f"correction-{year}-{correction.row}"


def corrected_figure(figures: FigureSet, correction: Correction) -> Figure | None:
    """Figure that a correction is about; None when it is about a text."""
    of = figures if correction in figures.year.corrections else figures.before
    if of is None or correction.of_text:
        return None
    return of.figures.get(correction.subject) or of.named(correction.subject)


def in_force(figures: FigureSet, correction: Correction) -> bool:
    """Whether readers must be told: all but what a later edition took back, or settled by putting the figure right."""
    figure = corrected_figure(figures, correction)
    of_one = figure.corrections if figure else figures.year.corrections
    return not any(
        later.withdrawn or (correction.questioned and not later.questioned)
        for later in of_one
        if later.edition > correction.edition
        and (figure or (later.subject, later.original) == (correction.subject, correction.corrected))
    )


def correction_name(figures: FigureSet, correction: Correction) -> str:
    """What a correction is about: name of the figure, title of the prose, or title of the table."""
    subject = correction.subject
    if figure := corrected_figure(figures, correction):
        name = figure.label
    elif subject.startswith(NARRATIVE):
        prose = figures.year.narrative.get(subject.removeprefix(NARRATIVE).removesuffix(".md"))
        name = f"“{prose.title}”的文字" if prose and prose.title else "导语的文字"
    else:
        titles = {f"{table.name}.csv": table.title for table in TABLES}
        name = f"“{titles.get(subject, subject)}”的文字"
    year = figures.year.settings.year - 1
    return name if correction in figures.year.corrections else f"{year}年度{name}"


def link_to(figures: FigureSet, correction: Correction) -> str:
    """Name of a correction, linked to the page of editions; a book need not have the page of the year before."""
    name = correction_name(figures, correction)
    if correction not in figures.year.corrections:
        return escape(name)
    shown = name.translate({ord(character): None for character in "`<>"})
    return link(shown, correction_label(figures.year.settings.year, correction))


def values(correction: Correction) -> tuple[str, str]:
    """Value as signed and as corrected; texts in quotation marks, nothing for a doubt."""
    quoted = "“{}”" if correction.of_text else "{}"
    corrected = quoted.format(correction.corrected) if correction.corrected else ""
    return quoted.format(correction.original), corrected


def plain_reason(correction: Correction) -> str:
    """Edition, treatment, reason and finding of a correction, and who can settle a doubt, in one plain sentence."""
    return clauses(
        f"第{correction.edition}版{correction.treatment}：{correction.reason}",
        f"可核定者：{correction.settles}" if correction.settles else "",
        f"发现{correction.finding}" if correction.finding else "",
    )


def correction_facts(figures: FigureSet, findings: Findings, correction: Correction) -> list[str]:
    """What is to be said of a correction, a sentence each, in Markdown."""
    original, corrected = map(escape, values(correction))
    reason, settles = escape(correction.reason), escape(correction.settles)
    facts = [f"原值{original} → 更正值{corrected}。", f"理由：{reason}。"]
    if correction.questioned:
        facts = [f"{original}，照签发的报告保留，不能证明是否正确。", f"已经知道：{reason}。"]
        facts += [f"可核定者：{settles}。"] if settles else []
    elif correction.withdrawn:
        restored = f"{original} → {corrected}，恢复签发的值。"
        facts[0] = restored if original != corrected else f"{original}，不再存疑。"
    settled = f"后来的版次已经{'核定' if correction.questioned else '撤回'}。"
    settled = "" if in_force(figures, correction) else settled
    return [fact for fact in (*facts, _finding(figures, findings, correction), settled) if fact]


def _finding(figures: FigureSet, findings: Findings, correction: Correction) -> str:
    """Finding that shows it: a link while there is one, else its name."""
    stem, own = correction.finding, correction in figures.year.corrections
    if not stem:
        return ""
    for found in findings.listed:
        if own and stem in {one.stem for one in found.every}:
            return f"发现：{link(found.rule.title, finding_label(figures.year.settings.year, found))}。"
    title = next((rule.title for rule in ALL_RULES if rule.id == stem.partition("-")[0]), "")
    gone = "，更正以后不再出现" if own and correction.treatment == CORRECTED else ""
    return f"发现：{escape(title)}（`{stem}`{gone}）。"


def relevant(figures: FigureSet) -> tuple[Correction, ...]:
    """Corrections and doubts in force, with those of the year before that a figure rests on."""
    rested = (correction for given in figures.grounds.values() for correction in given)
    listed = dict.fromkeys((*figures.year.corrections, *rested))
    return tuple(correction for correction in listed if in_force(figures, correction))


def concerned(
    figures: FigureSet, page: str, shown: Collection[str], tables: Collection[str]
) -> dict[Correction, tuple[str, ...]]:
    """Corrections and doubts that a page must tell of.

    Parameters
    ----------
    figures
        Of the year.
    page
        Name of the page.
    shown
        Addresses of the figures whose numbers it shows.
    tables
        Names of the tables whose texts it shows.

    Returns
    -------
    dict of Correction to tuple of str
        With the names of the figures, computed from what it is about, that the page shows; none when the page shows
        that itself.
    """
    found: dict[Correction, tuple[str, ...]] = {}
    for correction in relevant(figures):
        if correction.of_text:
            if _shows_text(correction, page, tables):
                found[correction] = ()
            continue
        addresses = (a for a in dict.fromkeys(shown) if correction in figures.grounds.get(a, ()))
        if resting := [figures.figures[address] for address in addresses]:
            own = any(correction in figure.corrections for figure in resting)
            found[correction] = () if own else tuple(figure.label for figure in resting)
    return found


def _shows_text(correction: Correction, page: str, tables: Collection[str]) -> bool:
    """Whether a page shows a text that was put right; of a table that no page lists by itself, any page may."""
    if correction.subject.startswith(NARRATIVE):
        name = correction.subject.removeprefix(NARRATIVE).removesuffix(".md")
        return page == (COVER if name == PROSE_WITHOUT_TITLE else name)
    name = correction.subject.removesuffix(".csv")
    return name in tables if name == "documents" else True


def page_corrections(figures: FigureSet) -> str:
    """List of everything that pages of the year may have to tell, in the order of :func:`relevant`."""
    findings, told = evaluate(figures).findings, []
    for correction in relevant(figures):
        facts = "".join(correction_facts(figures, findings, correction))
        told.append(f"- **{correction.treatment}**　{link_to(figures, correction)}：{facts}")
    return "\n".join(told)


def counted(corrections: Collection[Correction]) -> str:
    """How many corrections and doubts there are."""
    counts = Counter(correction.treatment for correction in corrections)
    return "，".join(f"{word}{counts[word]}处" for word in TREATMENTS if counts[word])


def corrections_in_force(figures: FigureSet) -> str:
    """How many corrections and doubts the edition has; empty when there are none."""
    return counted([correction for correction in figures.year.corrections if in_force(figures, correction)])


def corrections_line(figures: FigureSet) -> str:
    """Line that leads to the page of editions; empty when the edition puts nothing right and questions nothing."""
    told = corrections_in_force(figures)
    return f"与签发的报告相比：{told}，见[版本与更正]({EDITIONS}.ipynb)。" if told else ""


def figure_facts(figures: FigureSet, findings: Findings, figure: Figure) -> list[str]:
    """What editions say of a figure or of what it is computed from, a sentence each, for its lineage."""
    facts = [
        f"第{c.edition}版{c.treatment}：{''.join(correction_facts(figures, findings, c))}"
        for c in figure.corrections
    ]
    told = [f"{escape(doubt_words(figure))}。"] if figure.doubt else []
    return facts + _inherited(figures, figure, link_to) + told


def doubt_words(figure: Figure) -> str:
    """What a figure in doubt may stand for, a sentence without its stop; empty for any other."""
    return f"真实的数{figure.doubt.words}" if figure.doubt else ""


def plain_facts(figures: FigureSet, figure: Figure) -> tuple[str, str]:
    """Value as signed, and what editions say of a figure, for files: plain text, both empty when they say nothing."""
    told = [*map(plain_reason, figure.corrections), *_inherited(figures, figure, correction_name)]
    return figure.corrections[0].original if figure.put_right else "", "。".join(told)


def _inherited(figures: FigureSet, figure: Figure, name: Callable[[FigureSet, Correction], str]) -> list[str]:
    """What editions put right or question of the figures that one is computed from, a sentence for each treatment."""
    told = []
    for treatment in (CORRECTED, QUESTIONED):
        rested = (c for c in figures.grounds[figure.address] if c.treatment == treatment)
        others = (c for c in rested if c not in figure.corrections and in_force(figures, c))
        if names := [name(figures, correction) for correction in others]:
            told.append(f"由{treatment}的数字算出：{'、'.join(names)}")
    return told


def doubted(figures: FigureSet, address: str) -> tuple[Correction, ...]:
    """Doubts that a figure rests on."""
    return tuple(c for c in figures.grounds[address] if c.questioned and in_force(figures, c))
