"""Unpacking what others packed, no more of it than is looked through."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

UNPACKED_LIMIT = 300_000_000
"""Bytes that a file may unpack to, files within files included; the largest site has under 20 MB."""
TOO_LARGE = "太大，没有查"


@dataclass
class Budget:
    """Bytes that may still be unpacked of one file."""

    left: int

    def spend(self, content: bytes) -> bytes:
        """Count bytes that were unpacked, as :meth:`take` does."""
        self.take(len(content))
        return content

    def take(self, size: int) -> None:
        """Count what is looked through once more, because several parts or cells refer to it.

        Raises
        ------
        TooLargeError
            There is more than may be.
        """
        self.left -= size
        if self.left < 0:
            raise TooLargeError


class TooLargeError(Exception):
    """A file unpacks to more than is looked through."""


def utf8(content: bytes) -> str:
    """Text of bytes, whatever they are."""
    return content.decode("utf-8", "replace")


def inflated(content: bytes, budget: Budget) -> bytes:
    """Unpack what zlib packed, no more than the budget allows."""
    return budget.spend(zlib.decompressobj().decompress(content, budget.left + 1))
