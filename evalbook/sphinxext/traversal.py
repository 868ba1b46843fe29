"""A faster way through doctrees.

docutils goes through a page by generators inside generators, as deep as the page: a quarter of the time of a book, since
every transform goes through every page. This one gives the same nodes in the same order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

plain = nodes.Node.findall
"""docutils' own way."""


def descendants(node: nodes.Node, kind: type | tuple[type, ...] | None = None) -> Iterator[nodes.Node]:
    """A node and all below it, those of a kind, from the first to the last."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if kind is None or isinstance(here, kind):
            yield here
        if here.children:
            waiting += here.children[::-1]


def findall(
    node: nodes.Node, condition: type | Callable[[nodes.Node], bool] | None = None, *others: Any, **named: Any
) -> Iterator[nodes.Node]:
    """What :meth:`docutils.nodes.Node.findall` gives, which is asked when more than what is below a node is meant."""
    if others or named:
        return plain(node, condition, *others, **named)
    if condition is None or isinstance(condition, type):
        return descendants(node, condition)
    return filter(condition, descendants(node))


def hasten() -> None:
    """Let docutils go through doctrees this way."""
    nodes.Node.findall = findall  # type: ignore[assignment, method-assign]
