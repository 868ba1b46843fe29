"""Invented forms and years, one point each, with what is right: ``cases/forms.yml`` and ``cases/years.yml``.

A form is a grid of text under ``cases/forms``; where the case names a workbook, it is made of that grid with merged
cells. A year is the invented year under ``cases/years/base`` with changes. Severities are the least (``want``) or the
most (``at_most``) that a finding with all of the words may have.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner
from counties import County
from ruamel.yaml import YAML

from evalbook.checks import SEVERITIES
from evalbook.cli import main
from evalbook.year.tables import TABLES

CASES = Path(__file__).with_name("cases")
BASE_YEAR = 2023
RANK = ("无", *reversed(SEVERITIES))
"""Severities from none at all to the gravest."""
HEADINGS = {table.name: [column.heading for column in table.columns] for table in TABLES}
Case = Mapping[str, Any]


def read(name: str) -> list[Case]:
    """Cases of a file."""
    cases: list[Case] = YAML(typ="safe").load((CASES / f"{name}.yml").read_text(encoding="utf-8"))
    return cases


def grid(name: str) -> list[list[str]]:
    """Rows of a form."""
    text = (CASES / "forms" / Path(name).with_suffix(".csv")).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def workbook(rows: Sequence[Sequence[str]], merged: Iterable[str] = ()) -> openpyxl.Workbook:
    """A workbook with the rows, numbers and percentages as Excel stores them."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "自评表"
    for at, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            if percentage := re.fullmatch(r"(\d+(?:\.(\d+))?)%", text):
                cell.value = round(float(percentage[1]) / 100, 6)
                cell.number_format = f"0.{'0' * len(percentage[2])}%" if percentage[2] else "0%"
            elif re.fullmatch(r"\d+(\.\d+)?", text):
                cell.value = float(text) if "." in text else int(text)
            elif text:
                cell.value = text
    for area in merged:
        sheet.merge_cells(area)
    return book


def written(case: Case, folder: Path) -> list[Path]:
    """Files of a form's case."""
    paths = [folder / name for name in case["files"]]
    for path in paths:
        if (CASES / "forms" / path.name).exists():
            shutil.copy(CASES / "forms" / path.name, path)
        else:
            workbook(grid(path.name), case.get("merged", ())).save(path)
    return paths


def change(folder: Path, patch: Mapping[str, Any]) -> None:
    """Change a year's folder: rows of a table, settings or prose."""
    if settings := patch.get("settings"):
        path = folder / "year.yml"
        yaml = YAML()
        told = yaml.load(path.read_text(encoding="utf-8"))
        told.update({name: value if value is not None else "" for name, value in settings.items()})
        with path.open("w", encoding="utf-8") as stream:
            yaml.dump(told, stream)
    elif prose := patch.get("prose"):
        for name, text in prose.items():
            (folder / "narrative" / f"{name}.md").write_text(text, encoding="utf-8")
    else:
        _change_rows(folder / f"{patch['table']}.csv", patch)


def _change_rows(path: Path, patch: Mapping[str, Any]) -> None:
    headings = HEADINGS[path.stem]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if "add" in patch:
        usual = {"出处": "台账"} | ({"章节": "四"} if path.stem == "actions" else {})
        usual = {name: cell for name, cell in usual.items() if name in headings}
        rows += [{**usual, **row} for row in patch["add"]]
    else:
        hit = [
            row for row in rows if all((row.get(name) or "") == cell for name, cell in patch["where"].items())
        ]
        assert hit, patch
        if patch.get("drop"):
            rows = [row for row in rows if row not in hit]
        for row in hit:
            row.update(patch.get("set", {}))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.DictWriter(stream, headings, restval="")
        out.writeheader()
        out.writerows(rows)


