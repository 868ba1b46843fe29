"""Text as it comes from Word: what is cleaned when prose is read, and which lines are a table.

The file stays as it is. Whatever is read otherwise than it stands there is told. Characters keep the place that they have
in the file, so that a number can be found again there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from evalbook.schema.typed import typed_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PARAGRAPH_END = re.compile(r"\r\n|\r|\n|\u2029|\x0c")
SOFT_BREAK = re.compile(r"[\x0b\u2028\x85]")
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]+")
WIDE_SPACE = re.compile(r"[ ]*[\u3000\u00a0\u2002\u2003\u2009\t]+[ \u3000\u00a0\u2002\u2003\u2009\t]*")
SIGN = r"(?:[\uf000-\uf0ff•●■◆➢✓]|[lnuØ§](?=[\t\u3000]))"
BULLET = re.compile(rf"^\s*(?:{SIGN}\s*)+")
ORDINAL = r"(?:[（(]?[\d一二三四五六七八九十]{1,3}[）).．、]|[①-⑳])"
NUMBERED = re.compile(rf"^\s*{ORDINAL}\s*\t\s*")

QUOTES = "`‘’'“”\"′＇｀·"
LOOSE_REFERENCE = re.compile(
    rf"[{{｛]\s*(?P<role>[A-Za-zＡ-Ｚａ-ｚ]{{6}})\s*[}}｝]\s*[{QUOTES}](?P<name>[^{QUOTES}{{}}｛｝，。；：\n]{{1,100}})[{QUOTES}]"
)
OPEN_REFERENCE = re.compile(r"\{[^{}]{0,8}$|\{figure\}$|\{figure\}`[^`]*$")

SENTENCE_END = "。！？；：!?;:…”’"
WRAPPED_FROM = 25
"""Characters from which on a line without an end is one that was broken to fit a page."""

FAR = 40
"""Lines within which the sentence that a line was broken in ends."""

LONGEST = 5_000
"""Characters from which on a paragraph takes no further line in."""

BEGINS_ANEW = re.compile(
    rf"^\s*(?:#|【|{SIGN}|{ORDINAL}|第[\d一二三四五六七八九十]+[，、章条节]|[一二三四五六七八九十]+是)"
)


@dataclass(frozen=True)
class Traced:
    """A text whose characters know where they stand in the file.

    Attributes
    ----------
    text : str
    places : tuple of int
        Of each character, in the text of the file.
    """

    text: str
    places: tuple[int, ...]

    def __getitem__(self, part: slice) -> Traced:
        return Traced(self.text[part], self.places[part])

    def replaced(self, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> Traced:
        """The text with every match replaced; what is new stands where the match began."""
        texts: list[str] = []
        places: list[int] = []
        last = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            put = new(match)
            if put == match[0]:
                continue
            texts += (self.text[last:start], put)
            places += (*self.places[last:start], *[self.places[start]] * len(put))
            last = end
        if not last:
            return self
        return Traced("".join((*texts, self.text[last:])), (*places, *self.places[last:]))

    def stripped(self) -> Traced:
        """The text without spaces around it."""
        start = len(self.text) - len(self.text.lstrip())
        return self[start : len(self.text.rstrip())] if self.text.strip() else self[:0]


@dataclass(frozen=True)
class Line:
    """A heading, a paragraph, or a table that stood in the file as lines of cells.

    Attributes
    ----------
    number : int
        Of its first line in the file.
    content : Traced
        Of a table its first line.
    rows : tuple of tuple of Traced
        Cells of a table; empty for what is none.
    numbers : tuple of int
        Line of each row of a table.
    headed : bool
        Whether the first row of a table says what stands below it; two rows of headings are read as one.
    """

    number: int
    content: Traced
    rows: tuple[tuple[Traced, ...], ...] = ()
    numbers: tuple[int, ...] = ()
    headed: bool = False

    @property
    def text(self) -> str:
        """What is written."""
        return self.content.text


def lines_of(name: str, text: str) -> tuple[list[Line], list[str]]:
    """Headings, paragraphs and tables of a file of prose, cleaned.

    Parameters
    ----------
    name
        Path inside the project, for what is told.
    text
        Contents of the file.

    Returns
    -------
    tuple of list of Line, list of str
        Empty lines included, and what was read otherwise than it stands there.
    """
    done: dict[str, list[int]] = {}

    def note(what: str, number: int) -> None:
        done.setdefault(what, []).append(number)

    listed: list[Line] = []
    for number, raw in enumerate(_physical(text), start=1):
        listed += [Line(number, part) for part in _soft(raw, number, note)]
    listed = _joined([_visible(line, note) for line in listed], note)
    result: list[Line] = []
    for tabbed, group in groupby(listed, _is_tabbed):
        found = list(group)
        if tabbed and len(found) > 1:
            result.append(_table(found, note))
        else:
            result += [_cleaned(line, note) for line in found]
    told = [f"{name} 第{_numbers(numbers)}行：{what}。" for what, numbers in done.items()]
    return result, told


def _numbers(numbers: Iterable[int]) -> str:
    listed = [str(number) for number in dict.fromkeys(numbers)]
    return "、".join(listed[:8]) + ("等" if len(listed) > 8 else "")


def _physical(text: str) -> Iterator[Traced]:
    """Lines as an editor counts them."""
    start = 0
    for match in PARAGRAPH_END.finditer(text):
        yield Traced(text[start : match.start()], tuple(range(start, match.start())))
        start = match.end()
    if start < len(text):
        yield Traced(text[start:], tuple(range(start, len(text))))


def _soft(line: Traced, number: int, note: Callable[[str, int], None]) -> Iterator[Traced]:
    """Parts of a line between Word's breaks inside a paragraph: whole sentences each are paragraphs of their own."""
    parts, start = [], 0
    for match in SOFT_BREAK.finditer(line.text):
        parts.append(line[start : match.start()])
        start = match.end()
    parts.append(line[start:])
    if len(parts) == 1:
        yield line
        return
    note("有 Word 的软回车：句子完了的另起一段，没有完的接起来读", number)
    current = [parts[0]]
    for part in parts[1:]:
        last = current[-1]
        anew = BEGINS_ANEW.match(part.text) or "\t" in part.text or _splits_number(last, part)
        if anew or _ends(last.text):
            yield _together(current)
            current = [part]
        else:
            current.append(part.stripped())
    yield _together(current)


