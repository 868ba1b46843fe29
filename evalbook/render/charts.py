"""Charts: labelled bars, with the pictures, the words and the specification that stand for them.

The SVG is made here, with fonts from a package, so that a page needs no script to show the chart and every machine
draws it alike; the specification goes along for readers whose browser runs scripts. A chart is drawn twice, for a
desk and for a phone: a wide picture shrunk to a phone has letters of 6 px. What was drawn once is kept by the hash of
what it was drawn from, where :data:`STORE` names a folder.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, partial
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from evalbook.figures import UNCERTAIN, Derivation, Figure, absence_of
from evalbook.figures.known import INFINITY
from evalbook.fonts import PACKAGE
from evalbook.render.markdown import MARKDOWN, container, escape, reference, with_status
from evalbook.render.rows import areas, funds_by_level, stated, unit_of
from evalbook.schema.kinds import Period
from evalbook.schema.table import programme_of
from evalbook.schema.vocabulary import TIERS
from evalbook.store import environment_folder, kept
from evalbook.year.tables import MONTHLY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evalbook.figures import FigureSet

VEGALITE = "application/vnd.vegalite.v6+json"
NARROW = "application/vnd.evalbook.narrow-chart+json"
"""Media type of the chart's drawing for narrow screens: an object of ``specification`` and ``svg``."""

STORE = "EVALBOOK_DRAWINGS"
"""Environment variable with the folder of drawings that are kept."""

FONT = "Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
# Contrast against white (WCAG 1.4.11 asks 3:1): blue 6.2:1, orange 3.9:1, grey 4.7:1; hues after Okabe and
# Ito. Two bars of one row differ in filling too, and every bar carries the name of its series.
BLUE, ORANGE, GREY = "#0b6699", "#c8651b", "#737373"
FILLED = (BLUE, BLUE)
HOLLOW = ("#ffffff", ORANGE)
PALE = ("#dce3e8", GREY)

MONEY = "万元"
TEXT_SIZE = 13
TITLE_SIZE = 14
BAR = 15
BETWEEN_BARS = 4
BETWEEN_ROWS = 11
TITLE_LINE = 30
LABEL_LINE = 19
LABEL_GAP = 8
LINE_HEIGHT = 60
"""Height of the line of one thing, without the words above and below it."""

SIDE = 24
"""Room beside the first and the last month."""

LEAST_RANGE = 0.1
"""Least part of the largest number that the height of a line stands for."""

SPACE_AFTER_TEXT = 14
TALLEST = 10000
"""End of the scale on which a pixel is a pixel; no chart is as tall."""


@dataclass(frozen=True)
class Layout:
    """Room for a drawing in pixels; with ``left`` 0 the labels stand above their bars."""

    width: int
    left: int


WIDE = Layout(720, 230)
PHONE = Layout(290, 0)


@dataclass(frozen=True)
class Amount:
    """A number that is no figure of the year, such as points; without a value only its text is drawn."""

    value: Decimal | None
    unit: str
    text: str
    flag: str = ""
    questioned: bool = False


@dataclass(frozen=True)
class Bar:
    """One figure of a row.

    Attributes
    ----------
    figure : Figure or Amount
        Its length; without a value there is no bar, only the word that says why.
    series : str
        What the figure is, where a row has several; empty where the chart shows one thing.
    style : tuple of str
        Colours of filling and outline.
    """

    figure: Figure | Amount
    series: str = ""
    style: tuple[str, str] = FILLED

    @property
    def number(self) -> str:
        """Figure with its status, as label, tooltip and spoken words give it."""
        return _said(self.figure)

    @property
    def text(self) -> str:
        """Label at the end of the bar."""
        return " ".join(filter(None, (self.series, self.number)))


def _said(figure: Figure | Amount) -> str:
    """Number with its status; a signed one that is in doubt is questioned, one that was computed is a range."""
    if isinstance(figure, Amount):
        return with_status(figure.text, figure.flag, questioned=figure.questioned)
    return with_status(figure.said, figure.flag, questioned=figure.questioned or _is_doubted(figure))


