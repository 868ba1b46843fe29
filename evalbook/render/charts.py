"""Charts: a Vega-Lite specification with the pictures and words that stand for it.

The SVG and the PNG are made here, with fonts from a package, so that a page needs no script to show the
chart and every machine draws it alike; the specification goes along for readers whose browser runs scripts.
"""

from __future__ import annotations

import base64
import functools
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import altair as alt
import vl_convert

from evalbook.render.markdown import MARKDOWN, escape, reference
from evalbook.tables.schema import FUNDS, LEVELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evalbook.figures import Figure, FigureSet
    from evalbook.tables import Programme

VEGALITE = "application/vnd.vegalite.v6+json"
FONT = "Noto Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
# Contrast against white: blue 6.2:1, orange 3.9:1, green 4.9:1, purple 6.0:1, grey 4.7:1 (WCAG 1.4.11
# asks 3:1); the order keeps neighbours apart for colour-blind readers (hues after Okabe and Ito).
COLOURS = ("#0b6699", "#c8651b", "#1d7f5f", "#7d4f9e", "#737373")
BAR = 26
MONEY = "万元"


@dataclass(frozen=True)
class Chart:
    """A chart ready to be shown.

    Attributes
    ----------
    specification : mapping
        Vega-Lite, without an address to load anything from.
    svg : str
        Picture for pages.
    png : bytes
        Picture for programs that show no SVG.
    alt : str
        What the chart says, in words computed from the figures.
    finding : str
        MyST Markdown that stands above it: the finding, with links to its figures.
    """

    specification: Mapping[str, Any]
    svg: str
    png: bytes
    alt: str
    finding: str

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, object], dict[str, object]]:
        data: dict[str, object] = {
            VEGALITE: self.specification,
            "image/svg+xml": self.svg,
            "image/png": base64.b64encode(self.png).decode("ascii"),
            MARKDOWN: self.finding,
            "text/plain": self.alt,
        }
        return data, {"image/svg+xml": {"alt": self.alt}, "image/png": {"alt": self.alt}}


@functools.cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(files("pylopdf_fonts_zh_cn")))


def finished(chart: Any, alt_text: str, finding: str) -> Chart:
    """Draw an Altair chart in the project's style."""
    _register_fonts()
    styled = (
        chart.configure(font=FONT, background="white")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=13, titleFontSize=13, labelLimit=320, grid=False, domainColor="#737373")
        .configure_legend(labelFontSize=13, titleFontSize=13, orient="top")
        .configure_text(fontSize=13)
    )
    specification = styled.to_dict()
    # The schema address is a name, yet a page that names an outside host fails the offline gate.
    del specification["$schema"]
    return Chart(
        specification,
        vl_convert.vegalite_to_svg(specification),
        vl_convert.vegalite_to_png(specification, scale=2),
        alt_text,
        f"**{finding}**",
    )


def funds_chart(figures: FigureSet) -> Chart | None:
    """Where the money came from: each item of each level, largest first; None without any amount."""
    rows = [row for row in figures.year.tables["funds"].rows if row.cells["value"] is not None]
    if not rows:
        return None
    items = []
    for row in sorted(rows, key=lambda row: list(LEVELS).index(str(row.cells["level"]))):
        programme: Programme = row.cells["programme"]  # type: ignore[assignment]
        figure = figures.figures[FUNDS.full_address(row.cells)]
        items.append((str(row.cells["level"]), programme.name, figure))
    levels = list(dict.fromkeys(level for level, _, _ in items))
    data: list[dict[str, Any]] = [
        {"级次": level, "项目": name, "资金": float(figures.number_in(figure, MONEY)), "标签": figure.text}
        for level, name, figure in items
    ]
    base = alt.Chart(alt.Data(values=data)).encode(
        x=alt.X("资金:Q", title="资金（万元）", axis=alt.Axis(tickCount=6)),
        y=alt.Y(
            "项目:N",
            title=None,
            sort=list(dict.fromkeys(item["项目"] for item in sorted(data, key=lambda item: -item["资金"]))),
            axis=alt.Axis(labelPadding=6, ticks=False),
        ),
        tooltip=[alt.Tooltip("项目:N"), alt.Tooltip("级次:N"), alt.Tooltip("标签:N", title="资金")],
    )
    colour = alt.Color(
        "级次:N",
        legend=None,
        scale=alt.Scale(domain=levels, range=list(COLOURS[: len(levels)])),
    )
    labels = base.mark_text(align="left", dx=5, color="#222222").encode(text="标签:N")
    drawn = alt.layer(base.mark_bar().encode(color=colour), labels)
    chart = (
        drawn.properties(width=460, height=alt.Step(BAR))
        .facet(
            row=alt.Row(
                "级次:N",
                title=None,
                sort=levels,
                header=alt.Header(labelFontSize=14, labelAngle=0, labelAlign="left"),
            )
        )
        .resolve_scale(y="independent")
    )
    spoken = "；".join(
        f"{level}" + "、".join(f"{name}{figure.text}" for other, name, figure in items if other == level)
        for level in levels
    )
    plain, linked = _funds_finding(figures, items)
    return finished(chart, f"条形图：{plain}。{spoken}。", linked)


def _funds_finding(figures: FigureSet, items: list[tuple[str, str, Figure]]) -> tuple[str, str]:
    """The finding in plain words, and in Markdown with links."""
    total = figures.figures["funds_total.all"]
    shares = {level: figures.figures[f"funds_share.{LEVELS[level]}"] for level, _, _ in items}
    known = {level: share.value for level, share in shares.items() if share.value is not None}
    if total.value is None or not known:
        return ("资金还没有填全，下面是已填的各项",) * 2
    level = max(known, key=lambda name: known[name])
    source, name, largest = max(items, key=lambda item: Decimal(figures.number_in(item[2], MONEY)))
    words = "{total}资金中，{level}安排的占{share}；最大的一项是{source}安排的{name}，{largest}"
    return (
        words.format(
            total=total.text,
            level=level,
            share=shares[level].text,
            source=source,
            name=name,
            largest=largest.text,
        ),
        words.format(
            total=reference(total),
            level=escape(level),
            share=reference(shares[level]),
            source=source,
            name=escape(name),
            largest=reference(largest),
        ),
    )