def _together(parts: list[Traced]) -> Traced:
    return Traced(
        "".join(part.text for part in parts), tuple(place for part in parts for place in part.places)
    )


def _ends(text: str) -> bool:
    text = text.rstrip()
    return not text or text[-1] in SENTENCE_END or text.startswith(("#", "【"))


def _splits_number(first: Traced, second: Traced) -> bool:
    """Whether two parts put together would make one number of two."""
    return bool(re.search(r"[\d.,．]\s*$", first.text) and re.match(r"\s*[\d.,．]", second.text))


def _joined(lines: list[Line], note: Callable[[str, int], None]) -> list[Line]:
    """Lines with those put together that were broken in the middle of a sentence."""
    result: list[Line] = []
    for position, line in enumerate(lines):
        last = result[-1] if result else None
        if last is not None and _goes_on(last.text, line.text, _end_of(lines, position)):
            note("句子中间断了行，与下一行接起来读；不是一句话的，中间空一行", last.number)
            result[-1] = Line(last.number, _together([last.content.stripped(), line.content.stripped()]))
        else:
            result.append(line)
    return result


def _end_of(lines: list[Line], position: int) -> str:
    """Last character of the stretch of lines, without an empty one, that a line stands in; it is not sought for ever."""
    for following in lines[position + 1 : position + FAR]:
        if not following.text.strip() or BEGINS_ANEW.match(following.text):
            break
        position += 1
    return lines[position].text.strip()[-1:]


def _goes_on(first: str, second: str, end: str) -> bool:
    first, following = first.strip(), second.strip()
    if (
        not first
        or not following
        or len(first) > LONGEST
        or following.startswith(("#", "【"))
        or "\t" in f"{first}{following}"
    ):
        return False
    if OPEN_REFERENCE.search(first):
        return "`" in following and not first.startswith("#")
    if first.startswith(("#", "【")) or BEGINS_ANEW.match(following):
        return False
    if re.search(r"[\d.．]$", first) and re.match(r"[\d.．]", following):
        return False  # two numbers would become one
    if first[-1] in "，、,（《“":
        return len(first) >= WRAPPED_FROM // 2
    broken = len(first) >= WRAPPED_FROM and bool(re.search(r"[㐀-鿿\dA-Za-z`）》%％]$", first))
    return broken and end in "。！？；"


def _visible(line: Line, note: Callable[[str, int], None]) -> Line:
    """A line without characters that nobody sees, and with references as they should be written."""
    content = line.content.replaced(INVISIBLE, lambda _: "")
    if content is not line.content:
        note("有看不见的字符，读的时候去掉了", line.number)
    tidy = content.replaced(LOOSE_REFERENCE, _reference)
    if tidy is not content:
        note("引用数字的括号、引号不是半角的花括号和反引号，当作 {figure}`…` 读", line.number)
    return Line(line.number, tidy)


