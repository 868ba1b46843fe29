"""The import rule: data flows one way, and only one module imports Sphinx, papermill or click."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

import evalbook

PACKAGE = Path(evalbook.__file__).parent
ORDER = (
    "errors",
    "state",
    "store",
    "tables",
    "fonts",
    "figures",
    "editions",
    "privacy",
    "checks",
    "scoring",
    "render",
    "run",
    "sphinxext",
    "publish",
    "release",
    "cli",
)
READ = {"errors", "tables", "figures"}
MAY_IMPORT = {
    "errors": set(),
    "state": set(),
    "store": set(),
    "tables": {"errors"},
    "fonts": {"errors", "store", "tables"},
    "figures": {"errors", "tables"},
    "editions": READ,
    "privacy": READ,
    "checks": READ,
    "scoring": {*READ, "checks"},
    "render": {*READ, "store", "fonts", "editions", "checks", "scoring"},
    "run": {*READ, "fonts", "editions", "scoring", "render"},
    "sphinxext": {*READ, "state", "store", "fonts", "editions", "checks", "scoring", "render", "run"},
    "publish": READ,
    "release": {*READ, "state", "editions", "privacy", "checks", "scoring", "run", "publish"},
    "cli": {*READ, "state", "editions", "checks", "scoring", "render", "run", "publish", "release"},
}
OWNERS = {
    "sphinx": {"sphinxext"},
    "docutils": {"sphinxext"},
    "click": {"cli"},
    "rich": {"cli"},
    "papermill": {"run"},
    "jinja2": {"sphinxext", "publish"},
    "typst": {"fonts", "sphinxext"},
    "fontTools": {"fonts"},
    "altair": {"render"},
    "openpyxl": {"tables"},
    "xlsxwriter": {"render"},
    "pint": {"figures"},
    "stdnum": {"privacy"},
    "pikepdf": {"privacy"},
    "pypdfium2": {"privacy"},
    "PIL": {"privacy"},
    "lxml": {"privacy"},
    "bs4": {"sphinxext", "release"},
}
BY_NAME = PACKAGE / "sphinxext" / "resident.py"
"""Imports whatever the last build had to import; nobody else may hide what it imports."""


def module_of(path: Path) -> str:
    """Name in the layout: a file, or the package that it is part of."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(source: str) -> set[str]:
    """Dotted names that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # The package has two levels: a relative import always starts at its top or one below.
            module = ".".join(filter(None, ("evalbook" if node.level else "", node.module)))
            names |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return names


def broken_rules(module: str, source: str) -> list[str]:
    faults = []
    for name in imports(source):
        if name.startswith("importlib.import_module") or name == "importlib":
            faults.append(f"{module} imports by name")
        first, *rest = name.split(".")
        if first == "evalbook" and rest and rest[0] in ORDER and rest[0] != module:
            if rest[0] not in MAY_IMPORT[module]:
                faults.append(f"{module} imports {name}")
        elif module not in OWNERS.get(first, {module}):
            faults.append(f"{module} imports {name}")
    return faults


SOURCES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_import_only_what_comes_before_them(path: Path) -> None:
    faults = broken_rules(module_of(path), path.read_text(encoding="utf-8"))
    assert faults == (["sphinxext imports by name"] if path == BY_NAME else [])


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("tables", "from evalbook.figures import load"),
        ("figures", "import evalbook.render.charts"),
        ("run", "from evalbook.sphinxext import setup"),
        ("render", "import sphinx.application"),
        ("figures", "def f():\n    import click"),
        ("tables", "from ..figures import load"),
        ("tables", "from .. import figures"),
        ("tables", "import importlib"),
        ("fonts", "from evalbook.figures import load"),
        ("figures", "from evalbook.checks import check"),
        ("checks", "from evalbook.render import Block"),
        ("checks", "from evalbook.scoring import examine"),
        ("scoring", "import openpyxl"),
        ("render", "import typst"),
    ],
)
def test_a_planted_import_is_found(module: str, source: str) -> None:
    assert broken_rules(module, source)


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
