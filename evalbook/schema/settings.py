"""Read a YAML file of Chinese keys, with every problem named by file, line and key."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError

from evalbook.errors import Problem, Problems
from evalbook.schema.kinds import TEXT
from evalbook.schema.registry import Registries
from evalbook.schema.text import clean, project_path, quote, read_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from evalbook.schema.table import Column


SIZE_LIMIT = 30_000
"""Largest file in characters, about half a second's reading; a ledger of ten editions has under 10,000."""
DEPTH_LIMIT = 20
"""Deepest list or mapping within others; the deepest file has five."""


NODE_LIMIT = 5000
"""Most values, lists and mappings; short ones take as long as long ones, and a file of the project has some hundred."""


class _TooMuchError(Exception):
    """What is wrong from a line on, and what is expected."""


class _Shallow(Composer):
    """Composes no more and no deeper than files of the project have; what is deep ends with Python's own limit."""

    depth = nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose a node with what is in it."""
        self.depth += 1
        self.nodes += 1
        line = self.parser.peek_event().start_mark.line + 1
        if self.depth > DEPTH_LIMIT:
            words = "方括号、花括号或缩进层层相套，太深了"
            raise _TooMuchError(line, words, f"不超过{DEPTH_LIMIT}层")
        if self.nodes > NODE_LIMIT:
            raise _TooMuchError(line, "项目太多", f"全部名称和内容不超过{NODE_LIMIT}项")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


@lru_cache(maxsize=64)
def _loaded(text: str) -> Any:
    """What a text of YAML says; a fifth of reading a year, and whoever stays reads the same again."""
    # The base loader makes text of every value: no dates, numbers or objects to go wrong by themselves.
    yaml = YAML(typ="base", pure=True)
    yaml.Composer = _Shallow
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # English remarks on anchors
        return yaml.load(text)


def load_mapping(root: Path, path: Path) -> tuple[Mapping[str, Any] | None, list[Problem], list[str]]:
    """Read a YAML file whose values are texts, lists and mappings of texts; None with its problems when it is not one."""
    found = Problems(project_path(root, path))
    text, problems, notices = read_text(root, path)
    if problems:
        return None, problems, notices
    if len(text) > SIZE_LIMIT:
        expected, remedy = f"不超过{SIZE_LIMIT}个字", f"照 data/ 里别的 {path.name} 改写，删去多余的内容"
        found.add(0, "", f"内容太多，有{len(text)}个字", expected, remedy)
        return None, found, notices
    try:
        loaded = _loaded(text)
    except _TooMuchError as error:
        line, words, expected = error.args
        found.add(line, "", words, expected, f"照 data/ 里别的 {path.name} 改写")
        return None, found, notices
    except Exception as error:  # hostile text makes it fail by KeyError, TypeError and OverflowError too
        mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
        expected = "每行“名称: 内容”，冒号是半角，后面空一格，名称不重复"
        remedy = f"照 data/ 里别的 {path.name} 改写这一行"
        found.add(mark.line + 1 if mark else 0, "", "这一行或上一行的格式读不懂", expected, remedy)
        return None, found, notices
    if not isinstance(loaded, dict):
        found.add(0, "", "内容不是“名称: 内容”", "每行“名称: 内容”", f"照别的 {path.name} 改写")
        return None, found, notices
    return loaded, [], notices


def read_keys(
    name: str,
    loaded: Mapping[str, Any],
    columns: Sequence[Column],
    listed: Mapping[str, int],
    nested: Collection[str] = (),
) -> tuple[dict[str, object], list[Problem]]:
    """Parse the keys of a file by their definitions.

    Parameters
    ----------
    name
        Of the file, for messages.
    loaded
        What the file says.
    columns
        Definitions of the keys.
    listed
        Keys, by English name, that hold a list of so many texts at most; the others hold one text.
    nested
        Keys, by English name, that hold something else, which the caller reads.

    Returns
    -------
    tuple of dict of str to object, list of Problem
        Values by English name, None where there is none, and everything to mend.
    """
    known = {column.heading: column for column in columns}
    problems = Problems(name)
    for key in loaded:
        if key not in known:
            problems.add(0, clean(str(key)), "不认识这一项", "、".join(known), "删去，或改成其中一项")
    nothing = Registries({}, {}, ())
    cells: dict[str, object] = {}
    for column in (column for column in columns if column.name not in nested):
        value = loaded.get(column.heading)
        is_list = column.name in listed
        items = value if isinstance(value, list) and is_list else [value] if value else []
        texts = [column.kind.normalise(str(item)) for item in items if not isinstance(item, (dict, list))]
        fits = (
            len(texts) == len(items)
            and len(texts) <= listed.get(column.name, 1)
            and (bool(texts) or not column.required)
            and all(texts)
            and all(column.kind.accepts(text, nothing) and TEXT.accepts(text, nothing) for text in texts)
        )
        if fits:
            parsed = tuple(column.kind.parse(text, nothing) for text in texts)
            cells[column.name] = parsed if is_list else parsed[0] if parsed else None
        else:
            expected, remedy = f"{column.kind.expected}，例如“{column.example}”", column.kind.remedy
            if not items:
                expected, remedy = f"有内容，例如“{column.example}”", "填写这一项"
            found = f"写的是{quote(value)}" if isinstance(value, str) else "写的不是一行文字"
            if items and not isinstance(value, str) and not is_list:
                expected, remedy = f"一行文字，例如“{column.example}”", "只写一行文字"
            problems.add(0, column.heading, found if items else "没有填写", expected, remedy)
    return cells, problems


def written(text: str) -> str:
    """Text as a YAML file holds it: quoted when it could be read as anything but text."""
    words = {"yes", "no", "true", "false", "null"}
    if re.fullmatch(r"[^\W\d_][\w（）()《》、，·-]*", text) and text.lower() not in words:
        return text
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