@dataclass(frozen=True)
class BarRow:
    """A labelled row of bars."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class BarGroup:
    """Rows under one title; their lengths are measured in ``unit``.

    Groups of the same unit share a scale, so that their bars can be compared.
    """

    title: str
    unit: str
    rows: tuple[BarRow, ...]


@cache
def _program() -> str:
    """Hash of what draws."""
    packages = (version(name) for name in ("altair", "vl-convert-python", "pylopdf-fonts-zh-cn"))
    return hashlib.sha256(f"{(*packages,)}".encode() + Path(__file__).read_bytes()).hexdigest()


@cache
def _draughtsman() -> Any:
    """The library that draws, with the fonts; it takes most of a second to start."""
    import vl_convert

    vl_convert.register_font_directory(str(PACKAGE))
    return vl_convert


def _file(folder: Path | str | None, words: str) -> Path | None:
    """Where a folder, if there is one, keeps what is drawn from words."""
    name = f"{hashlib.sha256((_program() + words).encode()).hexdigest()[:32]}.json"
    return Path(folder) / name if folder else None


def _stored(file: Path | None, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What is made, from its file if it is there."""
    if file is None:
        return make()
    found: dict[str, Any] = json.loads(kept(file, lambda: json.dumps(make()).encode()).read_bytes())
    return found


@dataclass(frozen=True)
class Drawing:
    """A chart in one layout, drawn when it is first shown or taken from the store.

    Attributes
    ----------
    data : dict
        Rows of ``titles``, ``labels`` and ``bars``, their places in pixels.
    layout : Layout
        Room that it has.
    height : float
        Height in pixels.
    """

    data: dict[str, list[dict[str, Any]]]
    layout: Layout
    height: float

    @property
    def specification(self) -> dict[str, Any]:
        """Vega-Lite, without an address to load anything from."""
        return dict(self._drawn["specification"])

    @property
    def svg(self) -> str:
        """The picture."""
        return str(self._drawn["svg"])

    def is_kept(self) -> bool:
        """Whether it need not be drawn again."""
        return self._file is not None and self._file.is_file()

    @property
    def _pattern(self) -> Callable[[Layout], dict[str, Any]]:
        return _template

    @property
    def _file(self) -> Path | None:
        told = [self.data, self.layout.width, self.layout.left, self.height]
        return _file(os.environ.get(STORE), json.dumps(told, ensure_ascii=False))

    @cached_property
    def _drawn(self) -> dict[str, Any]:
        return _stored(self._file, self._draw)

    def _draw(self) -> dict[str, Any]:
        folder = environment_folder()
        file = _file(folder and folder / "charts", repr((self._pattern.__name__, self.layout)))
        template = _stored(file, lambda: self._pattern(self.layout))
        specification = {**template, "height": self.height, "datasets": self.data}
        return {"specification": specification, "svg": _draughtsman().vegalite_to_svg(specification)}


@dataclass(frozen=True)
class LineDrawing(Drawing):
    """Lines over the months, one below the other; ``data`` has ``segments``, ``points`` and ``texts`` instead of bars."""

    @property
    def _pattern(self) -> Callable[[Layout], dict[str, Any]]:
        return _line_template


@dataclass(frozen=True)
class Chart:
    """A chart ready to be shown.

    Attributes
    ----------
    wide, narrow : Drawing
        For a desk and for a phone.
    alt : str
        What the chart says, in words computed from the figures.
    finding : str
        MyST Markdown that stands above it: the finding, with links to its figures.
    """

    wide: Drawing
    narrow: Drawing
    alt: str
    finding: str

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, object], dict[str, object]]:
        data: dict[str, object] = {
            VEGALITE: self.wide.specification,
            NARROW: {"specification": self.narrow.specification, "svg": self.narrow.svg},
            "image/svg+xml": self.wide.svg,
            MARKDOWN: self.finding,
            "text/plain": self.alt,
        }
        return data, {media: {"alt": self.alt} for media in (NARROW, "image/svg+xml")}


@dataclass(frozen=True)
class Words:
    """A sentence twice: in plain words, and in Markdown with links to its figures."""

    plain: str
    linked: str


def words(sentence: str, **parts: Figure | str) -> Words:
    """Fill a sentence with figures and names."""
    plain = {k: part if isinstance(part, str) else _plain(part) for k, part in parts.items()}
    linked = {
        k: escape(part)
        if isinstance(part, str)
        else with_status(reference(part), "", questioned=_is_doubted(part))
        for k, part in parts.items()
    }
    return Words(sentence.format(**plain), sentence.format(**linked))


