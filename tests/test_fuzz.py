"""Damaged input: whatever happens to the real files, the answer is a correct read or a Chinese message."""

from __future__ import annotations

import codecs
import csv
import functools
import io
import re
import shutil
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import ROOT, as_signed, copy_taojiang

import evalbook.frameworks.reader
import evalbook.schema.reader
import evalbook.year.fiscal_year
from evalbook.editions import revisions_of
from evalbook.errors import EvalbookError, Problem
from evalbook.figures import Cell, FigureSet
from evalbook.render.exports import exports
from evalbook.render.frameworks import framework_catalogue
from evalbook.run import inspect, inspect_framework
from evalbook.schema.reader import Edit, unedited
from evalbook.schema.text import CONTROL, column_letter
from evalbook.schema.vocabulary import OLDER_STATUSES
from evalbook.scoring import evaluate
from evalbook.year.narrative import PENDING_LINE, REFERENCE, Narrative, Reference, pieces_within
from evalbook.year.pasted import lines_of
from evalbook.year.placements import is_placement
from evalbook.year.rollover import new_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evalbook.schema import Registries
    from evalbook.schema.table import Table, TableData

YEARS = (2020, 2021)
NASTY = (
    *("", " ", "-1", "1e9", "NaN", "inf", "１２３．４", "1,234.5", "12,34", "1.2.3", "٣", "½", "9" * 5000),
    *(
        "=1+1",
        "@SUM(1)",
        "'",
        '"',
        '""',
        "\x00",
        "\x1b[31m",
        "\u202e",
        "\ufeff",
        "\n",
        "\r",
        "缺",
        "x",
        "长" * 600,
    ),
    *(
        "万元",
        "人",
        "户次",
        "%",
        "待确认",
        "城市低保",
        "2020-02-30",
        "2020",
        "../../etc/passwd",
        "{figure}`没有`",
    ),
    *(
        "!!python/object:os.system x",
        "&a [*a]",
        "- ",
        ": ",
        "# ",
        "## （一）",
        "{",
        "`",
        "<script>",
        "\\",
        "|",
        "年度: 2021",
    ),
)


@dataclass(frozen=True)
class Sandbox:
    """A project whose files are damaged, and what they held."""

    root: Path
    originals: dict[Path, bytes] = field(repr=False)

    def damaged_frameworks(self) -> set[str]:
        """Names of the frameworks whose files are not what they were."""
        return {
            path.parent.name
            for path, content in self.originals.items()
            if path.parts[-3] == "frameworks" and (not path.exists() or path.read_bytes() != content)
        }

    def restore(self) -> None:
        for path, content in self.originals.items():
            if not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    root = as_signed(copy_taojiang(tmp_path_factory.mktemp("fuzz") / "project"))
    new_year(root, YEARS[1])
    originals = {path: path.read_bytes() for path in sorted((root / "data").rglob("*")) if path.is_file()}
    read_table, tables = evalbook.schema.reader.read_table, {}

    @functools.wraps(read_table)
    def remembered(
        root: Path, path: Path, table: Table, registries: Registries, edit: Edit = unedited
    ) -> tuple[TableData, list[Problem], list[str]]:
        # No correction edits these files, but damage may make a row of one, which then edits every file.
        is_edited = (root / "data" / str(YEARS[0]) / "corrections.csv").exists()
        # A planted misreading of texts must not find what was read before it.
        reading = vars(evalbook.schema.reader)["read_text"]
        key = (path, path.read_bytes() if path.is_file() else None, repr(registries), reading)
        if is_edited or key not in tables:
            tables[key] = read_table(root, path, table, registries, edit)
        data, problems, notices = tables[key]
        return data, [*problems], [*notices]

    with pytest.MonkeyPatch.context() as patch:
        # Most of a run would be spent on reading again what was not damaged.
        patch.setattr(evalbook.schema.reader, "read_table", remembered)
        patch.setattr(evalbook.year.fiscal_year, "read_table", remembered)
        patch.setattr(evalbook.frameworks.reader, "read_table", remembered)
        yield Sandbox(root, originals)


def bytes_damaged(random: Random, content: bytes) -> bytes:
    place = random.randint(0, len(content))
    return random.choice(
        (
            content[:place],
            content[place:],
            content[:place] + bytes([random.randint(0, 255)]) + content[place + 1 :],
            content[:place] + bytes([random.randint(0, 255)]) + content[place:],
            b"",
        )
    )


def encoded(random: Random, content: bytes) -> bytes:
    text = content.decode("utf-8-sig", errors="replace")
    name = random.choice(("gb18030", "utf-8", "utf-16", "utf-16-le", "big5", "cp1252"))
    return text.encode(name, errors="replace")


def lines_damaged(random: Random, content: bytes) -> bytes:
    lines = content.decode("utf-8-sig", errors="replace").splitlines()
    list_damaged(random, lines)
    return "\n".join(lines).encode("utf-8-sig" if random.randint(0, 1) else "utf-8")