def _reference(match: re.Match[str]) -> str:
    if unicodedata.normalize("NFKC", match["role"]).lower() != "figure":
        return match[0]
    return f"{{figure}}`{match['name'].strip()}`"


def _cleaned(line: Line, note: Callable[[str, int], None]) -> Line:
    """A line without the spaces, tabs and bullets that Word puts in."""
    content = line.content.stripped()
    tidy = content.replaced(BULLET, lambda _: "")
    if tidy is not content:
        note("段落前面的项目符号去掉了", line.number)
    content = tidy.replaced(WIDE_SPACE, lambda match: _space(tidy.text, match))
    if content is not tidy:
        note("文字中间的全角空格、制表符去掉了", line.number)
    return Line(line.number, content)


def _space(text: str, match: re.Match[str]) -> str:
    """A space between Latin words, between numbers and behind the sign of a heading; none beside a Chinese character."""
    before, after = text[match.start() - 1], text[match.end()]
    return " " if before == "#" or (before.isascii() and after.isascii()) else ""


def _is_tabbed(line: Line) -> bool:
    text = line.text.rstrip()
    return (
        "\t" in text.strip("\u3000 ").lstrip("\t")
        and not NUMBERED.match(text)
        and not text.startswith(("#", "【"))
    )


def _table(lines: list[Line], note: Callable[[str, int], None]) -> Line:
    rows = []
    for line in lines:
        content, cells = line.content, []
        ends = [match.start() for match in re.finditer("\t", content.text)]
        for start, end in pairwise([-1, *ends, len(content.text)]):
            cells.append(content[start + 1 : end].stripped())
        rows.append(cells)
    numbers = [line.number for line in lines]
    two = len(rows) > 2 and _is_heading(rows[0]) and _is_heading(rows[1]) and not rows[1][0].text
    heads = _merged(rows[0], rows[1]) if two and len(rows[1]) == max(map(len, rows[2:])) else []
    if heads:
        rows[:2], numbers[:2] = [heads], numbers[:1]
    while (
        rows and len(rows[0]) > 1 and all(not row[-1].text for row in rows if len(row) == max(map(len, rows)))
    ):
        longest = max(map(len, rows))
        rows = [row[:-1] if len(row) == longest else row for row in rows]
    width = max(map(len, rows))
    headed = bool(heads) or (not two and len(rows[0]) == width)
    told = "，两行表头合成一行，请核对" if heads else "" if headed else "；表头和下面的列对不上，没有用作列名"
    note(f"由制表符隔开的几行，当作一张表{told}", lines[0].number)
    empty = Traced("", ())
    padded = tuple((*row, *[empty] * (width - len(row))) for row in rows)
    return Line(lines[0].number, lines[0].content, padded, tuple(numbers), headed)


def _is_heading(row: list[Traced]) -> bool:
    """Whether the cells of a row are words without numbers."""
    return any(cell.text for cell in row) and not any(
        cell.text
        and (
            not re.search("[㐀-鿿A-Za-z%％‰]", cell.text) or "{" in cell.text or any(typed_numbers(cell.text))
        )
        for cell in row
    )


def _merged(above: list[Traced], below: list[Traced]) -> list[Traced]:
    """One row of headings from two; empty where nothing tells which columns a merged cell stands over.

    A cell pasted from Excel is followed by empty ones for the other columns that it stands over. Word leaves those out, and
    puts an empty cell below one that is merged downwards.
    """
    words = [cell.text for cell in below]
    first = next(place for place, text in enumerate(words) if text)
    last = next(place for place in range(len(words), 0, -1) if words[place - 1])
    if len(above) == len(below):
        over: list[Traced] = []
        for place, (head, word) in enumerate(zip(above, words, strict=True)):
            if word and not head.text and place and not words[place - 1]:
                return []
            over.append(head if head.text or not over or not word else over[-1])
    else:
        behind = len(below) - last
        middle = above[first : len(above) - behind]
        each, rest = divmod(last - first, len(middle)) if middle else (0, 1)
        if rest or not each or not all(cell.text for cell in middle) or not all(words[first:last]):
            return []
        # 人数, 金额, 合计, 人数 under two heads: what is repeated tells that they are not alike in width.
        places: dict[str, int] = {}
        if any(places.setdefault(word, n % each) != n % each for n, word in enumerate(words[first:last])):
            return []
        over = [
            *above[:first],
            *(head for head in middle for _ in range(each)),
            *above[len(above) - behind :],
        ]
    return [_together([head, cell]) for head, cell in zip(over, below, strict=True)]
