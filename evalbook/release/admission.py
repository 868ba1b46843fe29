"""What stands against a release, all of it at once: what is wrong, and what to do about it."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from evalbook.checks import ERROR
from evalbook.editions import being, read_frozen, revisions
from evalbook.errors import EvalbookError, Problem, Problems, blocking_first
from evalbook.figures import Cell, FigureSet, load, loose_numbers
from evalbook.privacy import PersonalDataError, county_names, scan_file, scan_folder, small_counts
from evalbook.publish.pages import NAME
from evalbook.release import repository
from evalbook.release.tool import holds_program
from evalbook.run import inspect
from evalbook.schema import Address, Correction, Registries
from evalbook.schema.kinds import TEXT
from evalbook.schema.reader import read_table
from evalbook.schema.text import clean, quote, runs
from evalbook.schema.vocabulary import (
    APPROVED,
    DRAFT,
    EDITION_KINDS,
    NOT_APPLICABLE,
    NOT_STATED,
    PENDING,
    SUBMITTED,
)
from evalbook.scoring import evaluate
from evalbook.shipped import CONFIGURATION, CONTENTS
from evalbook.year import authority_of, read_ledger, read_project, standing
from evalbook.year.chapters import PROSE, is_excused
from evalbook.year.corrections import corrections_of
from evalbook.year.ledger import MOST_LISTED
from evalbook.year.project import PROJECT_FILE, other_bureaus
from evalbook.year.tables import CORRECTIONS, OMITTED

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from evalbook.checks import Finding
    from evalbook.editions import Revision
    from evalbook.figures import Figure
    from evalbook.privacy import Hit
    from evalbook.release.changes import Changes
    from evalbook.release.wish import Wish
    from evalbook.year import Edition

FIRST, PLANNED, CORRECTION = EDITION_KINDS
SMALL_COUNT = 2
"""Largest number of people that could identify them, unless the year says otherwise (no law names one)."""

MOST_NUMBERS = 20
"""Numbers that are listed where they differ for one reason; of more, their number."""

UNREADABLE = "没有定版。先改正下面这些才能检查其余的，改好再运行一次，其余的一次列出"
"""Said above what keeps the year from being read."""

NOBODY = re.compile(
    r"[\W\d_]*|无|没有?|空|(?:待|未(?!央)|尚未|还[没未]|没有|暂|拟|不(?:详|明|知|适用)|请填).*|(?i:n/?a|none|null|tbd|todo|test)"
    r"|.*(?:某|[XxＸ×✕○〇◯*＊?？_]{2}).*|\w"
)
"""What is typed where nobody has approved anything: words that say so, and placeholders of names."""


def refuse_personal(hits: Sequence[Hit], refused: str = "没有定版") -> None:
    """Stop a release, or something else that is ``refused``, for personal data; what is only asked about stops nothing.

    Raises
    ------
    PersonalDataError
        With every place.
    """
    if certain := tuple(hit for hit in hits if not hit.asked):
        raise PersonalDataError(certain, refused)


def read_inputs(root: Path, year: int, day: datetime.date) -> tuple[FigureSet, tuple[Hit, ...]]:
    """Figures of the edition that is to bear a day, and what must be asked about persons.

    Raises
    ------
    PersonalDataError
        Something that goes in holds personal data.
    EvalbookError
        The year cannot be read as it is; the rest is found out when it can.
    """
    refuse_personal(hits := scan_inputs(root, year))  # first, because other messages quote what they find
    figures, problems, _ = inspect(root, year, day)
    if problems:
        refuse([str(problem) for problem in blocking_first(problems)], UNREADABLE)
    assert figures is not None  # noqa: S101 - without problems there are figures
    return figures, hits


def refuse_unfit(
    root: Path,
    figures: FigureSet,
    wish: Wish,
    changes: Changes,
    then: Mapping[str, bytes],
    *,
    changed: Iterable[str],
) -> None:
    """Refuse what must not become an edition.

    Parameters
    ----------
    root, figures, wish
        Project, figures of the edition to come, what is said of it.
    changes, then
        What differs from the edition before, and the files below ``data`` that it was made from; nothing before edition 1.
    changed
        Files of the project that nobody has committed yet.

    Raises
    ------
    EvalbookError
        With everything that stands against it, numbered.
    """
    rewritten = _rewritten(figures, then)
    cells, computed = _changed_numbers(root, figures, rewritten)
    faults = [
        *repository.commit_faults(root),
        *_wish_faults(figures, wish),
        *_later_faults(root, figures, wish),
        *_authority_faults(figures, wish),
        *approver_faults(wish.approver),
        *_pending_faults(figures),
        *_empty_faults(root, figures),
        *_finding_faults(figures),
        *_untied_faults(figures),
        *(
            str(problem)
            for problem in blocking_first(
                [
                    *cells,
                    *rewritten,
                    *_unproved(root, figures),
                    *_vanished(figures, then),
                    *_emptied(figures),
                ]
            )
        ),
        *_unexplained_faults(figures.year.settings.year, computed),
        *map(str, small_counts(figures, figures.year.settings.small_count or SMALL_COUNT)),
        *_change_faults(changes.files),
        *_name_faults(figures),
    ]
    foreign = [path for path in changed if not is_own(path)]
    if foreign and holds_program(root):
        listed = "、".join(foreign[:5]) + ("等" if len(foreign) > 5 else "")
        faults.append(f"程序文件有没有提交的改动（{listed}）。请让维护人员提交或撤销以后再定版")
    refuse(faults)


def refuse(faults: Sequence[str], refused: str = "没有定版") -> None:
    """Refuse a release, or something else that is ``refused``, with everything that stands against it.

    Raises
    ------
    EvalbookError
        There is something.
    """
    if faults:
        told = (f"{number}. {fault.removesuffix('。')}。" for number, fault in enumerate(faults, start=1))
        raise EvalbookError(f"{refused}：\n" + "\n".join(told))


def _authority_faults(figures: FigureSet, wish: Wish) -> Iterator[str]:
    """A draft, or an approval of which nobody knows by whom it was given, or of what."""
    settings, later = figures.year.settings, bool(figures.year.standing)
    file = f"data/{settings.year}/year.yml"
    # What the file says of approval is said of the first edition; a draft it may have become again.
    stated = wish.status or ("" if later and settings.status == APPROVED else settings.status)
    if stated == DRAFT:
        where = "--status 写的" if wish.status else f"{file} 的“数据状态”"
        done = (
            f"写 --status {SUBMITTED}"
            if wish.status
            else f"把数据状态改成“{SUBMITTED}”（已经签发的改成“{APPROVED}”），或者用 --status {SUBMITTED}"
        )
        yield f"{where}是“{DRAFT}”，草稿不能定版。核对完了的，{done}；批准了的，用 --approver 写明谁批准"
    if stated == APPROVED and not wish.approver:
        where = "状态" if wish.status else f"{file} 的“数据状态”"
        yield f"{where}是“{APPROVED}”，没有写谁批准。请用 --approver 写明；还没有批准的，写 --status {SUBMITTED}"
    if wish.status == SUBMITTED and wish.approver:
        yield f"--status 写的是“{SUBMITTED}”，--approver 又写了谁批准。批准了的不写 --status，没有批准的不写 --approver"
    if not (stated == APPROVED or wish.approver):
        return
    if not settings.report_date:
        yield f"{file} 没有写“报告日期”，批准的报告都有。请补上签发的日期；还没有签发的，不写 --approver"
    elif settings.report_date > wish.date:
        yield f"{file} 的“报告日期”{settings.report_date}在这一版的日期{wish.date}以后。请改正其中写错的一个"
    if settings.report_date and settings.report_date < settings.period_end:
        yield (
            f"{file} 的“报告日期”{settings.report_date}在“截止日期”{settings.period_end}以前，那时这一年还没有过完。"
            "请改正其中写错的一个"
        )


def approver_faults(approver: str) -> Iterator[str]:
    """A name that is none: 待定, 尚未批准, 某某."""
    if approver and NOBODY.fullmatch(approver):
        yield (
            f"--approver 写的是{quote(approver)}，不是批准的人或会议。请写全称，如“局长办公会”；还没有人批准的，不写 --approver"
        )


def _pending_faults(figures: FigureSet) -> Iterator[str]:
    """Rows and texts that were carried over and nobody has confirmed."""
    year = figures.year
    rows = {
        data.file: [
            row.number
            for row in data.every
            if row.said("pending") or any(PENDING in text for text in row.texts.values())
        ]
        for data in year.tables.values()
    }
    prose = [
        PurePosixPath(one.file).name
        for one in year.narrative.values()
        if one.pending or any(PENDING in text for text in one.texts())
    ]
    places = [f"{PurePosixPath(file).name} 第{runs(numbers)}行" for file, numbers in rows.items() if numbers]
    places += [f"正文{len(prose)}篇（{'、'.join(prose)}）"] if prose else []
    if places:
        yield (
            f"data/{year.settings.year} 里还有{sum(map(len, rows.values())) + len(prose)}处{PENDING}：{'；'.join(places)}。"
            f"请逐处核对，核对了的清空表里的“确认”一栏，正文删去“【{PENDING}】”"
        )


def _empty_faults(root: Path, figures: FigureSet) -> Iterator[str]:
    """Numbers that nobody filled in, and of which nobody said that there are none; what the last edition had so stays."""
    year = figures.year
    last = read_frozen(root, year.settings.year, year.standing[-1].number) if year.standing else {}
    empty: dict[str, list[int]] = {}
    for data in (data for data in year.tables.values() if data.table.states_figures and data.table.value):
        for row in data.every:
            typed = row.texts[data.table.value].strip()
            if (
                row.value is None
                and not typed
                and row.said("flag") != "x"
                and data.table.address(row) not in last
            ):
                empty.setdefault(data.file, []).append(row.number)
    if empty:
        told = "；".join(f"{file} {len(rows)}个（第{runs(rows)}行）" for file, rows in empty.items())
        yield (
            f"还有{sum(map(len, empty.values()))}个数字没有填：{told}。请填上；报告没有写的，在数字那一格写“{NOT_STATED}”，"
            f"本来就没有这样的数字的写“{NOT_APPLICABLE}”"
        )


def _finding_faults(figures: FigureSet) -> Iterator[str]:
    """Contradictions that readers would be told nothing about."""
    left = [
        finding
        for finding in evaluate(figures).findings.of(ERROR)
        if not finding.explained and not _is_questioned(figures, finding)
    ]
    if left:
        told = "\n".join(
            f"   {number}) {finding.id}：{clean(finding.suspicion.found, 200)}。"
            for number, finding in enumerate(left, start=1)
        )
        yield (
            f"有{len(left)}条错误没有说明：\n{told}\n"
            f"   请改正数据；签发的报告就是这样写的，在 data/{figures.year.settings.year}/explanations.csv 里逐条说明，"
            "定了一版以后也可以在 corrections.csv 里把有关的数字标为存疑"
        )


def _is_questioned(figures: FigureSet, finding: Finding) -> bool:
    """Whether the edition calls doubtful whatever a finding suspects, or else every stated figure that it is about."""
    suspicion = finding.suspicion
    suspected = [figures.figures[address] for address in suspicion.suspects if address in figures.figures]
    stated = [figure for figure in suspicion.figures if isinstance(figure.lineage, Cell)]
    concerned = suspected or [figure for figure in stated if figure.value is not None]
    return bool(concerned) and all(figure.questioned for figure in concerned)


def _untied_faults(figures: FigureSet) -> Iterator[str]:
    """Numbers in the prose that nobody can trace."""
    if listed := loose_numbers(figures):
        year = figures.year.settings.year
        told = "\n".join(f"   {loose.number}) {loose}。" for loose in listed)
        yield (
            f"正文里有{len(listed)}个数字没有挂接到表里，查不到出处：\n{told}\n"
            f"   请逐个挂接：evalbook tie {year} 序号 名称；不是统计数字的登记：evalbook tie {year} 序号 --plain 理由"
        )


def _vanished(figures: FigureSet, then: Mapping[str, bytes]) -> Iterator[Problem]:
    """Chapters that the edition before had, that are gone, and of which nobody says that there are none."""
    year = figures.year
    folder = f"data/{year.settings.year}/{PROSE}/"
    for path in sorted(path for path in then if path.startswith(folder) and path.endswith(".md")):
        name = PurePosixPath(path).stem
        if PurePosixPath(path).parent.name == PROSE and not is_excused(
            name, then[path].decode("utf-8-sig", "replace"), year.narrative, year.settings.omitted
        ):
            found = f"没有这个文件，第{year.standing[-1].number}版有"
            remedy = f"从版本库恢复；确实不要了的，在 year.yml 的“{OMITTED.heading}”下面写一行“- {name}”"
            yield Problem(path, 0, "", found, "各部分齐全，或者写明没有", remedy)


def _emptied(figures: FigureSet) -> Iterator[Problem]:
    """Chapters of which nothing but headings is left; tables and charts that only the outline places do not count."""
    file = f"data/{figures.year.settings.year}/year.yml"
    for name, prose in figures.year.narrative.items():
        if not any(section.paragraphs for section in prose.sections) and not any(
            p.line for p in prose.placements
        ):
            remedy = f"补上内容；确实没有这一部分的，移走这个文件，在 {file} 的“{OMITTED.heading}”下面写一行“- {name}”"
            yield Problem(prose.file, 0, "", "没有内容", "各部分齐全，或者写明没有", remedy)


def foreign_bureaus(root: Path, figures: FigureSet) -> tuple[str, ...]:
    """Sentences of the prose that tell of another county's bureau, as questions in Chinese; some rightly do."""
    year, project = figures.year, read_project(root)[0]
    own = {year.settings.county, year.settings.city, *year.registries.localities}
    own |= {*project.former_names} if project else set()
    return tuple(
        dict.fromkeys(
            f"正文里写着别的县的民政局：{prose.file}{quote(told)}。是从别处抄来的，请改正；说的就是那里的，不用改。"
            for prose in year.narrative.values()
            for text in prose.texts()
            for told in other_bureaus(text, own, county_names())
        )
    )