def text_damaged(random: Random, content: bytes) -> bytes:
    text = content.decode("utf-8-sig", errors="replace")
    place = random.randint(0, len(text))
    return (text[:place] + random.choice(NASTY) + text[place + random.randint(0, 3) :]).encode()


def cells_damaged(random: Random, content: bytes) -> bytes:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig", errors="replace"), newline="")))
    if rows:
        list_damaged(random, random.choice(rows))
    if rows and not random.randint(0, 3):
        place = random.randint(0, 9)
        for row in rows:  # a column is lost, or a new one comes in
            row[place : place + random.randint(0, 1)] = []
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8-sig")


def list_damaged(random: Random, items: list[str]) -> None:
    """Lose, repeat, exchange or overwrite an item of a list."""
    if not items:
        return
    first, second = (random.randint(0, len(items) - 1) for _ in range(2))
    match random.randint(0, 5):
        case 0:
            del items[first]
        case 1:
            items.insert(second, items[first])
        case 2:
            items[first], items[second] = items[second], items[first]
        case _:
            items[first] = random.choice((random.choice(NASTY), items[first] + random.choice(NASTY)))


DAMAGES: dict[str, tuple[Callable[[Random, bytes], bytes], ...]] = {
    ".csv": (
        cells_damaged,
        cells_damaged,
        cells_damaged,
        text_damaged,
        lines_damaged,
        bytes_damaged,
        encoded,
    ),
    ".yml": (lines_damaged, text_damaged, bytes_damaged, encoded),
    ".md": (lines_damaged, text_damaged, bytes_damaged, encoded),
}


def damage(random: Random, sandbox: Sandbox) -> int:
    """Damage one file, at times two or three, and say which year shows it."""
    year = random.choice(YEARS)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        path = random.choice([path for path in sandbox.originals if path.suffix in DAMAGES])
        folder = path.relative_to(sandbox.root).parts[1]
        year = int(folder) if folder.isdigit() else year
        if not random.randint(0, 30):
            path.unlink(missing_ok=True)
        elif path.exists():
            path.write_bytes(random.choice(DAMAGES[path.suffix])(random, path.read_bytes()))
    return year


def decoded(path: Path, original: bytes) -> str:
    """Text of an accepted file; what is not UTF-8 must be the original's words in GBK, not their debris."""
    raw = path.read_bytes()
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030").lstrip("\ufeff")
        known = set(original.decode("utf-8-sig"))
        assert sum(character in known for character in text) > len(text) / 2, f"{path.name} is debris"
        return text


def check_table(data: TableData, path: Path, original: bytes, figures: FigureSet) -> None:
    """Every cell that was read equals the cell of the file at that row and column."""
    if not path.exists():
        assert not data.rows
        return
    lines = list(csv.reader(io.StringIO(decoded(path, original), newline="")))
    assert len(data.rows) == sum(any(cell.strip() for cell in line) for line in lines[1:])
    places = {column_letter(place): place for place in range(60)}
    stated = {f.lineage.row: f for f in figures.of_table(data.table.name) if isinstance(f.lineage, Cell)}
    for row in data.rows:
        line = lines[row.number - 1] + [""] * 60
        for column in data.table.columns:
            if column.name not in data.letters:
                assert not column.required
                assert column.name not in data.table.values
                assert column.heading not in lines[0]
                assert row.cells[column.name] is None
                continue
            place = places[data.letters[column.name]]
            text = line[place].strip()
            value = row.cells[column.name]
            assert lines[0][place].strip() == column.heading
            if not text or (column.name in data.table.values and set(text) <= set("-—–－/")):
                assert value is None
            elif column.name == data.table.value:
                plain = re.sub(r"[, ]", "", unicodedata.normalize("NFKC", text)).replace("−", "-")
                assert value == Decimal(plain) == stated[row.number].value
            elif column.name in {"programme", "unit"}:
                assert text in {
                    *(getattr(value, name, "") for name in ("name", "symbol")), *getattr(value, "aliases", ())
                }  # fmt: skip
            else:
                # A day of which only the year was found is shown with the word.
                assert str(value) in {text, plain := unicodedata.normalize("NFKC", text), f"{plain}年"}


def check_prose(prose: Narrative, path: Path, original: bytes) -> None:
    """All words of the file, in their order, are words of the prose."""
    words = [prose.title]
    for section in prose.sections:
        words.append(section.heading)
        for paragraph in section.paragraphs:
            words += [
                piece
                if isinstance(piece, str)
                else piece.name
                if isinstance(piece, Reference)
                else piece.text
                for piece in pieces_within(paragraph)
            ]
    read, _ = lines_of(path.name, decoded(path, original))
    lines = ["".join(cell.text for row in line.rows for cell in row) or line.text for line in read]
    kept = (
        re.sub(r"^#{1,2} ", "", line)
        for line in lines
        if not line.startswith(PENDING_LINE) and not is_placement(line)
    )
    written = REFERENCE.sub(lambda match: match[1], "".join(kept))
    squeezed = [re.sub(r"\s", "", "".join(text)) for text in (words, written)]
    # The title is shown first wherever it stands in the file.
    assert sorted(squeezed[0]) == sorted(squeezed[1])


