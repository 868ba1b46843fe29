"""Charts: a picture on every page, interactive where scripts run."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from evalbook.render.charts import NARROW, VEGALITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class ChartSpecification(nodes.General, nodes.Element):
    """Vega-Lite specification of a chart; HTML carries it, other formats show the picture alone."""


class NarrowChart(nodes.General, nodes.Element):
    """Picture and specification of a chart for narrow screens, of which only HTML has any."""


class ChartRenderer:
    """MyST-NB plugin: a chart's specification becomes a node, its pictures get the computed alt text."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [
        ("*", VEGALITE, 1000),
        ("*", NARROW, 1001),
        ("pdf", "image/svg+xml", 10),
    ]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """Render one media type of a chart; ``None`` leaves it to MyST-NB."""
        alt_text = data.output_metadata.get(data.mime_type, {}).get("alt")
        if data.mime_type == VEGALITE:
            return [specification(data.content)]
        if data.mime_type == NARROW:
            svg = replace(data, mime_type="image/svg+xml", content=data.content["svg"])
            drawn = picture(renderer, svg, alt_text)
            return [NarrowChart("", drawn, specification(data.content["specification"]))]
        if data.mime_type == "image/svg+xml" and alt_text:
            drawn = picture(renderer, data, alt_text)
            drawn["classes"].append("chart-wide")
            return [drawn]
        return None


def specification(content: Any) -> ChartSpecification:
    """Node of a specification."""
    return ChartSpecification("", specification=json.dumps(content, ensure_ascii=False))


def picture(renderer: Any, data: Any, alt_text: str) -> nodes.image:
    """Image node with the words computed for it."""
    image: nodes.image = renderer.render_image(data)[0]
    image["alt"] = alt_text
    return image


class KeepSpecification(SphinxPostTransform):
    """Keep what only HTML shows of a chart beside the picture that MyST-NB chooses for the format."""

    default_priority = 3  # before MyST-NB's choice of media type, at 4

    def run(self, **_: Any) -> None:
        """Move it out of the alternatives."""
        kept = self.document.findall(lambda node: isinstance(node, ChartSpecification | NarrowChart))
        for node in [node for node in kept if not isinstance(node.parent, NarrowChart)]:
            alternative = node.parent
            bundle = alternative.parent
            bundle.remove(alternative)
            bundle.parent.insert(bundle.parent.index(bundle) + 1, node)


def visit_specification(self: HTML5Translator, node: ChartSpecification) -> None:
    """Write the specification as data that no browser runs by itself."""
    # No "<" at all: inside a script element "</script" and "<!--" would mean more than text.
    text = node["specification"].replace("<", "\\u003c")
    self.body.append(f'<script type="application/json" class="vega-lite">{text}</script>')
    raise nodes.SkipNode


def visit_narrow(self: HTML5Translator, node: NarrowChart) -> None:
    """Begin the part of a chart that style sheets show on narrow screens only."""
    self.body.append('<div class="chart-narrow">')


def depart_narrow(self: HTML5Translator, node: NarrowChart) -> None:
    """End it."""
    self.body.append("</div>")


def load_chart_script(app: Sphinx, *page: Any) -> None:
    """Load the script that makes charts interactive on pages that have one."""
    *_, doctree = page
    if doctree and next(iter(doctree.findall(ChartSpecification)), None):
        app.add_js_file("charts.js", defer="defer")