def _name_faults(figures: FigureSet) -> Iterator[str]:
    """Chapters whose page could not be published under the name of their file."""
    for name, prose in figures.year.narrative.items():
        if not NAME.fullmatch(name):
            yield f"{prose.file}：网页照文件取名，只能由汉字、字母、数字、横线和下划线组成。请改文件名"


def _change_faults(changes: Sequence[str]) -> Iterator[str]:
    """Changed files that the ledger cannot name."""
    nothing = Registries({}, {}, ())
    for path in changes:
        if not TEXT.accepts(path, nothing):
            yield f"文件名{quote(path)}写不进版本台账。请改名"
    if len(changes) > MOST_LISTED:
        yield f"直接改动的文件有{len(changes)}个，版本台账至多写{MOST_LISTED}个。请把不是这一年的文件移走"


def _wish_faults(figures: FigureSet, wish: Wish) -> list[str]:
    year = figures.year
    last = year.standing[-1] if year.standing else None
    faults = []
    if year.released and not _is_decision(wish, year.released):
        approve = "" if authority_of(year.released).approved else "。已经批准的，用 --approver 写明谁批准"
        faults.append(f"数据与第{year.edition}版相同，没有可以定版的改动{approve}")
    if wish.date < year.settings.period_end:
        faults.append(
            f"日期{wish.date}在 data/{year.settings.year}/year.yml 的“截止日期”{year.settings.period_end}以前，那时这一年还没有"
            "过完。请改正其中写错的一个"
        )
    if wish.date > wish.today:
        faults.append(f"日期{wish.date}在今天（{wish.today}）以后。日期写错了，或这台电脑的时钟不对")
    if last and wish.date < last.date:
        faults.append(f"日期{wish.date}早于第{last.number}版的{last.date}。日期写错了，或这台电脑的时钟不对")
    if not last and wish.kind not in {"", FIRST}:
        faults.append(f"第一次定版的类型只能是“{FIRST}”")
    if last and wish.kind == FIRST:
        faults.append(f"已经有第{last.number}版了，类型是“{PLANNED}”或“{CORRECTION}”")
    if last and not wish.reason:
        faults.append("没有写为什么要改。请用 --reason 写明理由")
    return faults


