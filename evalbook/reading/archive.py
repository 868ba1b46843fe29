"""Files that are archives of XML parts (XLSX, DOCX, ODS), opened within bounds: everything is counted before it is read."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Callable
from urllib.parse import unquote
from xml.parsers import expat

from evalbook.errors import EvalbookError

WORKBOOK_LIMIT = 10_000_000
"""Largest workbook in bytes, and largest sum of its parts that are read unpacked; a filled-in form has under 100,000."""
UNPACKED_LIMIT = 50_000_000
"""Largest sum of all parts unpacked, pictures of stamps included."""
AREA_LIMIT = 100_000
"""Most cells in merged areas: openpyxl makes an object of each."""
PARTS, SHEETS, MERGES = 5000, 300, 5000
"""Most parts, sheets and merged areas of a workbook; a form of each county of a province takes 120 sheets."""
CELLS, TEXTS, STYLES, ELEMENTS = 200_000, 200_000, 30_000, 700_000
"""Most cells, pieces of text, formats of cells, and elements of any kind; a form has under 1000 cells."""
DEPTH = 100
"""Deepest element; Excel writes ten at most, Word thirty."""

Attributes = dict[str, str]
Keep = Callable[[int, str, Attributes], bool]
"""Whether an element at a depth, of a name and with attributes, is kept; it is asked of all in their order."""
Start = Callable[[int, str, Attributes, int], None]
"""What is done where an element begins: its depth, name behind its namespace, attributes, position in bytes."""
End = Callable[[int, str, int], None]
"""What is done where an element ends: its depth, name behind its namespace, position in bytes."""


def local(name: str) -> str:
    """Name of an element or attribute without its namespace."""
    return name.rpartition(" ")[2]


def attribute(given: Attributes, name: str) -> str:
    """An attribute by its name without a namespace; empty where there is none."""
    return next((value for key, value in given.items() if local(key) == name), "")


class Parts:
    """Parts of a workbook by their names, and what may still be read of them."""

    def __init__(self, name: str, archive: zipfile.ZipFile) -> None:
        self.name, self.archive = name, archive
        self.left, self.elements = WORKBOOK_LIMIT, 0
        self.counted: Counter[str] = Counter()
        entries = archive.infolist()
        self.count("里面的文件", PARTS, len(entries))
        if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
            raise self._too_large(UNPACKED_LIMIT)
        self.entries = {part_name(entry.filename): entry for entry in entries}

    def related(self, part: str, kind: str) -> dict[str, str]:
        """Parts of a kind that a part is related to, by the name of the relationship."""
        folder, _, file = part.rpartition("/")
        found: dict[str, str] = {}

        def relation(_: int, tag: str, given: Attributes) -> bool:
            if tag == "Relationship" and given.get("Type", "").endswith(f"/{kind}"):
                found[given.get("Id", "")] = part_name(posixpath.join("/", folder, given.get("Target", "")))
            return True

        relations = part_name(f"{folder}/_rels/{file}.rels")
        if relations in self.entries:
            self.without(relations, relation)
        return found

    def without(self, part: str, keep: Keep) -> bytes:
        """A part without the elements that are not kept; what stands in these is counted, too."""
        kept: list[bytes] = []
        level = last = 0
        dropping = False

        def resume(at: int) -> None:
            nonlocal dropping, last
            dropping, last = False, at

        def start(depth: int, name: str, given: Attributes, at: int) -> None:
            nonlocal level, dropping
            if dropping and depth <= level:
                resume(at)
            if not keep(depth, name, given) and not dropping:
                kept.append(content[last:at])
                dropping, level = True, depth

        def end(depth: int, _: str, at: int) -> None:
            if dropping and depth < level:
                resume(at)

        content = self.read(part)
        self._walk(content, start, end)
        return b"".join((*kept, content[last:]))

    def walk(self, part: str, start: Start, end: End, text: Callable[[str], None]) -> None:
        """Tell of the elements and the text of a part in their order."""
        self._walk(self.read(part), start, end, text)

    def _walk(
        self, content: bytes, start: Start, end: End, text: Callable[[str], None] | None = None
    ) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        depth = 0

        def started(name: str, given: Attributes) -> None:
            nonlocal depth
            depth += 1
            self.elements += 1
            if self.elements > ELEMENTS:
                raise too_many(self.name, "内容", ELEMENTS)
            if depth > DEPTH:
                raise self._never_written("层层相套的内容")
            start(depth, local(name), given, parser.CurrentByteIndex)

        def ended(name: str) -> None:
            nonlocal depth
            end(depth, local(name), parser.CurrentByteIndex)
            depth -= 1

        def document_type(*_: object) -> None:
            raise self._never_written(" DOCTYPE 声明")  # entities could grow without end

        parser.StartElementHandler, parser.EndElementHandler = started, ended
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = document_type
        parser.Parse(content, True)

    def count(self, what: str, most: int, number: int = 1) -> None:
        """Count something; more than may be is an error."""
        self.counted[what] += number
        if self.counted[what] > most:
            raise too_many(self.name, what, most)

    def read(self, part: str) -> bytes:
        """Content of a part; it counts whenever it is asked for, because several relationships may name it."""
        entry = self.entries[part]
        self.left -= entry.file_size
        if self.left < 0:
            raise self._too_large(WORKBOOK_LIMIT)
        if entry.flag_bits & 1:
            raise EvalbookError(f"{self.name}：加了密码，不能读取。请去掉密码，另存后再试。")
        return self.archive.read(entry)

    def _too_large(self, most: int) -> EvalbookError:
        limit = f"{most // 1_000_000}MB"
        remedy = "请只留下自评表，删去图片和别的内容，另存后再试"
        return EvalbookError(f"{self.name}：解压后的内容太大，超过{limit}，没有读。{remedy}。")

    def _never_written(self, what: str) -> EvalbookError:
        remedy = "请用 Excel、Word 或 WPS 打开，另存后再试"
        return EvalbookError(f"{self.name}：里面有 Excel、Word 不会写的{what}，没有读。{remedy}。")


def too_many(name: str, what: str, most: int) -> EvalbookError:
    """Say that there is more of something than any form has."""
    remedy = "请把自评表复制到新的文件里，只留这一张，另存后再试"
    return EvalbookError(f"{name}：{what}太多，超过{most}个，没有读。{remedy}。")


def part_name(written: str) -> str:
    """Name of a part, however it is written: names that differ in case or in escapes are one (ECMA-376-2, 9.1.1)."""
    return posixpath.normpath("/" + unquote(written).replace("\\", "/")).strip("/").casefold()
