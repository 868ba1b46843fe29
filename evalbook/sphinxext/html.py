"""The builder of HTML: pages that changed are read side by side and written; the search index has what each alone says."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from jinja2 import FileSystemBytecodeCache
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.util.parallel import ParallelTasks

from evalbook.run import processors
from evalbook.sphinxext.corrections import BOX
from evalbook.sphinxext.kept import kept_of, store_of, unaltered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx.application import Sphinx

KEPT_OF_INDEX = ("_titles", "_filenames", "_mapping", "_title_mapping", "_all_titles", "_index_entries")

REPEATED = {"status", "compiled", "not-searched", "official-form", BOX}
"""Classes of what pages say of their edition, that they are the tool's, of corrections that the page of editions lists,
and of what forms say again."""


INDEX = "search.pickle"
"""File in the doctree folder with what the search index holds; the published index does not hold all of it."""


class HtmlBuilder(StandaloneHTMLBuilder):
    """Builder ``html``, which writes what changed and nothing else."""

    def init_templates(self) -> None:
        """Have the theme's templates compiled once for each environment, not once for each build."""
        super().init_templates()
        compiled = store_of(self.app) / "templates"
        compiled.mkdir(parents=True, exist_ok=True)
        assert isinstance(self.templates, BuiltinTemplateLoader)  # noqa: S101 - Sphinx's own
        self.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(compiled))

    def _read_parallel(self, docnames: list[str], nproc: int) -> None:
        """Read pages in as many processes as there are processors.

        Sphinx gives each process a few pages at a time and takes over what it found as it comes: the order of what is
        known would differ from run to run, and all that was known would travel each time.
        """
        for docname in docnames:
            self.events.emit("env-purge-doc", self.env, docname)
            self.env.clear_doc(docname)
        found: dict[str, bytes] = {}
        tasks = ParallelTasks(nproc)
        sizes = [Path(self.env.doc2path(name)).stat().st_size for name in docnames]
        shares = shared_out(docnames, sizes, nproc)
        for share in shares:
            tasks.add_task(self._read_share, share, lambda share, read: found.update({share[0]: read}))
        tasks.join()
        kept = kept_of(self.env)
        for share in shares:
            env, read = pickle.loads(found[share[0]])  # noqa: S301 - of our own process
            self.env.merge_info_from(share, env, self.app)
            kept.pages.update(read)

    def _read_share(self, docnames: list[str]) -> bytes:
        """Read pages in a process of its own; what was found in them."""
        self.env.app = self.app
        for number, docname in enumerate(docnames, start=1):
            self.read_doc(docname, _cache=False)
            # What Sphinx logs here is shown when all is read.
            print(f"reading sources... [{100 * number // len(docnames):3}%] {docname}", flush=True)
        known = {docname: kept_of(self.env).pages[docname] for docname in docnames}
        return pickle.dumps((self.env, known), pickle.HIGHEST_PROTOCOL)

    def write(
        self, build_docnames: Iterable[str] | None, updated_docnames: Sequence[str], method: Any = "update"
    ) -> None:
        """Write the pages that changed; Sphinx would add every page that lists one of them."""
        every = build_docnames is None or build_docnames == ["__all__"]
        asked = self.env.found_docs if every else set(build_docnames or ())
        self.changed = asked | (set(updated_docnames) if method == "update" else set())
        self.changed -= unaltered(self.app)
        super().write(build_docnames, updated_docnames, method)

    def prepare_writing(self, docnames: set[str]) -> None:
        """Make ready for the pages that changed."""
        super().prepare_writing(docnames & self.changed)

    def _write_serial(self, docnames: Sequence[str]) -> None:
        super()._write_serial([name for name in docnames if name in self.changed])

    def load_indexer(self, docnames: Iterable[str]) -> None:
        """Take up the index of the last build, less the pages that are written anew."""
        path = Path(self.app.doctreedir) / INDEX
        if self.indexer is not None and path.is_file():
            vars(self.indexer).update(pickle.loads(path.read_bytes()))  # noqa: S301 - our own, see kept.begin
            self.indexer.prune(set(self.env.all_docs) - set(docnames))
            for name in docnames:
                self.indexer._index_entries.pop(name, None)

    def dump_search_index(self) -> None:
        """Write the index, in an order that does not depend on what was written when."""
        if self.indexer is not None:
            self.indexer._index_entries = dict(sorted(self.indexer._index_entries.items()))
            for mapping in (self.indexer._mapping, self.indexer._title_mapping):
                for word in [word for word, pages in mapping.items() if not pages]:
                    del mapping[word]  # of pages that were written anew
            state = {name: vars(self.indexer)[name] for name in KEPT_OF_INDEX}
            (Path(self.app.doctreedir) / INDEX).write_bytes(pickle.dumps(state))
        super().dump_search_index()

    def index_page(self, pagename: str, doctree: nodes.document, title: str) -> None:
        """Index a page less what others say too.

        With it, who looks for 更正 would find every page, and who looks for the document that a doubt rests on would
        find every page that shows the doubtful figure before the one that speaks of the document.
        """
        apart = [
            (node.parent, node.parent.index(node), node)
            for node in doctree.findall(nodes.Element)
            if REPEATED.intersection(node.get("classes", ()))
        ]
        for parent, place, _ in reversed(apart):
            del parent.children[place]
        super().index_page(pagename, doctree, title)
        for parent, place, node in apart:  # a copy of the page would take longer than all the rest
            parent.children.insert(place, node)


def shared_out(names: list[str], sizes: list[int], shares: int) -> list[list[str]]:
    """Names in as many runs as asked for, in order, of about the same size; no run is empty."""
    found: list[list[str]] = []
    before, reached = 0.0, -1
    for name, size in zip(names, sizes, strict=True):
        share = int((before + size / 2) * shares / (sum(sizes) or 1))
        before += size
        if share > reached:
            found.append([])
            reached = share
        found[-1].append(name)
    return found


def read_side_by_side(app: Sphinx) -> None:
    """Let pages be read side by side.

    Two of Jupyter Book's extensions do not say whether they can be: one numbers sections when all is read, the other
    changes pages for LaTeX.
    """
    if not isinstance(app.builder, HtmlBuilder):
        return
    for name in ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex"):
        if name in app.extensions and app.extensions[name].parallel_read_safe is None:
            app.extensions[name].parallel_read_safe = True
    app.parallel = processors()


def write_one_by_one(app: Sphinx, _env: object) -> None:
    """Write pages in this process: the index of all has to be in one."""
    app.parallel = 1
