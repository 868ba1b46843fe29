"""What a publication is made of: the released editions, and the site's own files about them."""

from __future__ import annotations

import datetime
import hashlib
import json
from typing import TYPE_CHECKING, Any

from evalbook.errors import EvalbookError
from evalbook.privacy import scan_file
from evalbook.publish import MANIFEST, Released, files, verify
from evalbook.publish.pages import Announcement, ListedEdition, site_files
from evalbook.release import repository
from evalbook.release.admission import refuse, refuse_personal
from evalbook.release.build import CARD
from evalbook.release.places import stored
from evalbook.release.release import finish, keep, releasing, staging
from evalbook.release.verify import rebuilt
from evalbook.release.witness import said_in
from evalbook.render.editions import signed_name
from evalbook.schema.text import clean
from evalbook.year import (
    SIGNED_TEXT,
    Edition,
    authority_of,
    read_ledger,
    read_project,
    read_year,
    standing,
    years,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from evalbook.release.rebuild import Program


def released_editions(
    root: Path,
    program: Program | None = None,
    environment: Path | None = None,
    tell: Callable[[str], object] = lambda said: None,
) -> list[Released]:
    """Every edition that the ledgers name, with its files.

    Files that this machine does not have as they were released are made again from the commit of the edition; they
    must be those that were released.

    Parameters
    ----------
    root
        The project.
    program, environment
        As of :func:`evalbook.release.verify.rebuilt`.
    tell
        Called before each edition is made again, which takes minutes, with a Chinese sentence.

    Raises
    ------
    InputError
        A ledger is not as a release wrote it.
    EvalbookError
        Nothing was released, or an edition cannot be made again as it was.
    """
    with releasing(root, "准备发布", lambda: "没有发布，网站保持原样。"):
        ledgers = {year: finish(root, year) for year in years(root)}
        editions = [(year, edition) for year, ledger in ledgers.items() for edition in standing(ledger)]
        missing = [
            (year, edition.number) for year, edition in editions if not _is_stored(root, year, edition)
        ]
        for count, (year, number) in enumerate(missing, start=1):
            tell(f"正在重新生成{year}年度第{number}版（第{count}个，共{len(missing)}个）……")
            _restore(root, year, ledgers[year][:number], program, environment)
    found = [
        Released(year, edition.number, edition.date, stored(root, year, edition.number), edition.content)
        for year, edition in editions
    ]
    if not found:
        raise EvalbookError("还没有定版的年度，没有可以发布的内容。请先运行 evalbook release 年度。")
    return found


def _is_stored(root: Path, year: int, edition: Edition) -> bool:
    folder = stored(root, year, edition.number)
    manifest = folder / MANIFEST
    is_own = manifest.is_file() and hashlib.sha256(manifest.read_bytes()).hexdigest() == edition.content
    return is_own and not verify(folder)


def _restore(
    root: Path, year: int, ledger: Sequence[Edition], program: Program | None, environment: Path | None
) -> None:
    with staging(root) as scratch:
        made = scratch / "edition"
        differences = rebuilt(root, year, tuple(ledger), made, program=program, environment=environment)
        if differences:
            listed = "\n".join(f"  {difference}" for difference in differences)
            raise EvalbookError(
                f"{year}年度第{ledger[-1].number}版的文件不在这台电脑上，或不是定版时的了，"
                f"重新生成的又与定版时不同，没有发布：\n{listed}"
            )
        keep(root, year, ledger[-1].number, made)


def pointers(root: Path, editions: Sequence[Released]) -> dict[str, bytes]:
    """The site's own files: front page, calendar, feed, and what leads to the newest edition of each year.

    Raises
    ------
    PersonalDataError
        One of them holds personal data.
    """
    listed = [_listed(root, edition) for edition in editions]
    made = site_files(listed, announcements(root, editions))
    refuse_personal([hit for name, content in made.items() for hit in scan_file(name, content)], "没有发布")
    return made


def refuse_site(root: Path, editions: Sequence[Released], site: Path) -> None:
    """Refuse a publication that could not be written down, or that would mix two counties' sites.

    Raises
    ------
    EvalbookError
        Nothing can be committed, or an edition in the folder is another county's.
    """
    refuse(repository.commit_faults(root), "没有发布")
    own, project = {_place(_card(edition)) for edition in editions}, read_project(root)[0]
    if project:
        own |= {(project.province, name) for name in (project.county, *project.former_names)}
    with files.explained(f"发布到 {site} ", lambda: "没有发布，网站保持原样。"):
        cards = [said_in(path.parent)[1] for path in sorted(site.glob(f"*/*/{CARD}"))]
    if foreign := [card for card in cards if card and _place(card) not in own]:
        whose, mine = ("".join(map(clean, _place(card))) for card in (foreign[0], _card(editions[-1])))
        raise EvalbookError(
            f"没有发布：{site} 里是{whose}的网站，这个项目是{mine}的。请核对文件夹，各县的网站分开放。"
        )


def _place(card: Mapping[str, object]) -> tuple[str, str]:
    return str(card.get("province", "")), str(card.get("county", ""))


def _card(edition: Released) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((edition.folder / CARD).read_text(encoding="utf-8"))
    return card


def _listed(root: Path, edition: Released) -> ListedEdition:
    card = _card(edition)
    said = {
        name: card[name] for name in ("kind", "status", "reason", "approver", "title", "bureau", "county")
    }
    downloads = {name: (edition.folder / name).read_bytes() for name in card["downloads"]}
    return ListedEdition(
        year=edition.year,
        number=edition.number,
        date=edition.date,
        **said,
        pages=tuple(card["pages"]),
        titles=card["pages"],
        downloads=downloads,
        signed=_signed(root, edition, downloads),
    )


def _signed(root: Path, edition: Released, downloads: Mapping[str, bytes]) -> bytes | None:
    """The text that the bureau signed as an edition; of one that was released without it, from its commit."""
    name = signed_name(edition.number)
    if name in downloads:
        return downloads[name]
    ledger, _ = read_ledger(root, edition.year)
    approved = [one for one in standing(ledger) if authority_of(one).approved]
    if not approved or approved[0].number != edition.number:
        return None
    return repository.committed(root, f"data/{edition.year}/{SIGNED_TEXT}", approved[0].commit)


def announcements(root: Path, editions: Sequence[Released]) -> list[Announcement]:
    """Calendar of every year: days that were announced, and days on which the editions came out."""
    dates = {(edition.year, edition.number): edition.date for edition in editions}
    told: list[Announcement] = []
    for year in years(root):
        reading = read_year(root, year)
        if reading.year is None:
            continue
        gone = {one.number for one in reading.year.ledger if one.withdrawn}
        for row in reading.year.tables["calendar"].rows:
            number = row.parsed(int, "edition")
            announced, day = (row.parsed(datetime.date, name) for name in ("announced", "told"))
            if number and announced and day:
                actual = dates.get((year, number))
                note = row.said("note")
                told.append(Announcement(year, number, announced, day, actual, note, number in gone))
    known = {(row.year, row.number) for row in told}
    unannounced = [place for place in dates if place not in known]
    return [*told, *(Announcement(*place, None, None, dates[place], "") for place in unannounced)]
