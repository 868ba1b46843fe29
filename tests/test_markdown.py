"""Text from data is shown as it is: no character of it can act as Markdown, a role or a directive."""

from __future__ import annotations

import string

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import given
from hypothesis import strategies as st
from myst_parser.parsers.docutils_ import Parser

from evalbook.render.markdown import Numeric, escape, table

HOSTILE = [
    "`{raw}` html",
    "```{include} /etc/passwd",
    ":::{raw} html",
    "<script>alert(1)</script>",
    "[a](javascript:alert(1))",
    "![a](b)",
    "{figure}`x <y>`",
    "| a | b |",
    "(label)=",
    "# heading",
    "1. list",
    "- list",
    "&lt;&#60;",
    "{{ substitution }}",
    "$x^2$",
    "% comment",
    "+++ block",
    "a\\",
]
TEXT = st.text(st.sampled_from(string.punctuation + "救助a1"), min_size=1, max_size=30)


def parsed(markdown: str) -> nodes.document:
    settings = {"myst_enable_extensions": ["colon_fence"], "report_level": 1, "warning_stream": ""}
    document: nodes.document = publish_doctree(markdown, parser=Parser(), settings_overrides=settings)
    return document


def shown_in_paragraph(text: str) -> None:
    document = parsed(escape(text))
    (paragraph,) = document.children
    assert isinstance(paragraph, nodes.paragraph)
    assert paragraph.astext() == text
    assert all(isinstance(node, nodes.Text) for node in paragraph.children)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(text: str) -> None:
    shown_in_paragraph(text)


@given(TEXT)
def test_any_text_is_shown_as_it_is(text: str) -> None:
    shown_in_paragraph(text)


@given(TEXT, TEXT)
def test_any_text_fits_a_table(first: str, second: str) -> None:
    document = parsed(table(escape(first), ("甲", Numeric("乙")), [(escape(first), escape(second))]))
    (caption,) = document.findall(nodes.title)
    assert caption.astext() == first
    cells = [entry.astext() for entry in document.findall(nodes.entry)]
    assert cells == ["甲", "乙", first, second]


def test_unescaped_text_would_act() -> None:
    """The tests above can fail."""
    assert not isinstance(parsed("# heading").children[0], nodes.paragraph)
    assert parsed("*a*").astext() != "*a*"