def check_read(figures: FigureSet, sandbox: Sandbox) -> None:
    """What was accepted is what the files say, read once more without the package."""
    year, root = figures.year, sandbox.root
    assert all(finding.message for finding in evaluate(figures).findings.listed), (
        "no rule stumbles over odd numbers"
    )
    folder = root / "data" / str(year.settings.year)
    for name, data in year.tables.items():
        path = folder / f"{name}.csv"
        check_table(data, path, sandbox.originals.get(path, b""), figures)
    for name, prose in year.narrative.items():
        path = folder / "narrative" / f"{name}.md"
        check_prose(prose, path, sandbox.originals[path])
    path = folder / "year.yml"
    told = decoded(path, sandbox.originals[path]) + (root / "project.yml").read_text(encoding="utf-8")
    told = " ".join(unicodedata.normalize("NFKC", told).split())  # YAML folds the lines of a text
    read = year.settings
    for value in (read.year, read.county, read.bureau, *read.title, read.period_end, read.status):
        one = " ".join(unicodedata.normalize("NFKC", str(value)).split())
        older = [word for word, today in OLDER_STATUSES.items() if today == value]
        assert any(word in told for word in (one, *older))


def check_words(message: str) -> None:
    """A message is Chinese, and a terminal can show it."""
    assert re.search("[一-鿿]", message), message
    assert not CONTROL.search(message.replace("\n", "")), message


def check_problem(problem: Problem) -> None:
    """A problem names its place, what was found and expected, and what to do, in Chinese that a terminal can show."""
    assert not Path(problem.file).is_absolute()
    for part in (problem.found, problem.expected, problem.remedy):
        assert re.search("[一-鿿]", part) or part in {"—"}, problem
    assert not CONTROL.search(str(problem)), problem
    assert len(str(problem)) < 1500, problem


def check(random: Random, sandbox: Sandbox) -> bool:
    """Damage the project, read it, judge the answer; says whether the damage was accepted."""
    try:
        year = damage(random, sandbox)
        try:
            figures, problems, notices = inspect(sandbox.root, year)
            for name in sandbox.damaged_frameworks():
                framework, found, told = inspect_framework(sandbox.root, name)
                assert (framework is None) == bool(found) or all("字库" in p.found for p in found)
                assert framework is None or all(framework_catalogue([framework]))
                problems, notices = (*problems, *found), (*notices, *told)
        except EvalbookError as error:
            check_words(str(error))
            return False
        for problem in problems:
            check_problem(problem)
        assert not any(CONTROL.search(notice) for notice in notices)
        if problems:
            return False
        assert figures is not None
        check_read(figures, sandbox)
        assert all(exports(figures).values())
        return True
    finally:
        sandbox.restore()


@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(random=st.randoms(use_true_random=False))
def test_damaged_input_is_read_correctly_or_answered(sandbox: Sandbox, random: Random) -> None:
    check(random, sandbox)


def check_often(sandbox: Sandbox) -> None:
    for seed in range(200):
        check(Random(seed), sandbox)  # noqa: S311


def test_a_planted_crash_is_found(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evalbook.schema.reader, "quote", int)
    with pytest.raises(ValueError, match="invalid literal"):
        check_often(sandbox)


def test_a_planted_misreading_is_found(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    read_text = vars(evalbook.schema.reader)["read_text"]

    def misread(root: Path, path: Path) -> tuple[str, list[Problem], list[str]]:
        text, problems, notices = read_text(root, path)
        # Misread units and codes would be refused, and then nothing is accepted.
        return text.replace("1", "7") if path.name == "spending.csv" else text, problems, notices

    monkeypatch.setattr(evalbook.schema.reader, "read_text", misread)
    with pytest.raises(AssertionError):
        check_often(sandbox)


def test_a_planted_silent_message_is_found(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evalbook.schema.reader, "clean", str)
    with pytest.raises(AssertionError):
        check_often(sandbox)


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """The real project with its ledger, corrections and frozen figures."""
    root = tmp_path_factory.mktemp("editions") / "project"
    shutil.copytree(ROOT / "data", root / "data")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    folder = root / "data" / str(YEARS[0])
    paths = [folder / "editions.yml", folder / "corrections.csv", *(folder / "editions").glob("*.csv")]
    return Sandbox(root, {path: path.read_bytes() for path in paths})


@settings(max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(random=st.randoms(use_true_random=False))
def test_damaged_editions_are_answered(edited: Sandbox, random: Random) -> None:
    """Whatever befalls the ledger and what belongs to it, the answer is Chinese and no traceback."""
    path = random.choice([*edited.originals])
    try:
        path.write_bytes(random.choice(DAMAGES[path.suffix])(random, path.read_bytes()))
        figures, problems, notices = inspect(edited.root, YEARS[0])
        for problem in problems:
            check_problem(problem)
        for notice in notices:
            check_words(notice)
        if figures is not None and not problems:
            revisions_of(figures)
    except EvalbookError as error:
        check_words(str(error))
    finally:
        edited.restore()
