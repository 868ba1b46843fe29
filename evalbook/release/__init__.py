"""Releases: an edition is built from a commit, checked, and recorded; rebuilt to prove it; gathered to be published.

``beginning`` makes a project, ``build`` its book, ``repository`` asks git, ``tool`` says which program is installed,
``rebuild`` builds in a clean environment, ``gates`` keeps the workings back, ``release`` does it all in order, ``verify``
proves an edition, ``site`` gathers what a publication is made of.
"""

from evalbook.release.build import Builder, build_edition, page_title, working_book
from evalbook.release.release import release, wish_of
from evalbook.release.site import pointers, released_editions
from evalbook.release.verify import verify_rebuild

__all__ = [
    "Builder",
    "build_edition",
    "page_title",
    "pointers",
    "release",
    "released_editions",
    "verify_rebuild",
    "wish_of",
    "working_book",
]
