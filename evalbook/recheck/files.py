"""Forms of many files: each is examined by itself, and what one of them is does not stop the others."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evalbook.checks import SEVERITIES
from evalbook.errors import EvalbookError
from evalbook.reading.archive import WORKBOOK_LIMIT
from evalbook.reading.gathering import opened
from evalbook.reading.workbook import file_name
from evalbook.recheck.examine import Examined, examine
from evalbook.recheck.layout import read_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from evalbook.reading.gathering import Found

WHOLE, PARTLY, NOT = "whole", "partly", "not"
READ = {WHOLE: "读全", PARTLY: "部分读", NOT: "没有读"}
"""How far a file was read, in Chinese."""
COPY, UNJUDGED = "copy", "不能判断"
"""What is counted of files beside that and the severities."""


@dataclass(frozen=True)
class Outcome:
    """What became of a file.

    Attributes
    ----------
    path : str
        As :func:`evalbook.reading.gathering.find_files` names it.
    read : str
        :data:`WHOLE`, :data:`PARTLY` or :data:`NOT`.
    examined : tuple of Examined
        Its forms; none where it was not read, or is another one again.
    why : str
        Why it was not read and what to do, in Chinese sentences.
    notices : tuple of str
        What is to be known of what was read, in Chinese sentences.
    same_as : str
        Path of the file before it of which it is a copy.
    error : Exception or None
        What reading it raised, for who asked about this file alone.
    """

    path: str
    read: str
    examined: tuple[Examined, ...] = ()
    why: str = ""
    notices: tuple[str, ...] = ()
    same_as: str = ""
    error: Exception | None = None

    @property
    def unit(self) -> str:
        """Whose forms these are; empty where they do not say."""
        return "；".join(dict.fromkeys(one.form.unit for one in self.examined if one.form.unit))

    @property
    def project(self) -> str:
        """Projects of its forms; empty where they do not say."""
        return "；".join(dict.fromkeys(one.form.project for one in self.examined if one.form.project))

    @property
    def counts(self) -> Counter[str]:
        """One for how far it was read and for being a copy; its findings by severity, and what cannot be judged."""
        counted = Counter({self.read: 1, COPY: bool(self.same_as)})
        for one in self.examined:
            counted += Counter(finding.severity for finding in one.findings)
            counted[UNJUDGED] += len(one.unjudged)
        return counted


def summary(counted: Counter[str]) -> str:
    """Sum up in a Chinese sentence the ``counts`` of files."""
    read = "，".join(f"{name}{counted[kind]}" for kind, name in READ.items())
    found = "，".join(f"{severity}{counted[severity]}条" for severity in SEVERITIES)
    copies = f"其中{counted[COPY]}个与别的文件内容完全相同，只核算一次；" if counted[COPY] else ""
    files = sum(counted[kind] for kind in READ)
    none = "没有找到一张自评表。" if counted[NOT] == files else ""
    return f"{none}{files}个文件：{read}；{copies}{found}，{UNJUDGED}{counted[UNJUDGED]}处。"


def examine_files(found: Iterable[Found]) -> Iterator[Outcome]:
    """Examine the forms of files, one file after the other.

    Parameters
    ----------
    found
        As :func:`evalbook.reading.gathering.find_files` gives them.

    Yields
    ------
    Outcome
        Of each file in its turn; nothing of it is kept.
    """
    before: dict[bytes, Outcome] = {}
    for one, path in opened(found):
        if one.why:
            yield Outcome(one.path, NOT, why=f"{one.why}。")
            continue
        try:
            digest = _digest(path)
            if first := before.get(digest):
                yield replace(first, path=one.path, same_as=first.path)
                continue
            outcome = _outcome(one.path, path)
        except OSError as error:
            why = "打不开。请检查权限，或关闭打开着它的程序。"
            yield Outcome(one.path, NOT, why=why, error=error)
            continue
        if digest:
            before[digest] = replace(outcome, examined=(), notices=(), error=None)
        yield outcome


def _digest(path: Path) -> bytes:
    """What tells copies of a file from others; empty for one that is not there, or too large to be read at all."""
    if not path.is_file() or path.stat().st_size > WORKBOOK_LIMIT:
        return b""
    return hashlib.sha256(path.read_bytes()).digest()


def _outcome(shown: str, path: Path) -> Outcome:
    name = file_name(path)
    try:
        examined = tuple(map(examine, read_forms(path)))
    except EvalbookError as error:
        return Outcome(shown, NOT, why=str(error).replace(f"{name}：", ""), error=error)
    except OSError:
        raise
    except Exception as error:  # a fault of the program that one file brings out must not cost the others
        why = f"核算时程序出错（{type(error).__name__}），没有读。请自己核对，并把这个文件发给维护人员。"
        return Outcome(shown, NOT, why=why, error=error)
    told = dict.fromkeys(notice for one in examined for notice in one.form.notices)
    read = PARTLY if any(one.form.unread for one in examined) else WHOLE
    return Outcome(shown, read, examined, notices=tuple(told))