def _later_faults(root: Path, figures: FigureSet, wish: Wish) -> Iterator[str]:
    """Editions of the year after that would seem to have been computed from this one, by their days."""
    year = figures.year.settings.year + 1
    for other in standing(read_ledger(root, year)[0]) if figures.year.standing else ():
        if other.date >= wish.date:
            yield (
                f"{year}年度第{other.number}版的日期是{other.date}，它的增减照{year - 1}年度以前的版算出。"
                f"这一版的日期要在那以后，写的是{wish.date}"
            )


def _is_decision(wish: Wish, last: Edition) -> bool:
    """Whether somebody is said to have approved what the last edition holds, and its entry does not say so."""
    return wish.approver not in {"", authority_of(last).approver}


def _changed_numbers(
    root: Path, figures: FigureSet, rewritten: Iterable[Problem]
) -> tuple[list[Problem], list[str]]:
    """Numbers that an edition would give otherwise today: cells that were changed, and what no such cell explains.

    What follows from a cell is counted there; what follows from a row of corrections that was ``rewritten`` is told there.
    """
    year, rows = figures.year, {problem.row for problem in rewritten}
    problems: list[Problem] = []
    unexplained: list[str] = []
    seen: set[str] = set()
    for edition in reversed(year.standing):
        now = load(root, year.settings.year, edition.number)
        before = read_frozen(root, year.settings.year, edition.number)
        changed = {
            one.address: one
            for one in revisions(now, before, edition.number)
            if one.old is not None and one.address not in seen  # a number that is new contradicts none
        }
        seen |= set(changed)
        causes = {address for address in seen if _is_cause(now, address, rows)}
        follow = {address: _rests_on(now, address, causes) for address in changed}
        gone = [address for address in changed if address in causes and address not in now.figures]
        left = [address for address in changed if not follow[address]]
        for address, revision in changed.items():
            given = now.figures.get(address)
            if address not in causes or (given and given.corrections):
                continue
            following = sum(address in rests for rests in follow.values()) - 1
            told = f"；由它算出的{following}个数字也变了" if following else ""
            if address in gone[:1] and left:
                told += f"；还有{len(left)}个数字同时变了"
            problems.append(_changed_cell(figures, given, revision, told))
        unexplained += [] if gone else [f"{_otherwise(changed[address])}" for address in left]
    return problems, unexplained


