"""A faster way through doctrees.

docutils goes through a page by generators inside generators, as deep as the page: a quarter of the time of a book, since
every transform goes through every page. This one gives the same nodes in the same order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator


def descendants(node: nodes.Node, kind: type | tuple[type, ...] | None = None) -> Iterator[nodes.Node]:
    """A node and all below it, those of a kind, from the first to the last."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if kind is None or isinstance(here, kind):
            yield here
        waiting.extend(reversed(here.children))


def hasten() -> None:
    """Let docutils go through doctrees this way; only its private methods are exchanged, and a test compares them."""
    nodes.Node._fast_findall = descendants  # type: ignore[attr-defined]
    nodes.Node._superfast_findall = descendants  # type: ignore[attr-defined]
