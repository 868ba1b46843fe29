"""Between builds: pages whose inputs did not change are neither read nor written again.

Sphinx keeps its environment and the doctrees. What Sphinx cannot see is noted here while a page is read: what it asked
of the years and of the book. At the next build each question is asked again, and a page one of whose answers changed
is read anew. What stands on every page (titles, order and status of pages) is compared as a whole; when it changed,
every page is written anew. So is a page whose links lead elsewhere now.

Nothing is kept of a build that failed or was stopped, nor of another version of the program, of its packages, or of
the configuration: the next one begins from nothing.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx import addnodes

from evalbook.errors import InputError
from evalbook.figures.watch import Notes, answer, bare, take_notes
from evalbook.fonts import load_fonts
from evalbook.scoring import evaluate
from evalbook.sphinxext.book import book_of
from evalbook.state import GOOD, digest, input_files, listing, made_files, program_files, read_state
from evalbook.store import environment_folder
from evalbook.year import contents_hash

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from evalbook.sphinxext.book import Book

PAGES = "pages.pickle"
"""File in the doctree folder with what is known of the pages."""


@dataclass
class Known:
    """What was found while a page was read.

    Attributes
    ----------
    notes : Notes
        What it asked.
    uses : dict of str to str
        The place where it first shows each figure, by the label of the figure's lineage.
    links : tuple of str
        What its links name.
    """

    notes: Notes = field(default_factory=dict)
    uses: dict[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()


@dataclass
class Kept:
    """What is known of the pages that were read, beyond what Sphinx knows.

    Attributes
    ----------
    pages : dict of str to Known
        What was found while each page was read.
    led : dict of str to str
        By page, hash of where its links led when it was written last.
    shared : str
        Hash of what stands on every page.
    contents : dict of int to str
        Hash of the files of each year.
    used : dict of int to str
        Hash of the places that the lineage of each year leads back to.
    """

    pages: dict[str, Known] = field(default_factory=dict)
    led: dict[str, str] = field(default_factory=dict)
    shared: str = ""
    contents: dict[int, str] = field(default_factory=dict)
    used: dict[int, str] = field(default_factory=dict)


def kept_of(env: BuildEnvironment) -> Kept:
    """What is kept of the pages of an environment."""
    book = book_of(env.app)
    if "kept" not in vars(book):
        path = Path(env.app.doctreedir) / PAGES
        # Our own file, of a build that succeeded: `begin` throws away all others.
        vars(book)["kept"] = pickle.loads(path.read_bytes()) if path.is_file() else Kept()  # noqa: S301
    found: Kept = vars(book)["kept"]
    return found


def store_of(app: Sphinx) -> Path:
    """Folder of what follows from packages alone."""
    return environment_folder() or book_of(app).root / "book" / "_build" / ".kept"


def begin(app: Sphinx, root: Path, *, whole: bool) -> bool:
    """Take up what the last build left if it is good, else begin from nothing; say which.

    Parameters
    ----------
    app, root
        The build, and the project.
    whole
        Whether the HTML is built; of a build of the reports alone nothing is kept.
    """
    doctrees, source = Path(app.doctreedir), Path(app.srcdir)
    try:
        fonts = listing(font.path for font in load_fonts(root).files)
    except InputError:  # told beside all else that must be mended
        fonts = {}
    program = digest(program_files(root, source))
    inputs = digest(input_files(root, source))
    vars(app)["evalbook_state"] = {"program": program, "inputs": inputs, "fonts": fonts}
    state = read_state(doctrees)
    found = bool(
        whole
        and state.get("program") == program
        and state.get("fonts") == fonts
        and state.get("made") == listing(made_files(Path(app.outdir).parent))
    )
    if not found:
        shutil.rmtree(doctrees, ignore_errors=True)
        doctrees.mkdir(parents=True)
    return found


def alter(app: Sphinx, config: Config) -> None:
    """From now on, until :func:`finished`, what the last build left is not good any more.

    Input that was refused before altered nothing: who mends a slip of the pen need not wait for all pages.
    """
    (Path(app.doctreedir) / GOOD).unlink(missing_ok=True)


def finished(app: Sphinx) -> None:
    """Say that the environment is good, what it was made from, and which files were made."""
    doctrees = Path(app.doctreedir)
    (doctrees / PAGES).write_bytes(pickle.dumps(kept_of(app.env)))
    state = {**vars(app)["evalbook_state"], "made": listing(made_files(doctrees.parent))}
    partial = (doctrees / GOOD).with_suffix(".partial")
    partial.write_text(json.dumps(state), encoding="utf-8")
    partial.replace(doctrees / GOOD)


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Pages one of whose questions has another answer now."""
    book = book_of(app)
    answers: dict[str, str] = {}
    for year in book.years:
        evaluate(book.figures(year))  # some questions are about what was concluded

    def holds(question: str, told: str) -> bool:
        if question not in answers:
            try:
                answers[question] = answer(book.source, question)
            except Exception:  # a year that is gone answers nothing
                answers[question] = ""
        return answers[question] == told

    for docname in removed:
        Path(app.builder.get_outfilename(docname)).unlink(missing_ok=True)  # type: ignore[attr-defined]
    return [
        page
        for page, known in kept_of(env).pages.items()
        if page not in changed and not all(holds(question, told) for question, told in known.notes.items())
    ]


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is gone or will be read anew, but not how it was."""
    book_of(app).before[docname] = _read_hash(app, docname)
    kept_of(env).pages.pop(docname, None)


def listen(app: Sphinx, docname: str, _source: list[str]) -> None:
    """Note what a page asks from now on."""
    take_notes(kept_of(app.env).pages.setdefault(docname, Known()).notes)


def read(app: Sphinx, doctree: nodes.document) -> None:
    """Take no more notes when a page has been read, and see what its links name."""
    take_notes(None)
    named = {node["reftarget"] for node in doctree.findall(addnodes.pending_xref)}
    kept_of(app.env).pages[app.env.docname].links = tuple(sorted(named))


def rewritten(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages to be written anew although they were not read: all, or those whose links or lists of uses changed."""
    book = book_of(app)
    kept = kept_of(env)
    shared = _shared(app, env, book)
    pages = set(env.all_docs) if shared != kept.shared else set[str]()
    kept.shared = shared
    led = _led(env, kept)
    pages |= {page for page in env.all_docs if led[page] != kept.led.get(page)}
    kept.led = led
    used = {}
    for year in book.years:
        shown = ((page, known.uses) for page, known in kept.pages.items() if known.uses)
        places = {page: uses for page, uses in shown if book.layout.year_of(page) == year}
        used[year] = _hash(json.dumps(places, sort_keys=True))
        if used[year] != kept.used.get(year):
            pages.add(book.layout.document(year, "lineage"))
    kept.used = used
    contents = {year: contents_hash(book.root, year) for year in book.years}
    book.changed = {year for year in book.years if kept.contents.get(year) != contents[year]}
    kept.contents = contents
    book.again = pages & set(env.all_docs)
    return sorted(book.again)


