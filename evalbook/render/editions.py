"""Editions as readers see them: which one this is, what it puts right or questions, and how it differs from those before."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from evalbook.editions import read_changes, read_rules, revisions_of, successions
from evalbook.editions.changes import MARKED
from evalbook.figures import UNCERTAIN, Cell
from evalbook.render.corrections import (
    corrected_figure,
    correction_facts,
    correction_label,
    correction_name,
    link_to,
    values,
)
from evalbook.render.findings import rule_label
from evalbook.render.markdown import (
    Block,
    Numeric,
    block_table,
    chinese_date,
    container,
    escape,
    joined,
    link,
    reference,
    table,
    with_status,
)
from evalbook.schema.kinds import COMMIT, SHA256
from evalbook.schema.vocabulary import APPROVED, CORRECTED, EDITION_KINDS, QUESTIONED, TO_BE_FILLED, WITHDRAWN
from evalbook.scoring import ALL_RULES, evaluate
from evalbook.year.authority import NOT_APPROVED, authority_of
from evalbook.year.tables import LEDGER_SETTINGS

if TYPE_CHECKING:
    from evalbook.checks import Findings
    from evalbook.editions import Revision
    from evalbook.figures import FigureSet
    from evalbook.render.page import Page
    from evalbook.schema import Correction
    from evalbook.year import Edition, FiscalYear
    from evalbook.year.authority import Authority

CONTENT = "content"
"""Key of the ledger that is filled in when the pages have been made."""

MOST_TEXTS = 60
"""Changed texts that are shown of an edition; of more, their number."""

LONGEST_TEXT = 300
"""Characters shown of a changed text."""

UNRELEASED = "未定版"
OF_THE_TOOL = "编制说明，不属于签发内容"
"""Mark of what the tool adds to the text that the bureau signs."""


def edition_name(year: FiscalYear) -> str:
    """Which edition a year is: 第2版, or 未定版, with the edition that it goes on from."""
    if year.released:
        return f"第{year.released.number}版"
    standing = year.standing
    return f"{UNRELEASED}（第{standing[-1].number}版之后的改动，尚未定版）" if standing else UNRELEASED


def edition_and_status(figures: FigureSet) -> str:
    """Edition with kind and date, and who stands behind it, which every page and file says."""
    released = figures.year.released
    dated = f"（{released.kind}，{chinese_date(released.date)}）" if released else ""
    return _with_authority(figures.year, edition_name(figures.year) + dated)


def edition_in_short(figures: FigureSet) -> str:
    """Edition and who stands behind it, for the foot of a page."""
    return _with_authority(figures.year, edition_name(figures.year))


def approval(authority: Authority) -> str:
    """Who approved what, and when; the state of what nobody has approved."""
    if not authority.approved:
        return authority.state
    return (
        f"{authority.state}：{authority.approver}，{chinese_date(authority.date)}"
        if authority.date
        else authority.state
    )


def _with_authority(year: FiscalYear, edition: str) -> str:
    return f"{edition} · {approval(year.authority)}".replace("） ·", "）·")


def title_state(year: FiscalYear) -> str:
    """What the title of a year's report says behind it; nothing once it is approved."""
    return "" if year.authority.approved else f" · {year.authority.state}"


def signed_words(year: FiscalYear) -> str:
    """Date under a title and a signature: when this was signed, or when the report was that it rests on."""
    authority = year.authority
    if not authority.approved:
        return f"据{chinese_date(year.signed_date)}签发的报告" if year.signed_date else "尚未签发"
    earlier = any(authority_of(edition).approved for edition in year.standing if edition is not year.released)
    signed = authority.date if earlier else year.settings.report_date or authority.date
    return chinese_date(signed) if signed else "尚未签发"


def signed_name(number: int) -> str:
    """Name under which the text that the bureau signed as an edition is published."""
    return f"signed-{number}.txt"


def approved_before(year: FiscalYear) -> Edition | None:
    """Edition to be quoted in the place of one that nobody has approved: the newest approved one before it."""
    earlier = [edition for edition in year.standing if authority_of(edition).approved]
    return earlier[-1] if earlier and not year.authority.approved else None