def _plain(figure: Figure) -> str:
    """What a sentence without links says of a figure; that a signed one is in doubt stands in words."""
    return with_status(figure.said, "", questioned=_is_doubted(figure))


def _is_doubted(figure: Figure) -> bool:
    """Whether a number is shown as signed although it is in doubt."""
    return figure.doubt is not None and not isinstance(figure.lineage, Derivation)


def joined_words(sentences: Iterable[Words]) -> Words:
    """Put sentences behind each other."""
    listed = tuple(sentences)
    return Words("；".join(s.plain for s in listed), "；".join(s.linked for s in listed))


def so_far(leading: str, figures: Iterable[Figure | Amount], finding: Words) -> Words:
    """Finding with its first words, which own up to what is missing."""
    missing = any(figure.value is None for figure in figures)
    leading = f"部分数字没有；已有的数字中，{leading}" if missing else leading
    return Words(leading + finding.plain, leading + finding.linked)


def bar_chart(
    figures: FigureSet, groups: Sequence[BarGroup], finding: Words, classes: str = "finding"
) -> Chart | None:
    """Draw groups of labelled bars; None when no figure has a value. ``classes`` are those of the finding's box."""
    if not any(bar.figure.value is not None for g in groups for row in g.rows for bar in row.bars):
        return None
    wide, narrow = (_drawing(figures, groups, layout) for layout in (WIDE, PHONE))
    spoken = "".join(f"{group.title}：{_spoken(group)}。" for group in groups)
    return Chart(wide, narrow, f"条形图：{finding.plain}。{spoken}", container(classes, finding.linked))


def _spoken(group: BarGroup) -> str:
    rows = (row.label + "，".join(f"{bar.series}{bar.number}" for bar in row.bars) for row in group.rows)
    return "；".join(rows)


def _drawing(figures: FigureSet, groups: Sequence[BarGroup], layout: Layout) -> Drawing:
    longest: dict[str, float] = {}
    for group in groups:
        values = [_length(figures, bar, group.unit) for row in group.rows for bar in row.bars]
        longest[group.unit] = max(longest.get(group.unit, 0), *values)
    titles, labels = [], []
    bars: list[dict[str, Any]] = []
    top = 0.0
    for group in groups:
        lines = _lines(group.title, layout.width * TEXT_SIZE / TITLE_SIZE)
        titles += [
            {"top": top + TITLE_LINE / 2 + i * LABEL_LINE, "text": text} for i, text in enumerate(lines)
        ]
        top += TITLE_LINE + (len(lines) - 1) * LABEL_LINE
        for row in group.rows:
            height = len(row.bars) * (BAR + BETWEEN_BARS) - BETWEEN_BARS
            lines = _lines(row.label, layout.left - LABEL_GAP if layout.left else layout.width)
            more = (len(lines) - 1) * LABEL_LINE
            # Beside its bars a label of several lines may be higher than they are; above them each line takes its room.
            above = max(BAR + more - height, 0) if layout.left else 0
            first = top + (above + height - more if layout.left else LABEL_LINE) / 2
            labels += [{"top": first + i * LABEL_LINE, "text": text} for i, text in enumerate(lines)]
            top += above / 2 if layout.left else LABEL_LINE + more
            for bar in row.bars:
                share = _length(figures, bar, group.unit) / (longest[group.unit] or 1)
                places = {"start": layout.left, "top": top, "middle": top + BAR / 2, "bottom": top + BAR}
                told = {"项目": row.label, "指标": bar.series or group.title, "数值": bar.number}
                colours = dict(zip(("fill", "line"), bar.style, strict=True))
                bars.append({**told, "text": bar.text, "share": round(share, 6), **places, **colours})
                top += BAR + BETWEEN_BARS
            top += above / 2 + BETWEEN_ROWS - BETWEEN_BARS
    # The longest bar that still leaves every label its room.
    room = layout.width - layout.left - SPACE_AFTER_TEXT
    longest_bar = max(min((room - text_width(drawn["text"])) / (drawn["share"] or 1) for drawn in bars), 20)
    for drawn in bars:
        drawn["end"] = round(layout.left + drawn["share"] * longest_bar, 3)
    return Drawing({"titles": titles, "labels": labels, "bars": bars}, layout, top)


