"""The house: data flow one way and no circles (the contracts in pyproject.toml), and notebooks that compute nothing."""

from __future__ import annotations

import ast
import importlib
import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from projects import ROOT

import evalbook

PACKAGE = Path(evalbook.__file__).parent

PLANTED = {
    "Data flow one way": ("schema/text.py", "def _planted():\n    from evalbook.figures import load"),
    "No circles, inside packages neither": ("figures/units.py", "from evalbook.figures import formula"),
    "What is published does not hang on Sphinx": ("publish/files.py", "from evalbook.sphinxext import setup"),
    "Sphinx is met in the glue alone": ("render/pages.py", "import sphinx.application"),
    "The terminal is met in the commands alone": ("figures/watch.py", "def _planted():\n    import click"),
    "Workbooks are read in reading": ("scoring/rules.py", "import openpyxl"),
}


def layers() -> list[list[str]]:
    """Modules of the package by layer, the lowest first, as the contract states them."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        (flow,) = (
            contract
            for contract in tomllib.load(stream)["tool"]["importlinter"]["contracts"]
            if contract["id"] == "flow"
        )
    return [layer.split(" | ") for layer in reversed(flow["layers"])]


def test_contributing_draws_the_house_as_it_is() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    house = text[text.index("## The house") :].split("```")[1]
    drawn = [re.findall(r"[a-z]+", line[4:23]) for line in house.splitlines() if line.startswith("   │  ")]
    places = {name: place for place, names in enumerate(filter(None, drawn)) for name in names}
    order = [name for layer in layers() for name in layer]
    assert set(places) == set(order)
    for below, above in itertools.pairwise(layers()):
        assert max(places[name] for name in below) <= min(places[name] for name in above), (below, above)


@pytest.mark.parametrize(
    "package", sorted({path.parent for path in PACKAGE.rglob("__init__.py")} - {PACKAGE})
)
def test_what_a_package_says_of_its_modules_is_so(package: Path) -> None:
    """Whoever lists modules lists all of them, and none that went."""
    said = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    modules = {
        path.stem for path in package.iterdir() if (path / "__init__.py").exists() or path.suffix == ".py"
    }
    modules = {name for name in modules if not name.startswith("_")}
    listed = set(re.findall(r"``([a-z_]+)``(?!\s*\()", said))
    if listed & modules:
        assert listed == modules


def public_names() -> str:
    """Names that each package hands out, a line each, all of which say what they are."""
    lines = []
    for init in sorted(PACKAGE.rglob("__init__.py")):
        name = ".".join(("evalbook", *init.parent.relative_to(PACKAGE).parts))
        package = importlib.import_module(name)
        for public in getattr(package, "__all__", ()):
            given = getattr(package, public)
            assert not callable(given) or given.__doc__, f"{name}.{public}"
            lines.append(f"{name}.{public}\n")
    return "".join(lines)


def test_what_others_may_import_is_listed() -> None:
    """A name that goes breaks whoever uses the package; the list makes that a decision."""
    assert public_names() == (ROOT / "tests" / "public_names.txt").read_text(encoding="utf-8")


def contracts(folder: Path) -> str:
    """What import-linter says of the package in a folder."""
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("lint-imports")),
            "--config",
            str(ROOT / "pyproject.toml"),
            "--no-cache",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout + done.stderr


def test_modules_import_only_what_comes_before_them() -> None:
    assert " 0 broken." in contracts(ROOT)


def test_planted_imports_are_found(tmp_path: Path) -> None:
    package = shutil.copytree(PACKAGE, tmp_path / "evalbook", ignore=shutil.ignore_patterns("__pycache__"))
    for file, line in PLANTED.values():
        with (package / file).open("a", encoding="utf-8") as stream:
            stream.write(f"\n\n{line}\n")
    told = contracts(tmp_path)
    assert [name for name in PLANTED if f"{name} BROKEN" not in told] == []


def test_the_package_names_no_county() -> None:
    """County, bureau and titles come from data."""
    named = [
        f"{path.name}:{number}"
        for path in PACKAGE.rglob("*")
        if path.suffix in {".py", ".css", ".js"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "桃江" in line or "益阳" in line
    ]
    assert not named


def is_thin(source: str) -> bool:
    """Whether a cell only declares, imports ``render as show``, opens its page, or shows a part of it."""
    for statement in ast.parse(source).body:
        match statement:
            case ast.AnnAssign(value=ast.Constant()):
                pass
            case ast.ImportFrom(module="evalbook", names=[ast.alias(name="render", asname="show")]):
                pass
            case ast.Assign(value=ast.Call(func=ast.Attribute(ast.Name("show")), args=arguments)) | ast.Expr(
                ast.Call(func=ast.Attribute(ast.Name("show")), args=arguments)
            ) if all(isinstance(argument, ast.Name | ast.Constant) for argument in arguments):
                pass
            case _:
                return False
    return True


def test_notebooks_hold_no_computation() -> None:
    for path in (PACKAGE.parent / "notebooks").glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            assert is_thin(cell.source), f"{path.name}: {cell.source}"


@pytest.mark.parametrize(
    "planted",
    ["show.table(page, 1 + 1)", "sum([1, 2])", "total = 5", "import pandas", "[x for x in page.figures]"],
)
def test_a_planted_computation_is_found(planted: str) -> None:
    assert not is_thin(planted)