def status_note(figures: FigureSet) -> str:
    """What the authority means for who reads or quotes the figures; empty for what somebody approved."""
    year, edition = figures.year, figures.year.released
    if year.authority.approved:
        return ""
    quotable = approved_before(year)
    instead = f"引用请用经批准的第{quotable.number}版。" if quotable else ""
    if edition is None and year.standing:
        return f"第{year.standing[-1].number}版之后改动过，还没有定版，不得引用。{instead}"
    if year.authority.draft:
        told = (
            f"第{edition.number}版已经定版，但还是草稿"
            if edition
            else "本年度的报告正在编写，数字和文字都可能改动"
        )
        return f"{told}，不得引用；还没有填的数字写作“{TO_BE_FILLED}”。"
    if edition is None:
        claimed = year.settings.status == APPROVED
        told = "还没有定版：定版时写明谁批准，才算批准" if claimed else "还没有批准签发"
        return f"本年度的数字已经填报，{told}，仍可能改动。"
    proposed = "这一版提出的更正还没有人批准" if edition.kind == EDITION_KINDS[-1] else "还没有人批准这一版"
    return f"第{edition.number}版已经定版，内容不再改动；{proposed}。" + (
        instead or "引用时请写明版次和“未经批准”。"
    )


def status_box(figures: FigureSet) -> str:
    """Box at the head of every page: edition, status, and what they mean."""
    said = escape(f"{figures.year.settings.year}年度 · {edition_and_status(figures)}")
    note = status_note(figures)
    if not note:
        return container("status", said)
    kind = "warning" if figures.year.authority.draft else "note"
    return f"````{{admonition}} {said}\n:class: {kind} status\n\n{escape(note)}\n````"


def editions_page(page: Page) -> Block:
    """Versions, corrections and doubts, revised numbers, calendar, and how to prove an edition."""
    figures, year = page.figures, page.figures.year
    guide = "修订和更正怎样作出、怎样告诉读者，见[修订和更正的办法](/guide/revisions.md)。"
    told = (_versions(year), _corrections(figures), _revisions(figures), _changes(year))
    return Block(joined(*told, _calendar(year), _rules(year), _proofs(year), guide))


def _versions(year: FiscalYear) -> str:
    if not year.ledger:
        return joined("## 版次", "本年度还没有定版。定版以后，每一版的日期、谁批准和改动列在这里。")
    rows = []
    for edition in reversed(year.ledger):
        name = f"第{edition.number}版" + ("（本版）" if edition is year.released else "")
        authority = authority_of(edition)
        by_whom = authority.approver or NOT_APPROVED
        reason = edition.reason
        if (gone := edition.withdrawn) is not None:
            name += "（已撤销）"
            reason += f"。{chinese_date(gone.date)}撤销，没有发布过：{gone.reason}（{gone.approver}决定）"
        told = (chinese_date(edition.date), edition.kind, authority.state, by_whom, reason)
        rows.append((name, *map(escape, told)))
    headings = ("版次", "日期", "类型", "状态", "谁批准", "理由")
    later = "" if year.released else f"{edition_name(year)}。"
    number = year.signed_edition
    signed = (
        f"第{number}版的签发文本，就是签发时的报告原文，在[数据下载](downloads.ipynb)。" if number else ""
    )
    return joined("## 版次", later, table("本年度的各版", headings, rows, "wide"), signed)


def _corrections(figures: FigureSet) -> str:
    if not figures.year.corrections:
        return ""
    findings = evaluate(figures).findings
    parts = []
    for number in sorted({correction.edition for correction in figures.year.corrections}, reverse=True):
        for treatment, headings in (
            (CORRECTED, ("更正的内容", "原值 → 更正值", "理由和发现")),
            (WITHDRAWN, ("撤回的内容", "上一版的值 → 签发的值", "理由和发现")),
            (QUESTIONED, ("存疑的内容", "签发的报告所写", "已经知道的，谁能核定")),
        ):
            listed = [c for c in figures.year.corrections if (c.edition, c.treatment) == (number, treatment)]
            if listed:
                rows = [_correction_row(figures, findings, correction) for correction in listed]
                told = block_table(f"第{number}版的{treatment}", headings, rows, "lineage corrections")
                parts += [f"### 第{number}版：{treatment}", told]
    return joined(
        "## 更正与存疑",
        "签发的报告自己能证明正确值的，更正；不能证明的，照签发的报告保留，标为存疑，等可以核定的人凭文件核定；更正了以后发现不能证明的，撤回。"
        "初版始终照签发的报告，不作改动。",
        *parts,
    )