def _length(figures: FigureSet, bar: Bar, unit: str) -> float:
    # Only the length of a bar is a binary float; the number beside it is the figure's own text.
    return float(_amount(figures, bar.figure, unit))


def _amount(figures: FigureSet, figure: Figure | Amount, unit: str) -> Decimal:
    """Value for ordering and lengths, the least of a range; nothing where it is missing or cannot be said."""
    value = figure.value or Decimal(0)
    if isinstance(figure, Figure) and figure.doubt and isinstance(figure.lineage, Derivation):
        value = figure.doubt.low if figure.doubt.bounded else Decimal(0)
    return figures.units.convert(value, figure.unit, unit)


def _lines(text: str, room: float) -> list[str]:
    """Text in as many lines as its room asks for, so that nothing of it is cut off."""
    lines = [""]
    for letter in text:
        if lines[-1] and text_width(lines[-1] + letter) > room:
            lines.append("")
        lines[-1] += letter
    return lines


def text_width(text: str) -> float:
    """Width of a label in pixels, rather too much than too little: Chinese letters are square."""
    return sum(TEXT_SIZE if ord(letter) > 0x2E7F else TEXT_SIZE * 0.6 for letter in text)


def _places(layout: Layout) -> tuple[Callable[[str], Any], Callable[[str], Any]]:
    """Channels of a field across and down a drawing; places in the data are pixels."""
    import altair as alt

    def placed(axis: Any, field: str, end: int) -> Any:
        return axis(f"{field}:Q", scale=alt.Scale(domain=[0, end], range=[0, end], nice=False), axis=None)

    return partial(placed, alt.X, end=layout.width), partial(placed, alt.Y, end=TALLEST)


def _texts(name: str, x: Any, y: Any, **mark: Any) -> Any:
    import altair as alt

    chart = alt.Chart(alt.NamedData(name)).mark_text(baseline="middle", color="#222222", **mark)
    return chart.encode(x=x, y=y, text="text:N")


def _words(layout: Layout) -> tuple[Any, Any]:
    """Titles of a drawing and labels of what it shows."""
    import altair as alt

    _, down = _places(layout)
    beside, side = alt.value(max(layout.left - LABEL_GAP, 0)), "right" if layout.left else "left"
    titles = _texts("titles", alt.value(0), down("top"), fontSize=TITLE_SIZE, fontWeight="bold", align="left")
    return titles, _texts("labels", beside, down("top"), align=side)


def _template(layout: Layout) -> dict[str, Any]:
    """Specification of labelled bars without data and height; places in the data are pixels."""
    import altair as alt

    across, down = _places(layout)
    pointed = alt.selection_point(name="pointed", on="pointerover", clear="pointerout", empty=False)
    drawn = (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect(strokeWidth=1.5)
        .encode(
            x=across("start"),
            x2="end:Q",
            y=down("top"),
            y2="bottom:Q",
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("line:N", scale=None),
            strokeWidth=alt.condition(pointed, alt.value(3.5), alt.value(1.5)),
            tooltip=[alt.Tooltip(f"{name}:N") for name in ("项目", "指标", "数值")],
        )
        .transform_filter("datum.share > 0")
        .add_params(pointed)
    )
    return _finished(
        alt.layer(
            *_words(layout),
            drawn,
            _texts("bars", across("end"), down("middle"), align="left", dx=6),
        ),
        layout,
    )


def _line_template(layout: Layout) -> dict[str, Any]:
    """Specification of lines without data and height, as :func:`_template` makes that of bars."""
    import altair as alt

    across, down = _places(layout)
    segments = (
        alt.Chart(alt.NamedData("segments"))
        .mark_rule(color=BLUE, strokeWidth=2)
        .encode(x=across("start"), x2="end:Q", y=down("top"), y2="bottom:Q")
    )
    pointed = alt.selection_point(name="pointed", on="pointerover", clear="pointerout", empty=False)
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_circle(color=BLUE, opacity=1)
        .encode(
            x=across("x"),
            y=down("y"),
            size=alt.condition(pointed, alt.value(90), alt.value(40)),
            tooltip=[alt.Tooltip(f"{name}:N") for name in ("项目", "指标", "数值")],
        )
        .add_params(pointed)
    )
    return _finished(
        alt.layer(
            *_words(layout),
            segments,
            points,
            _texts("texts", across("x"), down("y"), align="center"),
        ),
        layout,
    )