def _is_cause(now: FigureSet, address: str, rewritten: Collection[int]) -> bool:
    """Whether a changed number changed by itself: its cell, its row, or what puts it right did."""
    figure = now.figures.get(address)
    if figure is None:
        return Address(address).family in now.year.tables
    if figure.corrections:
        return any(correction.row in rewritten for correction in figure.corrections)
    return isinstance(figure.lineage, Cell)


def _rests_on(now: FigureSet, address: str, causes: Collection[str]) -> set[str]:
    """Which of some figures a figure is, or was computed from."""
    figure = now.figures.get(address)
    if address in causes or figure is None or isinstance(figure.lineage, Cell):
        return {address}.intersection(causes)
    own = (part.address for part in figure.lineage.inputs if not part.year)
    return set().union(*(_rests_on(now, part, causes) for part in own))


def _otherwise(revision: Revision) -> str:
    """What an edition says of a number, and what it would say today."""
    old, new = being(revision.old_text), being(revision.new_text)
    if old == new and revision.old and revision.new:
        old, new = f"叫“{revision.old.name}”", f"叫“{revision.new.name}”"
    return f"{revision.name}（{revision.address}）第{revision.edition}版{old}，现在{new}"


def _changed_cell(figures: FigureSet, figure: Figure | None, revision: Revision, told: str) -> Problem:
    """How to mend a cell, or a row, that was changed after an edition was released."""
    found = f"{_otherwise(revision)}，没有在 corrections.csv 登记{told}"
    if figure is None or not isinstance(figure.lineage, Cell):
        file = figures.year.tables[Address(revision.address).family].file
        return Problem(file, 0, "", found, "这一行还在，定版以后不能直接改表", "从版本库恢复这一行")
    old, new, cell = revision.old, revision.new, figure.lineage
    if old is None or new is None or (old.value, old.unit) == (new.value, new.unit):
        expected, remedy = (
            "原来的名称，定版以后不能直接改表",
            "改回原来的名称；表里没有改过的，让维护人员检查登记表",
        )
    else:
        expected = f"{revision.old_text}，定版以后不能直接改表"
        was = old.number if old.unit == new.unit else revision.old_text
        back = f"改回{was}" if old.number else "清空"
        remedy = (
            f"把这一格{back}，在 corrections.csv 里登记更正；没有改过的，让维护人员检查程序和登记表的改动"
        )
    return Problem(cell.file, cell.row, cell.column, found, expected, remedy)


