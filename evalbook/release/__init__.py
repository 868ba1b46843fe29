"""Releases: an edition is built from a commit, checked, and recorded; and rebuilt to prove it."""

from evalbook.release.build import build_book, build_edition

__all__ = ["build_book", "build_edition"]