def _finished(layers: Any, layout: Layout) -> dict[str, Any]:
    template: dict[str, Any] = (
        layers.properties(width=layout.width)
        .configure(font=FONT, background="white", padding=4)
        .configure_view(stroke=None)
        .configure_text(fontSize=TEXT_SIZE)
        .to_dict()
    )
    # The schema address is a name, yet a page that names an outside host fails the offline gate.
    del template["$schema"]
    return template


@dataclass(frozen=True)
class MonthLine:
    """Numbers of one thing over the months of the year; ``figures`` has None where there is none."""

    label: str
    figures: Mapping[int, Figure | None]


def _scales(lines: Sequence[MonthLine]) -> str:
    return "，尺度各不同" if len(lines) > 1 else ""


def line_chart(
    figures: FigureSet, title: str, unit: str, lines: Sequence[MonthLine], finding: Words
) -> Chart | None:
    """Draw a line for each thing, below each other and each in a scale of its own; None when no month has a number."""
    known = [line for line in lines if any(f and f.value is not None for f in line.figures.values())]
    if not known:
        return None
    wide, narrow = (_months_drawn(figures, title, unit, known, layout) for layout in (WIDE, PHONE))
    absent = absence_of(figures.year.settings)
    spoken = "；".join(
        f"{line.label}："
        + "，".join(f"{month}月{Bar(f).number if f else absent}" for month, f in line.figures.items())
        for line in known
    )
    return Chart(
        wide, narrow, f"折线图：{finding.plain}。{title}。{spoken}。", container("finding", finding.linked)
    )


def _months_drawn(
    figures: FigureSet, title: str, unit: str, lines: Sequence[MonthLine], layout: Layout
) -> LineDrawing:
    titles: list[dict[str, Any]] = [{"top": TITLE_LINE / 2, "text": title}]
    labels: list[dict[str, Any]] = []
    segments: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    top = float(TITLE_LINE)
    for line in lines:
        written = _lines(line.label, layout.left - LABEL_GAP if layout.left else layout.width)
        first = top + (LINE_HEIGHT - LABEL_LINE * (len(written) - 1) if layout.left else LABEL_LINE) / 2
        labels += [{"top": first + LABEL_LINE * at, "text": text} for at, text in enumerate(written)]
        top += 0 if layout.left else LABEL_LINE * len(written)
        values = {
            m: float(_amount(figures, f, unit)) for m, f in line.figures.items() if f and f.value is not None
        }
        low, high = min(values.values()), max(values.values())
        # A change of a few in a thousand is not drawn as a cliff.
        room = max(high - low, high * LEAST_RANGE) or 1
        low = (low + high - room) / 2
        width = layout.width - layout.left - 2 * SIDE
        step = width / max(len(line.figures) - 1, 1)
        places = {
            month: (
                round(layout.left + SIDE + step * position, 2),
                round(top + LABEL_LINE + (1 - (values[month] - low) / room) * LINE_HEIGHT, 2),
            )
            for position, month in enumerate(line.figures)
            if month in values
        }
        told = dict.fromkeys(
            (
                min(places),
                max(places),
                min(values, key=values.__getitem__),
                max(values, key=values.__getitem__),
            )
        )
        taken: list[tuple[float, float]] = []
        for month, (x, y) in places.items():
            figure = line.figures[month]
            assert figure is not None  # noqa: S101 - it has a place
            bar = Bar(figure)
            points.append({"项目": line.label, "指标": f"{month}月", "数值": bar.number, "x": x, "y": y})
            following = places.get(month + 1)
            if following:
                segments.append({"start": x, "top": y, "end": following[0], "bottom": following[1]})
            text = bar.number.replace(figure.unit, "", 1)  # which the title says
            half = text_width(text) / 2
            if month in told and all(x - half >= end or x + half <= start for start, end in taken):
                middle = min(max(x, layout.left + half), layout.width - half)
                taken.append((middle - half, middle + half))
                texts.append({"x": middle, "y": y - LABEL_GAP - 4, "text": text})
        bottom = top + LABEL_LINE + LINE_HEIGHT + LABEL_LINE
        named = list(line.figures) if layout.left else list(line.figures)[::3]
        texts += [
            {
                "x": round(layout.left + SIDE + step * list(line.figures).index(month), 2),
                "y": bottom,
                "text": f"{month}月",
            }
            for month in named
        ]
        top = bottom + LABEL_LINE
    data = {"titles": titles, "labels": labels, "segments": segments, "points": points, "texts": texts}
    return LineDrawing(data, layout, top)


