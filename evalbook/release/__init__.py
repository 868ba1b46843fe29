"""Releases: an edition is built from a commit, checked, and recorded; rebuilt to prove it; gathered to be published.

``beginning`` makes a project, ``build`` its book, ``repository`` asks git, ``person`` is who releases, ``tool`` says which
program is installed, ``rebuild`` builds in a clean environment, ``gates`` keeps the workings back, ``places`` is where
editions lie, ``witness`` holds the ledger against what lies elsewhere, ``release`` does it all in order, ``verify`` makes an
edition again, ``proof`` holds files against ledger and paper, ``site`` gathers what a publication is made of.
"""

from evalbook.release.build import Builder, build_edition, page_title, working_book
from evalbook.release.person import name_releaser
from evalbook.release.places import remember_place
from evalbook.release.release import release, wish_of
from evalbook.release.repository import releaser
from evalbook.release.site import pointers, released_editions
from evalbook.release.verify import verify_rebuild

__all__ = [
    "Builder",
    "build_edition",
    "name_releaser",
    "page_title",
    "pointers",
    "release",
    "released_editions",
    "releaser",
    "remember_place",
    "verify_rebuild",
    "wish_of",
    "working_book",
]
