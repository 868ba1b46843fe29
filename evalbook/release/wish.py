"""What the person who releases an edition says of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.release.beginning import typed
from evalbook.schema import Registries
from evalbook.schema.kinds import DATE
from evalbook.schema.vocabulary import OLDER_STATUSES
from evalbook.year.tables import LEDGER_SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Wish:
    """What the person who releases an edition says of it.

    Attributes
    ----------
    date : datetime.date
        Of the edition; not after ``today``.
    today : datetime.date
        By the clock of the machine.
    kind, reason, approver, status : str
        Empty where nothing was said.
    """

    date: datetime.date
    today: datetime.date
    kind: str = ""
    reason: str = ""
    approver: str = ""
    status: str = ""


def wish_of(said: Mapping[str, str], today: datetime.date) -> Wish:
    """Wish from what was typed.

    Parameters
    ----------
    said
        ``date``, ``kind``, ``reason``, ``approver`` and ``status``, empty where nothing was said.
    today
        By the clock of the machine.

    Raises
    ------
    EvalbookError
        With everything that the ledger could not hold.
    """
    texts = typed(LEDGER_SETTINGS, said, "没有定版", whole=False)
    date = DATE.parse(texts["date"], Registries({}, {}, ())) if texts["date"] else today
    assert isinstance(date, datetime.date)  # noqa: S101 - what the kind parses
    status = OLDER_STATUSES.get(texts["status"], texts["status"])
    return Wish(date, today, texts["kind"], texts["reason"], texts["approver"], status)