def _rows(items: Iterable[tuple[str, Figure]]) -> tuple[BarRow, ...]:
    """A row for each named figure."""
    return tuple(BarRow(name, (Bar(figure),)) for name, figure in items)


def _ends(figures: FigureSet, figure: Figure, unit: str) -> tuple[Decimal, Decimal]:
    """Least and most that a figure may stand for; anything where only a band bounds it."""
    if figure.doubt and not figure.doubt.told:
        return -INFINITY, INFINITY
    low, high = (figures.units.convert(end, figure.unit, unit) for end in figure.ends)
    return low, high


Named = TypeVar("Named")


def _first(
    figures: FigureSet, items: Iterable[tuple[Named, Figure | None]], unit: str, most: int = 1
) -> tuple[list[tuple[Named, Figure]], bool]:
    """The largest of some figures in their order, as far as it is sure whatever they stand for.

    Returns
    -------
    tuple of list, bool
        So many at the most, and True; where not even the first is sure, all that may be the largest, and False.
    """
    known = [(name, one) for name, one in items if one and (one.value is not None or one.doubt)]
    known.sort(key=lambda item: -figures.units.convert(item[1].value or Decimal(0), item[1].unit, unit))
    ends = [_ends(figures, figure, unit) for _, figure in known]
    sure = 0
    while sure < min(most, len(known)) and all(ends[sure][0] >= high for _, high in ends[sure + 1 :]):
        sure += 1
    if sure or not known:
        return known[:sure], True
    least = max(low for low, _ in ends)
    return [item for item, (_, high) in zip(known, ends, strict=True) if high >= least], False


def _either(sentences: Iterable[Words]) -> Words:
    """Sentence of several figures of which each may be the largest."""
    listed, unsure = tuple(sentences), f"（哪个最大{UNCERTAIN}）"
    return Words(
        "，或".join(s.plain for s in listed) + unsure, "，或".join(s.linked for s in listed) + unsure
    )


def funds_chart(figures: FigureSet) -> Chart | None:
    """Where the money came from: each item of each level."""
    groups, known = [], []
    names: dict[str, str] = {}
    for code, of_level in groupby(funds_by_level(figures), key=lambda item: item[0]):
        listed = [(row, figure) for _, row, figure in of_level]
        level = names[code] = listed[0][0].said("level")
        items = [(programme_of(row).name + row.said("batch"), figure) for row, figure in listed]
        known += [(level, name, figure) for name, figure in items if figure.value is not None]
        largest_first = sorted(items, key=lambda item: -_amount(figures, item[1], MONEY))
        groups.append(BarGroup(f"{level}安排", MONEY, _rows(largest_first)))
    total = figures.figures["funds_total.all"]
    stated_shares = {level: figures.figures.get(f"funds_share.{code}") for code, level in names.items()}
    shares = {level: share for level, share in stated_shares.items() if share and share.value is not None}
    if not shares:
        unknown = "资金还没有填全，下面是已填的各项" if total.value is None else "所写的各项资金都是0"
        return bar_chart(figures, groups, words(unknown))
    most, _ = _first(figures, shares.items(), "%")
    parts = joined_words(words("{level}安排的占{share}", level=level, share=share) for level, share in most)
    largest, sure = _first(figures, (((source, name), f) for source, name, f in known), MONEY)
    named = [
        words("{source}安排的{name}，{figure}", source=source, name=name, figure=figure)
        for (source, name), figure in largest
    ]
    whole, item = words("{total}资金中，", total=total), joined_words(named) if sure else _either(named)
    leading = "；最大的一项是" if sure else "；最大的一项可能是"
    plain, linked = (
        "".join((getattr(whole, form), getattr(parts, form), leading, getattr(item, form)))
        for form in ("plain", "linked")
    )
    return bar_chart(figures, groups, Words(plain, linked))


