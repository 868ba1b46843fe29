"""Charts: a picture on every page, interactive where scripts run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from evalbook.render import VEGALITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator


class ChartSpecification(nodes.General, nodes.Element):
    """Vega-Lite specification of a chart; HTML carries it, other formats show the picture alone."""


class ChartRenderer:
    """MyST-NB plugin: a chart's specification becomes a node, its pictures get the computed alt text."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [("*", VEGALITE, 1000)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """Render one media type of a chart; ``None`` leaves it to MyST-NB."""
        if data.mime_type == VEGALITE:
            return [ChartSpecification("", specification=json.dumps(data.content, ensure_ascii=False))]
        alt_text = data.output_metadata.get(data.mime_type, {}).get("alt")
        if data.mime_type in {"image/svg+xml", "image/png"} and alt_text:
            (image,) = renderer.render_image(data)
            image["alt"] = alt_text
            return [image]
        return None


class KeepSpecification(SphinxPostTransform):
    """Keep a chart's specification beside the picture that MyST-NB chooses for the format."""

    default_priority = 3  # before MyST-NB's choice of media type, at 4

    def run(self, **_: Any) -> None:
        """Move each specification out of the alternatives."""
        for node in list(self.document.findall(ChartSpecification)):
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


def skip(self: Any, node: nodes.Node) -> None:
    """Leave a node out of a format."""
    raise nodes.SkipNode


def load_chart_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the script that makes charts interactive on pages that have one."""
    if doctree and next(iter(doctree.findall(ChartSpecification)), None):
        app.add_js_file("charts.js", defer="defer")
