"""Who stands behind an edition, or behind a year that is none yet: nobody, or who approved it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalbook.schema.vocabulary import APPROVED, DRAFT, EDITION_KINDS, OLDER_STATUSES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from evalbook.year.ledger import Edition
    from evalbook.year.settings import Settings

FOR_APPROVAL, CORRECTING = "送审稿（未经批准）", "更正稿（未经批准）"
STATES = (DRAFT, FOR_APPROVAL, CORRECTING, APPROVED)
"""What readers are told; a draft is not to be cited, the two in the middle nobody has approved."""

NOT_APPROVED = "尚未批准"


@dataclass(frozen=True)
class Authority:
    """Who stands behind numbers and text.

    Attributes
    ----------
    state : str
        One of :data:`STATES`.
    approver : str
        Who approved it; empty where nobody has.
    date : datetime.date or None
        Day of approval; None where it is not approved.
    """

    state: str
    approver: str = ""
    date: datetime.date | None = None

    @property
    def approved(self) -> bool:
        """Whether somebody approved it."""
        return self.state == APPROVED

    @property
    def draft(self) -> bool:
        """Whether it is a draft, which is not to be cited."""
        return self.state == DRAFT


def authority_by(status: str, kind: str, approver: str, date: datetime.date | None) -> Authority:
    """Authority of an edition by what its ledger says of it, in the words of today or of earlier ledgers."""
    status = OLDER_STATUSES.get(status, status)
    if status == APPROVED and approver:
        return Authority(APPROVED, approver, date)
    if status == DRAFT:
        return Authority(DRAFT)
    return Authority(CORRECTING if kind == EDITION_KINDS[-1] else FOR_APPROVAL)


def authority_of(edition: Edition) -> Authority:
    """Authority of a released edition."""
    return authority_by(edition.status, edition.kind, edition.approver, edition.date)


def authority_unreleased(settings: Settings, ledger: Sequence[Edition]) -> Authority:
    """Authority of a year's folder as it stands; what was changed after an edition is a draft, whatever was signed.

    Only a release says who approved what: until then nobody's name stands under it, whatever ``year.yml`` claims.
    """
    return Authority(DRAFT if ledger or settings.status == DRAFT else FOR_APPROVAL)


def leading(authorities: Sequence[Authority]) -> int:
    """Position of what readers are led to, of editions in their order: the newest approved, else the newest."""
    approved = [place for place, authority in enumerate(authorities) if authority.approved]
    return approved[-1] if approved else len(authorities) - 1
