"""What stands against a release, all of it at once: what is wrong, and what to do about it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from evalbook.checks import ERROR
from evalbook.editions import being, read_frozen, revisions
from evalbook.errors import EvalbookError, InputError, Problem, Problems, blocking_first
from evalbook.figures import Cell, FigureSet, load, loose_numbers
from evalbook.privacy import PersonalDataError, scan_file, scan_folder, small_counts
from evalbook.publish.pages import NAME
from evalbook.release import repository
from evalbook.release.tool import holds_program
from evalbook.run import inspect
from evalbook.schema import Correction, Registries
from evalbook.schema.kinds import TEXT
from evalbook.schema.reader import read_table
from evalbook.schema.text import clean, quote
from evalbook.schema.vocabulary import APPROVED, DRAFT, EDITION_KINDS, PENDING, SUBMITTED
from evalbook.scoring import evaluate
from evalbook.shipped import CONFIGURATION, CONTENTS
from evalbook.year import authority_of, read_ledger, standing
from evalbook.year.chapters import PROSE, is_excused
from evalbook.year.corrections import corrections_of
from evalbook.year.ledger import MOST_LISTED
from evalbook.year.project import PROJECT_FILE
from evalbook.year.tables import CORRECTIONS, OMITTED

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from evalbook.checks import Finding
    from evalbook.privacy import Hit
    from evalbook.release.changes import Changes
    from evalbook.release.wish import Wish
    from evalbook.year import Edition

FIRST, PLANNED, CORRECTION = EDITION_KINDS
SMALL_COUNT = 2
"""Largest number of people that could identify them, unless the year says otherwise (no law names one)."""

MOST_PLACES = 10
"""Places of one kind that are told; of more, their number."""


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
    InputError
        The year cannot be read as it is.
    """
    refuse_personal(hits := scan_inputs(root, year))  # first, because other messages quote what they find
    figures, problems, _ = inspect(root, year, day)
    if problems or figures is None:
        raise InputError(problems)
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
    faults = [
        *repository.commit_faults(root),
        *_wish_faults(figures, wish),
        *_later_faults(root, figures, wish),
        *_authority_faults(figures, wish),
        *_pending_faults(figures),
        *_finding_faults(figures),
        *_untied_faults(figures),
        *(
            str(problem)
            for problem in blocking_first(
                [
                    *_changed_numbers(root, figures),
                    *_rewritten(figures, then),
                    *_unproved(root, figures),
                    *_vanished(figures, then),
                ]
            )
        ),
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
        yield (
            f"{where}是“{DRAFT}”，草稿不能定版。核对完了的，把数据状态改成“{SUBMITTED}”（已经签发的改成“{APPROVED}”），"
            "或者用 --status 写明"
        )
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


def _pending_faults(figures: FigureSet) -> Iterator[str]:
    """Rows and texts that were carried over and nobody has confirmed."""
    year = figures.year
    places = [
        f"{data.file} 第{row.number}行"
        for data in year.tables.values()
        for row in data.every
        if row.said("pending") or any(PENDING in text for text in row.texts.values())
    ]
    places += [
        prose.file
        for prose in year.narrative.values()
        if prose.pending or any(PENDING in text for text in prose.texts())
    ]
    if places:
        yield (
            f"还有{len(places)}处{PENDING}：{_listed(places)}。"
            f"请逐处核对，核对了的清空表里的“确认”一栏，正文删去“【{PENDING}】”"
        )


def _listed(places: Sequence[str]) -> str:
    more = f" 等{len(places)}处" if len(places) > MOST_PLACES else ""
    return "、".join(places[:MOST_PLACES]) + more


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


def _changed_numbers(root: Path, figures: FigureSet) -> Iterator[Problem]:
    """Numbers that an edition would give otherwise today: by its data, or by the program."""
    year, seen = figures.year, set()
    for edition in reversed(year.standing):
        now = load(root, year.settings.year, edition.number)
        for revision in revisions(now, read_frozen(root, year.settings.year, edition.number), edition.number):
            if revision.old is None or revision.address in seen:  # a number that is new contradicts none
                continue
            seen.add(revision.address)
            figure = now.figures.get(revision.address)
            place = (year.tables["corrections"].file, 0, "对象")
            if figure and isinstance(figure.lineage, Cell):
                place = (figure.lineage.file, figure.lineage.row, figure.lineage.column)
            found = (
                f"{revision.name}（{revision.address}）第{edition.number}版{being(revision.old_text)}，"
                f"现在{being(revision.new_text)}，没有更正的记录"
            )
            expected = "定版以后，数字只由 corrections.csv 的更正改变"
            remedy = (
                "改回原来的数据，把改动写进 corrections.csv；数据没有改过的，让维护人员检查程序和登记表的改动"
            )
            yield Problem(*place, found, expected, remedy)


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
    found = {"", *(one.stem for finding in listed for one in (finding, *finding.consequences))}
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
