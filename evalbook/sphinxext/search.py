"""While writing: a search index whose pieces a browser can cut out of a query without a dictionary.

Sphinx asks jieba for the words of the pages, but nothing cuts the query: a browser looks for 城市低保累计支出 as
one word and finds nothing. So the index also has every pair of neighbouring Chinese characters, and
``static/search.js`` cuts the query into the same pieces. The two must agree; a test compares them.
"""

from __future__ import annotations

import logging
import marshal
import re
import sys
import unicodedata
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import jieba
from sphinx.search import SearchLanguage

from evalbook.schema.characters import SUPPLEMENT, USUAL, folded
from evalbook.sphinxext.book import book_of
from evalbook.sphinxext.kept import store_of
from evalbook.store import kept

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.application import Sphinx

HAN = "[〇㐀-鿿\U00020000-\U0003ffff]"
# 2020年城市低保 is a year and a phrase: the 年 belongs to the number, or 年城 would have to be on the page.
WORD = re.compile(rf"[0-9]+(?:\.[0-9]+)?|[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*|(?<=[0-9]{{4}})年度?|{HAN}+")
THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")


def words(text: str) -> list[str]:
    """Runs of Chinese characters, numbers with their decimals, and names such as ``spending.urban_dibao``."""
    return WORD.findall(THOUSANDS.sub("", unicodedata.normalize("NFKC", folded(text)).lower()))


def pieces(word: str) -> list[str]:
    """What a word is looked up by: each pair of Chinese characters; anything else whole."""
    if len(word) == 1 or not re.match(HAN, word):
        return [word]
    return [word[start : start + 2] for start in range(len(word) - 1)]


class SearchByPieces(SearchLanguage):
    """Language ``zh`` of the search index: the pieces, and jieba's longer words, which tell what a page is about."""

    lang = "zh"
    language_name = "Chinese"

    def split(self, input: str) -> list[str]:  # noqa: A002 - Sphinx's name
        """Pieces of a text, its longer words, and these with the word that follows them."""
        terms = []
        for word in words(input):
            cut = list(jieba.cut(word))
            # 农村低保资金 and 农村低保对象 on one page tell that it says more about 农村低保 than another: the index
            # has pages of a term, not how often it stands there.
            followed = [first + second for first, second in pairwise(cut) if len(first) > 2]
            terms += [*pieces(word), *(term for term in cut if len(term) > 2), *followed]
        return terms


def load_dictionary(store: Path) -> None:
    """Get jieba ready; its own cache lies in the common temporary folder, may be another user's, and is slower."""
    jieba.setLogLevel(logging.WARNING)
    known = jieba.dt
    if not known.initialized:
        file = store / f"jieba-{version('jieba')}-{sys.implementation.cache_tag}"
        made = kept(file, lambda: marshal.dumps(known.gen_pfdict(known.get_dict_file())))
        known.FREQ, known.total = marshal.loads(made.read_bytes())  # noqa: S302 - made above, in our own folder
        known.initialized = True


def teach_names(app: Sphinx) -> None:
    """Let jieba know the programmes of the registry; its own dictionary has 特困 but not 特困供养."""
    load_dictionary(store_of(app))
    for name in book_of(app).registries.programmes:
        for word in words(name):
            jieba.add_word(word)


def load_search_script(app: Sphinx, pagename: str, *_: object) -> None:
    """Load the script that cuts queries into pieces, on the page that searches."""
    if pagename == "search":
        book = book_of(app)
        years = [book.figures(year).year for year in book.years]
        drafts = [str(y.settings.year) for y in years if not (y.released or y.authority.approved)]
        attributes: dict[str, Any] = {
            "defer": "defer",
            "data-drafts": " ".join(drafts),
            "data-alike": f"{SUPPLEMENT} {USUAL}",
        }
        if book.layout.edition is not None:
            attributes["data-edition"] = str(book.layout.edition)
        app.add_js_file("search.js", **attributes)