def execution_chart(figures: FigureSet) -> Chart | None:
    """Funds against spending, in all and by area."""
    compared = {"合计": (figures.figures["funds_total.all"], figures.figures["spending_total.all"])}
    rates = {"execution.all": ("合计", "全部资金")}
    for name, area in areas(figures):
        compared[name] = figures.figures[f"{area}.funds"], figures.figures[f"{area}.spending"]
        rates[f"execution.{area}"] = name, f"{name}领域"
    rows = tuple(
        BarRow(name, (Bar(funds, "资金", HOLLOW), Bar(spending, "支出")))
        for name, (funds, spending) in compared.items()
    )
    compared_rates = [(address, figures.figures.get(address)) for address in [*rates][1:] or rates]
    highest, sure = _first(figures, compared_rates, "%")
    sums = [bar.figure for row in rows for bar in row.bars]
    if not highest:
        missing = any(figure.value is None for figure in sums)
        unknown = "资金或支出还没有填全，下面是已填的部分" if missing else "资金都是0，没有支出与资金之比"
        finding = words(unknown)
    else:
        told = []
        for address, ratio in highest:
            name, called = rates[address]
            funds, spending = compared[name]
            sentence = words(
                "{name}：支出{spending}，资金{funds}，前者是后者的{ratio}",
                name=called, spending=spending, funds=funds, ratio=ratio,
            )  # fmt: skip
            told.append(sentence)
        leading = "支出与资金之比最高的是" if sure else "支出与资金之比最高的可能是"
        finding = so_far(
            leading if len(rates) > 1 else "", sums, joined_words(told) if sure else _either(told)
        )
    return bar_chart(figures, [BarGroup(f"资金与支出（{MONEY}）", MONEY, rows)], finding)


def spending_chart(figures: FigureSet) -> Chart | None:
    """Spending of every programme beside the funds that are set apart for it."""
    funds = funds_by_level(figures)
    listed = [(programme_of(row), figure) for row, figure in stated(figures, "spending")]
    listed.sort(key=lambda item: -_amount(figures, item[1], MONEY))
    rows = []
    for programme, spending in listed:
        own = (
            (row.said("level") + row.said("batch"), f)
            for _, row, f in funds
            if programme_of(row) == programme
        )
        apart = [Bar(figure, f"{level}单列资金", HOLLOW) for level, figure in own]
        rows.append(BarRow(programme.name, (Bar(spending, "支出" if apart else ""), *apart)))
    top, sure = _first(figures, listed, MONEY, most=3)
    sentences = [words("{name}支出{figure}", name=p.name, figure=figure) for p, figure in top]
    finding = joined_words(sentences) if sure else _either(sentences)
    leading = "支出最多的项目：" if sure else "支出最多的可能是："
    group = BarGroup(f"累计支出（{MONEY}）", MONEY, tuple(rows))
    return bar_chart(figures, [group], so_far(leading, (f for _, f in listed), finding))


def people_chart(figures: FigureSet) -> Chart | None:
    """People, households and cases by programme; what is counted differently stands apart."""
    counted: dict[tuple[str, str], list[tuple[str, Figure]]] = {}
    for row, figure in stated(figures, "people"):
        if not row.said("aspect"):
            name = f"{programme_of(row).name}{''.join(row.splits.values())}"
            counted.setdefault((row.said("counting"), unit_of(row).symbol), []).append((name, figure))
    groups, largest = [], []
    for (counting, unit), members in counted.items():
        title = f"{unit}（{'口径' if counting == '未说明' else ''}{counting}）"
        groups.append(BarGroup(title, unit, _rows(members)))
        most, sure = _first(figures, members, unit)
        told = [words("{name}{figure}", name=name, figure=figure) for name, figure in most]
        if told:
            largest.append(joined_words(told) if sure else _either(told))
    shown = (figure for members in counted.values() for _, figure in members)
    return bar_chart(figures, groups, so_far("各种口径下人数或次数最多的：", shown, joined_words(largest)))


def level_chart(figures: FigureSet) -> Chart | None:
    """What was paid on average against the standard, by programme."""
    rows, compared = [], []
    for programme in figures.year.registries.programmes.values():
        code, name = programme.code, programme.name
        addresses = (f"standard_month.{code}.standard", f"standards.{code}.level", f"level.{code}")
        standard, level, paid = map(figures.figures.get, addresses)
        shown = ((standard, "保障标准", HOLLOW), (level, "报告所述水平", PALE), (paid, "人均月支出", FILLED))
        if bars := tuple(Bar(figure, series, style) for figure, series, style in shown if figure):
            rows.append(BarRow(name, bars))
        if standard and paid and standard.value is not None and paid.value is not None:
            sentence = "{name}标准{standard}，人均月支出{paid}"
            compared.append(words(sentence, name=name, standard=standard, paid=paid))
    group = BarGroup("每人每月（元）", "元/月", tuple(rows))
    finding = joined_words(compared) if compared else words("还没有能与标准相比的人均月支出")
    return bar_chart(figures, [group], finding)