def _correction_row(figures: FigureSet, findings: Findings, correction: Correction) -> tuple[str, ...]:
    label = correction_label(figures.year.settings.year, correction)
    figure = corrected_figure(figures, correction)
    shown = reference(figure, figure.label) if figure else escape(correction_name(figures, correction))
    place = f"`{figure.address if figure else correction.subject}`"
    _, *facts = correction_facts(figures, findings, correction)
    original, corrected = map(escape, values(correction))
    change = f"{original} → {corrected}" if corrected else original
    change = change if original != corrected else f"{original}，不再存疑"
    return f"({label})=\n{shown}\n\n{place}", change, joined(*facts)


def _revisions(figures: FigureSet) -> str:
    found = revisions_of(figures)
    parts = []
    for before, number in reversed(successions(figures.year)):
        rows = [_revision_row(figures, revision) for revision in found if revision.edition == number]
        headings = ("名称和地址", Numeric("原值"), Numeric("新值"), Numeric("差"), "理由")
        changed = table(f"第{number}版与第{before}版不同的数字", headings, rows, "wide")
        parts += [f"### 第{number}版与第{before}版相比", changed if rows else "没有数字改变。"]
    told = "下面列出与上一版不同的全部数字；没有列出的，各版相同。"
    return joined("## 修订的数字", told, *parts) if parts else ""


def _revision_row(figures: FigureSet, revision: Revision) -> tuple[str, ...]:
    names = "、".join(link_to(figures, correction) for correction in revision.causes)
    reason = f"由它算出：{names}" if names else "没有写明理由"
    if revision.direct:
        own = figures.figures[revision.address].corrections
        reason = "；".join(escape(c.reason) for c in revision.causes if c in own)
    old = revision.old
    renamed = f"（原名：{old.name}）" if old and old.name != revision.name else ""
    new, difference, figure = revision.new_text, revision.difference, figures.figures.get(revision.address)
    if figure is not None and figure.doubt and revision.edition == figures.year.edition:
        stated = isinstance(figure.lineage, Cell)
        new = with_status(new, "", questioned=True) if stated else figure.said
        difference = difference if stated else UNCERTAIN
    numbers = map(escape, (revision.old_text, new, difference))
    return f"{escape(revision.name + renamed)} `{revision.address}`", *numbers, reason


def _changes(year: FiscalYear) -> str:
    """What else an edition changed: files and words of the year, and whatever came with it."""
    return joined(_changed_files(year), _carried(year), _changed_texts(year))


def _changed_files(year: FiscalYear) -> str:
    listed = [(e.number, "、".join(f"`{name}`" for name in e.changes)) for e in year.standing if e.changes]
    changed = [f"- 第{number}版：{names}" for number, names in reversed(listed)]
    told = "这些文件在定版以前直接改动过，没有逐处列为更正："
    return joined("## 直接改动的文件", told, "\n".join(changed)) if changed else ""


def _carried(year: FiscalYear) -> str:
    listed = [edition for edition in reversed(year.standing) if edition.carried]
    changed = [f"- 第{edition.number}版：{escape('；'.join(edition.carried))}" for edition in listed]
    told = "这些不在年度文件夹里，也是生成这一版所用的，与上一版不同："
    return joined("## 随同改动的登记表和程序", told, "\n".join(changed)) if changed else ""


def _changed_texts(year: FiscalYear) -> str:
    parts = []
    for edition in reversed(year.standing):
        if not edition.texts:
            continue
        found = read_changes(year.root, year.settings.year, edition.number)
        rows = [
            (f"{escape(one.file)}\n\n{escape(one.place)}", escape(_short(one.marked)))
            for one in found[:MOST_TEXTS]
        ]
        more = f"另有{len(found) - MOST_TEXTS}处，没有逐一列出。" if len(found) > MOST_TEXTS else ""
        caption = f"第{edition.number}版直接改动的文字"
        parts += [block_table(caption, ("文件和位置", f"改动{MARKED}"), rows, "lineage corrections"), more]
    return joined("## 改动的文字", *parts) if parts else ""