def _unexplained_faults(year: int, told: Sequence[str]) -> Iterator[str]:
    """Numbers that come out otherwise though nobody changed a cell that they rest on."""
    if told:
        listed = "\n".join(f"   {number}) {one}。" for number, one in enumerate(told[:MOST_NUMBERS], start=1))
        more = f"\n   另有{len(told) - MOST_NUMBERS}个。" if len(told) > MOST_NUMBERS else ""
        yield (
            f"有{len(told)}个数字与定版时不同，data/{year} 里没有改过它们的来源：\n{listed}{more}\n"
            "   请让维护人员检查程序、登记表和上一年度的改动"
        )


def _rewritten(figures: FigureSet, then: Mapping[str, bytes]) -> Problems:
    """Rows of released editions in ``corrections.csv`` that are not as they were released."""
    year = figures.year
    problems = Problems(file := year.tables["corrections"].file)
    if not year.standing:
        return problems
    with tempfile.TemporaryDirectory(prefix="evalbook-") as folder:
        before: tuple[Correction, ...] = ()
        if file in then:
            path = Path(folder) / "corrections.csv"
            path.write_bytes(then[file])
            before = corrections_of(read_table(Path(folder), path, CORRECTIONS, year.registries)[0])
    released = {replace(correction, row=0) for correction in before}
    for correction in year.corrections:
        if correction.edition <= len(year.ledger) and replace(correction, row=0) not in released:
            found = f"第{correction.edition}版定版时没有这一行，或这一行改过了"
            remedy = f"从版本库恢复这个文件；新的更正另加一行，版次写{len(year.ledger) + 1}"
            problems.add(correction.row, "版次", found, "已经定版的行原样保留", remedy)
    return problems