def tiers_chart(figures: FigureSet) -> Chart | None:
    """The fixed amounts of each tier, by programme."""
    tiers: dict[str, list[tuple[str, Figure]]] = {}
    for row, figure in stated(figures, "tiers"):
        tiers.setdefault(programme_of(row).name, []).append((row.said("tier"), figure))
    groups, spans = [], []
    for name, members in tiers.items():
        members.sort(key=lambda member: list(TIERS).index(member[0]))
        groups.append(BarGroup(f"{name}（元/月）", "元/月", _rows(members)))
        known = [(tier, figure) for tier, figure in members if figure.value is not None]
        if len(known) > 1:
            (first, high), (last, low) = known[0], known[-1]
            sentence = "{name}从{first}{high}到{last}{low}"
            spans.append(words(sentence, name=name, first=first, high=high, last=last, low=low))
    finding = joined_words(spans) if spans else words("各档次的标准还没有填全")
    return bar_chart(figures, groups, finding)


def actions_chart(figures: FigureSet) -> Chart | None:
    """The year's work in numbers; what is counted in a unit of its own has nothing to be compared with."""
    actions = figures.of_table("actions")
    comparable: dict[str, list[Figure]] = {}
    for figure in actions:
        comparable.setdefault(figures.units.alike(figure.unit)[0], []).append(figure)
    groups, largest = [], []
    for unit, members in comparable.items():
        known = [figure for figure in members if figure.value is not None]
        if len(known) < 2:
            continue
        first, *rest = sorted(known, key=lambda figure: -_amount(figures, figure, unit))
        title = "、".join(dict.fromkeys(figure.unit for figure in known))
        groups.append(BarGroup(title, unit, _rows((f.label, f) for f in (first, *rest))))
        most, sure = _first(figures, ((figure.label, figure) for figure in known), unit)
        told = [words("{label}{figure}", label=label, figure=figure) for label, figure in most]
        largest.append(joined_words(told) if sure else _either(told))
    return bar_chart(figures, groups, so_far("各单位里最大的数字：", actions, joined_words(largest)))


def _monthly(figures: FigureSet, column: str) -> list[MonthLine]:
    """Months of every programme that states a column, whatever months lack."""
    found: dict[str, dict[int, Figure]] = {}
    for row in figures.year.tables[MONTHLY.name].rows:
        month = row.parsed(Period, "month")
        for given in MONTHLY.statements(row) if month else ():
            if month and given.column.name == column:
                found.setdefault(programme_of(row).name, {})[month.first] = figures.figures[given.address]
    months = figures.year.settings.month_numbers
    return [MonthLine(name, {m: told.get(m) for m in months}) for name, told in found.items()]


def _over_the_months(lines: Iterable[MonthLine]) -> Words:
    """First and last month of every line that has several."""
    told = []
    for line in lines:
        known = [(month, f) for month, f in line.figures.items() if f and f.value is not None]
        if len(known) > 1:
            (first, begun), (last, ended) = known[0], known[-1]
            months = {"first": f"{first}月", "last": f"{last}月"}
            told.append(
                words(
                    "{name}{first}{begun}，{last}{ended}", name=line.label, begun=begun, ended=ended, **months
                )
            )
    return joined_words(told) if told else words("还只有一个月的数字")


def monthly_people_chart(figures: FigureSet) -> Chart | None:
    """How the people of each programme changed over the months."""
    lines = _monthly(figures, "people")
    title = f"各月人数怎样变化（人{_scales(lines)}）"
    return line_chart(figures, title, "人", lines, _over_the_months(lines))


def monthly_spending_chart(figures: FigureSet) -> Chart | None:
    """How the spending of each programme changed over the months."""
    lines = _monthly(figures, "amount")
    title = f"各月支出怎样变化（{MONEY}{_scales(lines)}）"
    return line_chart(figures, title, MONEY, lines, _over_the_months(lines))