def county() -> County:
    """The invented year without a change."""
    base = CASES / "years" / "base"
    settings = YAML(typ="safe").load((base / "year.yml").read_text(encoding="utf-8"))
    tables = {}
    for name in HEADINGS:
        if (base / f"{name}.csv").exists():
            with (base / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
                tables[name] = tuple(csv.DictReader(stream))
    prose = {path.stem: path.read_text(encoding="utf-8") for path in (base / "narrative").glob("*.md")}
    kept = {
        name: str(value) for name, value in settings.items() if isinstance(value, str | int | datetime.date)
    }
    return County(BASE_YEAR, kept, tables, prose=prose)


def project(case: Case, root: Path) -> Path:
    """Write the years of a case, and programmes that it registers, below a folder."""
    (root / "data" / "reference").mkdir(parents=True)
    if registry := case.get("registry"):
        with (root / "data" / "reference" / "programmes.csv").open(
            "w", encoding="utf-8-sig", newline=""
        ) as stream:
            out = csv.DictWriter(
                stream, list(dict.fromkeys(name for row in registry for name in row)), restval=""
            )
            out.writeheader()
            out.writerows(registry)
    for year in case["years"]:
        folder = root / "data" / str(year["year"])
        shutil.copytree(CASES / "years" / "base", folder)
        settings = folder / "year.yml"
        # Dates of the base move with the year.
        moved = re.sub(
            r"202[34]",
            lambda found: str(int(found[0]) + year["year"] - BASE_YEAR),  # noqa: B023
            settings.read_text(encoding="utf-8"),
        )
        settings.write_text(moved, encoding="utf-8")
        for patch in year.get("changes", ()):
            change(folder, patch)
    return root


def answer(*arguments: str) -> tuple[dict[str, Any], str]:
    """JSON that a command answers, or what it says instead."""
    done = CliRunner().invoke(main, [*arguments, "--json"])
    try:
        document: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {}, (done.output or str(done.exception)).strip()
    return document, ""


def told(document: Mapping[str, Any]) -> list[tuple[set[int], str, str]]:
    """Findings of an answer: rows, severity, number with message; consequences too."""
    listed = [g for f in document.get("findings", ()) for g in (f, *f.get("consequences", ()))]
    return [
        ({place["row"] for place in f.get("places", ())}, f["severity"], f"{f['id']} {f['message']}")
        for f in listed
    ]


def _lacks(case: Case, found: Sequence[tuple[set[int], str, str]]) -> list[str]:
    """What is wanted and not found, and what is found and too grave."""
    wrong = []
    for want in case.get("want", ()):
        fitting = [
            text
            for rows, severity, text in found
            if want.get("row") is None or want["row"] in rows
            if RANK.index(severity) >= RANK.index(want["severity"]) and all(w in text for w in want["words"])
        ]
        if not fitting:
            wrong.append(f"没有{want['severity']}：{want}")
    for most in case.get("at_most", ()):
        graver = [
            text
            for rows, severity, text in found
            if most.get("row") is None or most["row"] in rows
            if RANK.index(severity) > RANK.index(most["severity"])
            and all(w in text for w in most.get("words", ()))
        ]
        if len(graver) > most.get("count", 0):
            wrong += [f"多于{most['severity']}：{text[:70]}" for text in graver]
    return wrong


def wrong_in_form(case: Case, folder: Path) -> list[str]:
    """What is wrong with the answer to a form's case; nothing where it is right."""
    files = written(case, folder)
    document, refused = answer("score", *(text for path in files for text in ("--form", str(path))))
    said = [(u["place"]["row"], u["why"]) for u in document.get("unjudged", ())]
    said += [(0, notice) for notice in document.get("notices", ())]
    least = case.get("or_say")
    if least and any(all(w in text for w in least) for text in (refused, *(text for _, text in said))):
        return []
    if refused:
        return [refused]
    wrong = _lacks(case, told(document))
    for say in case.get("say", ()):
        fits = [
            text
            for row, text in said
            if say.get("row") in {None, row} and all(w in text for w in say["words"])
        ]
        wrong += [] if fits else [f"没有说：{say}"]
    wrong += [f"不必说：{text}" for row, text in said if row in case.get("not_said", ())]
    wrong += [f"不必说：{text}" for _, text in said if any(w in text for w in case.get("not_said_words", ()))]
    if len(said) > case.get("say_at_most", len(said)):
        wrong.append(f"{len(said)}行不能判断")
    return wrong


def wrong_in_year(case: Case, root: Path) -> list[str]:
    """What is wrong with the answer to a year's case; nothing where it is right."""
    year = str(case["years"][-1]["year"])
    command = case.get("command", ["check"])
    document, refused = answer("--project", str(project(case, root)), *command, year)
    if refused:
        return [refused]
    problems = [f"{problem['found']}{problem['expected']}" for problem in document.get("problems", ())]
    found = told(document)
    wrong = [f"拒绝：{problem}" for problem in problems] + _lacks(case, found)
    remarks = [*document.get("notices", ()), *(text for _, _, text in found)]
    for card in document.get("scorecards", ()):
        remarks += [json.dumps(score, ensure_ascii=False) for score in card["scores"]]
    for words in case.get("say", ()):
        wrong += [] if any(all(w in text for w in words) for text in remarks) else [f"没有说：{words}"]
    return wrong
