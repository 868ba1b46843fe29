"""Copies of two projects, built with the real tools: the invented base county, and 桃江县 with its signed 2020 report."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from ruamel.yaml import YAML

from evalbook.year import frozen_path, ledger_path, ledger_text, read_ledger

ROOT = Path(__file__).resolve().parents[1]
BASE = ROOT / "tests" / "base_county"
"""Project of the invented 青枫县: one year, complete and without findings, and nothing that the tool brings."""
BASE_YEAR = 2023
GENERATED = shutil.ignore_patterns("_build", "years", ".ipynb_checkpoints")


def copy_base(folder: Path) -> Path:
    """Copy the base county over what a folder has; what else a build needs comes from the tool."""
    return shutil.copytree(BASE, folder, ignore=GENERATED, dirs_exist_ok=True)


def copy_taojiang(folder: Path) -> Path:
    """Copy of the project of 桃江县 what a build needs, into an empty folder."""
    for name in ("data", "notebooks", "book"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=GENERATED)
    for name in ("_config.yml", "_toc.yml", "project.yml", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def as_signed(project: Path) -> Path:
    """Take a copied project back to edition 1 of 2020: no later entry, no corrections that its cells must agree with."""
    (project / "data" / "2020" / "corrections.csv").unlink(missing_ok=True)
    (first, *later), _ = read_ledger(project, 2020)
    for edition in later:
        frozen_path(project, 2020, edition.number).unlink()
    ledger_path(project, 2020).write_text(ledger_text([first]), encoding="utf-8")
    return project


def build(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``jupyter-book build book/`` in a project, as the README says."""
    return subprocess.run(
        [str(Path(sys.executable).with_name("jupyter-book")), "build", "book/", *options],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def built(folder: Path, **environment: str) -> Path:
    """Build a project and return its HTML; the build must succeed."""
    done = build(folder, **environment)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "book" / "_build" / "html"


def configure_fonts(folder: Path, setting: dict[str, Any]) -> None:
    """Name fonts in a project's ``_config.yml``."""
    path = folder / "_config.yml"
    yaml = YAML()
    written = yaml.load(path)
    written["sphinx"]["config"]["pdf_fonts"] = setting
    with path.open("w", encoding="utf-8") as stream:
        yaml.dump(written, stream)


def make_font(path: Path, family: str, chinese: str, characters: str) -> None:
    """Make a font whose every character is a black square."""
    path.parent.mkdir(exist_ok=True)
    pen = TTGlyphPen(None)
    for move, place in ((pen.moveTo, (60, -60)), (pen.lineTo, (60, 820)), (pen.lineTo, (940, 820))):
        move(place)
    pen.lineTo((940, -60))
    pen.closePath()
    names = [".notdef", *(f"u{ord(character):X}" for character in characters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(zip(map(ord, characters), names[1:], strict=True)))
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 60)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable(
        {
            "familyName": {"en": family, "zh": chinese},
            "styleName": "Regular",
            "psName": family.replace(" ", ""),
            "version": "Version 1.5",
        }
    )
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWeightClass=400)
    builder.setupPost()
    builder.save(path)


Command = Callable[..., Result]
"""The ``evalbook`` command, run in a copied project."""
