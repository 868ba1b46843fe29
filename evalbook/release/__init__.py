"""Releases: an edition is built from a commit, checked, and recorded; rebuilt to prove it; gathered to be published.

``beginning`` makes a project, ``build`` its book, ``repository`` asks git, ``person`` is who releases, ``tool`` says which
program is installed, ``wish`` is what is said of an edition, ``changes`` what differs from the one before, ``admission``
what stands against it, ``plan`` what will be frozen, ``rebuild`` builds in a clean environment, ``gates`` keeps the
workings back, ``places`` is where editions lie, ``witness`` holds the ledger against what lies elsewhere, ``release`` does
it all in order, ``withdrawal`` takes back what was not published, ``verify`` makes an edition again, ``proof`` holds files
against ledger and paper, ``site`` gathers what a publication is made of.
"""

from evalbook.release.build import Builder, build_edition, page_title, working_book
from evalbook.release.person import name_releaser
from evalbook.release.places import remember_place
from evalbook.release.plan import Plan
from evalbook.release.release import planned, release
from evalbook.release.repository import releaser
from evalbook.release.site import pointers, refuse_site, released_editions
from evalbook.release.verify import verify_rebuild
from evalbook.release.wish import Wish, wish_of
from evalbook.release.withdrawal import note_published, withdraw, withdrawable

__all__ = [
    "Builder",
    "Plan",
    "Wish",
    "build_edition",
    "name_releaser",
    "note_published",
    "page_title",
    "planned",
    "pointers",
    "refuse_site",
    "release",
    "released_editions",
    "releaser",
    "remember_place",
    "verify_rebuild",
    "wish_of",
    "withdraw",
    "withdrawable",
    "working_book",
]