def _unproved(root: Path, figures: FigureSet) -> Problems:
    """Corrections that name a finding which the edition before does not have."""
    year, number = figures.year.settings.year, max((one.number for one in figures.year.standing), default=0)
    problems = Problems(figures.year.tables["corrections"].file)
    coming = [correction for correction in figures.year.corrections if correction.edition > number]
    if not number or not any(correction.finding for correction in coming):
        return problems
    listed = evaluate(load(root, year, number)).findings.listed
    found = {"", *(one.stem for finding in listed for one in finding.every)}
    for correction in coming:
        if correction.finding not in found:
            remedy = "照检查结果抄写编号；不是由检查发现的留空，理由里写清楚"
            missing = f"第{number}版没有发现“{correction.finding}”"
            problems.add(correction.row, "发现编号", missing, "勾稽检查列出的编号", remedy)
    return problems


def scan_inputs(root: Path, year: int) -> tuple[Hit, ...]:
    """Personal data in whatever a year's edition is made from."""
    found: list[Hit] = []
    for name in (f"data/{year}", "data/reference", "data/frameworks", "notebooks", "book/guide"):
        if (root / name).is_dir():
            found += scan_folder(root / name, name)
    for name in (PROJECT_FILE, CONFIGURATION, CONTENTS):
        if (root / name).is_file():
            found += scan_file(name, (root / name).read_bytes())
    return tuple(found)


def is_own(path: str) -> bool:
    """Whether a changed file is the county's own and not the program's."""
    return path.startswith("data/") or path == PROJECT_FILE