def unaltered(app: Sphinx) -> set[str]:
    """Pages that were read anew, came out as before, and need not be written: they had asked for more than they show."""
    book = book_of(app)
    return {
        page
        for page, before in book.before.items()
        if before and page not in book.again and before == _read_hash(app, page)
    }


def _read_hash(app: Sphinx, page: str) -> str:
    """Hash of a page as it was read; not of the file, in which equal texts may be one or two."""
    path = Path(app.doctreedir) / f"{page}.doctree"
    if not path.is_file():
        return ""
    doctree: nodes.document = pickle.loads(path.read_bytes())  # noqa: S301 - our own, see `begin`
    return _hash(doctree.pformat())


def _led(env: BuildEnvironment, kept: Kept) -> dict[str, str]:
    """Hash of where the links of each page lead."""
    standard: Any = env.get_domain("std")
    objects: dict[str, list[object]] = {}
    for (kind, name), place in standard.objects.items():
        objects.setdefault(name, []).append((kind, place))

    def led(name: str) -> object:
        label = name.lower()
        return standard.labels.get(label), standard.anonlabels.get(label), objects.get(name)

    links = {page: known.links for page, known in kept.pages.items()}
    return {page: _hash(repr([led(name) for name in links.get(page, ())])) for page in env.all_docs}


def _shared(app: Sphinx, env: BuildEnvironment, book: Book) -> str:
    """Hash of what stands on every page."""
    told: list[object] = [
        app.config.html_title,
        app.config.author,
        sorted((name, title.astext()) for name, title in env.titles.items()),
        sorted((name, list(found)) for name, found in env.toctree_includes.items()),
        env.external_site_map.as_json() if hasattr(env, "external_site_map") else "",
    ]
    for year in book.years:
        found = bare(book.figures(year)).year
        told.append((found.settings, found.status, found.edition, found.released))
    return _hash(repr(told))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