def _short(text: str) -> str:
    return f"{text[:LONGEST_TEXT]}……（共{len(text)}字）" if len(text) > LONGEST_TEXT else text


def _calendar(year: FiscalYear) -> str:
    """Announced and actual dates: announcements of an edition in their order, the last one first told is the last row."""
    entered = year.tables["calendar"].rows
    announced = sorted(entered, key=lambda row: (row.cells["edition"], row.cells["told"]))
    actual = {
        edition.number: "已撤销，没有发布" if edition.withdrawn else chinese_date(edition.date)
        for edition in year.ledger
    }
    rows = []
    for number in sorted({*actual, *(int(row.said("edition")) for row in announced)}):
        mine = [
            (_day(row.cells["announced"]), _day(row.cells["told"]), escape(row.texts["note"]) or "—")
            for row in announced
            if row.cells["edition"] == number
        ]
        *moved, (day, told, note) = mine or [("—", "—", "没有预告")]
        rows += [(f"第{number}版", *days, "改期，见下一行", why) for *days, why in moved]
        rows.append((f"第{number}版", day, told, actual.get(number, "还没有发布"), note))
    headings = ("版次", "预告日期", "公布预告的日期", "实际日期", "说明")
    return joined("## 发布日历", table("各版的预告日期和实际日期", headings, rows)) if rows else ""


def _day(value: object) -> str:
    return chinese_date(value) if isinstance(value, datetime.date) else "没有写"


def _rules(year: FiscalYear) -> str:
    """By how many rules each edition was checked, and which of today's it did not know or knew otherwise."""
    rows, silent = [], []
    for edition in reversed(year.standing):
        if not edition.rules:
            silent.append(f"第{edition.number}版")
            continue
        kept = read_rules(year.root, year.settings.year, edition.number)
        newer = [rule for rule in ALL_RULES if rule.id not in kept]
        changed = [rule for rule in ALL_RULES if rule.id in kept and kept[rule.id].wording != rule.wording]
        named = (
            "、".join(link(f"{rule.id} {rule.title}", rule_label(rule)) for rule in listed)
            for listed in (newer, changed)
        )
        rows.append((f"第{edition.number}版", f"{len(kept)}条", *(text or "没有" for text in named)))
    headings = ("版次", Numeric("检查规则"), "以后新增的", "以后改过的")
    unknown = f"{'、'.join(reversed(silent))}定版时还不记用了哪些规则。" if silent else ""
    listed = table("各版用了多少条检查规则", headings, rows, "wide") if rows else ""
    told = "一版用当时的规则检查；以后新增或改过的规则，没有用来检查它。"
    return joined("## 检查规则", told if rows else "", listed, unknown) if rows or silent else ""


def _proofs(year: FiscalYear) -> str:
    """What an auditor needs to prove that an edition is what it was; the hash of the pages is not known inside them."""
    if not year.ledger:
        return ""
    hashes = [c for c in LEDGER_SETTINGS if c.kind in {SHA256, COMMIT} and c.name != CONTENT]
    parts = []
    for edition in reversed(year.standing):
        listed = [(column, str(getattr(edition, column.name))) for column in hashes]
        rows = [(column.heading, column.help, f"`{value}`") for column, value in listed if value]
        caption = f"第{edition.number}版的指纹"
        parts.append(block_table(caption, ("记录", "内容", "指纹"), rows, "lineage corrections"))
    return joined(
        "`````{dropdown} 怎样核对一版没有被改动",
        "每个文件的内容都能算出一个64位的指纹（SHA-256，也叫哈希值）：内容改动一个字，指纹就完全不同。定版时，程序把下面这些指纹记在"
        f"`data/{year.settings.year}/editions.yml`里，每一版还记下上一版的指纹，所以事后改动任何一版都会被查出来。"
        "运行 `evalbook verify` 加上发布的文件夹或压缩包，程序逐个文件核对。",
        *parts,
        "`````",
    )
