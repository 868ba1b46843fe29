"""What a page asked of a year, noted while it was made, so that it is made anew only when an answer changed.

A :class:`Watched` year answers like the year itself and notes each question with a hash of its answer. Asked again
later, the same questions (:func:`answer`) tell whether the page would come out the same.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import is_dataclass
from typing import Any

Notes = dict[str, str]
"""Hashes of answers by question: a year and the names that lead on from it, written as JSON."""

MAPPINGS = frozenset({"figures", "by_label", "grounds", "tables", "narrative", "by_address"})
"""Attributes of which each entry is a question of its own."""

ROOMS = frozenset({"year", "before", "findings", "figures", "facts", "settings", "registries"})
"""Attributes that are asked further."""

OF_UNITS = frozenset({"number_in", "said_in"})
"""Methods that look at the figure that they are given, and beyond it at the units only."""

ENTRY, WHOLE = "[]", "*"
"""Questions for an entry of a mapping, and for everything about a thing."""

_noting: ContextVar[Notes | None] = ContextVar("noting", default=None)


def take_notes(notes: Notes | None) -> None:
    """Let every year that is loaded from now on note what it is asked; None ends it."""
    _noting.set(notes)


@contextmanager
def noting(notes: Notes) -> Iterator[None]:
    """Let every year that is loaded meanwhile note what it is asked."""
    token = _noting.set(notes)
    try:
        yield
    finally:
        _noting.reset(token)


def watched(source: Any, *path: object) -> Any:
    """A year, or what was concluded from it, that notes what it is asked; as it is while nobody takes notes."""
    return source if _noting.get() is None else Watched(source, path)


def bare(source: Any) -> Any:
    """What a watched thing answers for."""
    return vars(source)["_source"] if isinstance(source, Watched) else source


def path_to(source: Any) -> tuple[object, ...]:
    """Names that lead from the year to a watched thing."""
    return tuple(vars(source)["_path"]) if isinstance(source, Watched) else ()


def digest(value: object) -> str:
    """Hash of an answer; of functions in it the name counts, since the program has a hash of its own."""
    return hashlib.sha256(re.sub(r" at 0x[0-9a-f]+", "", repr(value)).encode()).hexdigest()[:24]


def answer(source: Callable[[int], object], question: str) -> str:
    """Hash of what is answered to a question that was noted; ``source`` gives the year that it begins with."""
    steps: list[Any] = json.loads(question)
    year, *names, last = steps
    found: Any = source(year)
    try:
        for name in names:
            found = getattr(found, name)
        if not isinstance(last, list):
            return digest(getattr(found, last))
        kind, *given = last
        if kind == WHOLE:
            return digest(found)
        if kind == ENTRY:
            return digest(found.get(*given))
        return digest(getattr(found, kind)(*given))
    except (AttributeError, KeyError, ValueError) as error:
        return digest(type(error).__name__)


def note(path: tuple[object, ...], value: object) -> None:
    """Note a question and its answer, while somebody takes notes."""
    notes = _noting.get()
    if notes is not None:
        question = json.dumps(path, ensure_ascii=False)
        if question not in notes:
            notes[question] = digest(value)


class Watched:
    """Stands for a year, or for what was concluded from it, and notes what is asked."""

    def __init__(self, source: Any, path: tuple[object, ...]) -> None:
        vars(self).update(_source=source, _path=path)

    def __getattr__(self, name: str) -> Any:
        source, path = vars(self)["_source"], vars(self)["_path"]
        value = getattr(source, name)
        here = (*path, name)
        if name in ROOMS and is_dataclass(value):
            return Watched(value, here)
        if isinstance(value, Mapping) and name in MAPPINGS:
            return WatchedMapping(value, here)
        if name == "root":  # whoever asks where the files are may read any
            note((*path, "contents"), source.contents)
            return value
        if name in OF_UNITS:
            note((*path, "units"), source.units)
            return value
        if callable(value):

            def ask(*given: object) -> Any:
                found = value(*given)
                if all(isinstance(one, str | int) for one in given):
                    note((*path, (name, *given)), found)
                else:  # nobody can ask the same again: everything counts
                    note((*path, (WHOLE,)), source)
                return found

            return ask
        note(here, value)
        return value

    def __eq__(self, other: object) -> bool:
        return bool(bare(self) == bare(other))

    def __hash__(self) -> int:
        return hash(bare(self))


class WatchedMapping(Mapping[str, Any]):
    """A mapping that notes which entries are asked for; who goes through it asks for them all."""

    def __init__(self, source: Mapping[str, Any], path: tuple[object, ...]) -> None:
        self._source, self._path = source, path

    def __getitem__(self, key: str) -> Any:
        note((*self._path, (ENTRY, key)), self._source.get(key))
        return self._source[key]

    def __iter__(self) -> Iterator[str]:
        note(self._path, self._source)
        return iter(self._source)

    def __len__(self) -> int:
        note(self._path, self._source)
        return len(self._source)
