"""Names of figures as people look for them: several words, other words, another order, a slip.

One score serves every place where names are proposed. It compares pairs of characters after the words that clerks use for
the same thing were made alike; pairs that few names have count for more.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import takewhile
from math import log, sqrt
from typing import TYPE_CHECKING

from evalbook.figures.figure import Cell
from evalbook.schema.vocabulary import CLAIM_PREFIX

if TYPE_CHECKING:
    from evalbook.figures.figure import Figure
    from evalbook.schema import Programme, Registries

MOST = 3
"""Names that are proposed at once."""

ALIKE = 0.3
"""Score from which on a name is worth proposing."""

RARELY = 0.85
"""Factor for names that are meant less often than others."""

SAME = (
    ("城市", "城镇", "市区", "城区"),
    ("农村", "乡村", "农民"),
    ("城市低保", "城低保", "城低"),
    ("农村低保", "农低保", "农低"),
    ("低保", "最低生活保障", "低保户", "低保金"),
    ("特困", "五保户", "五保", "三无人员", "三无"),
    ("事实无人抚养儿童", "事实孤儿", "事孤", "事实无人抚养"),
    ("孤儿补贴", "孤儿生活费", "孤儿基本生活费", "孤儿养育"),
    ("流浪乞讨", "流浪人员", "流浪救助"),
    ("精减退职", "精简退职", "精退"),
    ("物价补贴", "价补", "价格补贴", "价格临时补贴"),
    ("临时救助", "临救"),
    ("累计支出", "支出金额", "支出数", "全年支出", "支出", "发放金额", "发放资金", "累计发放", "发放额",
      "发放", "拨付", "支付", "开支", "花费"),
    ("月均人数", "平均人数", "月平均人数", "每月人数", "平均每月人数"),
    ("期末", "年末", "年底", "期未", "在册"),
    ("合计", "总计", "共计", "总和", "合记"),
    ("总额", "总金额", "总数", "总量"),
    ("人数", "对象数", "人员数", "人口数", "人口", "人数量"),
    ("户数", "家庭数", "户数量"),
    ("人次", "人次数"),
    ("户次", "户次数"),
    ("保障标准", "最低标准", "供养标准", "标准线"),
    ("人均救助水平", "人均补助水平", "人均补助", "人均补差", "月人均补助", "补差水平", "补助水平", "保障水平", "人均水平"),
    ("县本级", "县级", "本级", "县财政", "县里"),
    ("上级", "上面"),
    ("安排", "配套", "下拨", "下达"),
    ("资金", "经费", "款项"),
    ("分散供养", "分散"),
    ("集中供养", "集中"),
    ("一类", "1类", "A类", "一档", "A档"),
    ("二类", "2类", "B类", "二档", "B档"),
    ("三类", "3类", "C类", "三档", "C档"),
    ("累计支出合计", "总支出", "支出总额", "支出总计", "支出合计", "合计支出"),
    ("占资金总额比重", "占比", "占资金比重", "占总额比重", "占资金总额比例"),
    ("合计人数", "总人数", "人数合计", "人数总计", "共有人数"),
    ("支出与资金之比", "预算执行率", "资金执行率", "执行率", "支出率", "使用率"),
    ("比重", "比例", "百分比", "比率"),
    ("较上年", "比上年", "同比", "比去年", "较去年"),
    ("增长率", "增幅", "增速"),
    ("次均支出", "每次平均", "平均每次支出", "次均"),
    ("人均月支出", "人均支出", "月人均支出", "人均每月支出"),
)  # fmt: skip
"""Words of the trade for one thing; the first is the one that names are made of."""

COUNTED = r"(?:人数|户数|人次|户次|金额|次数|件数|个数)"
"""Ends of names that tell the unit."""

UNIT_BEHIND = re.compile(r"\s*(?:[（(\[]\s*([^（）()\[\]]{1,8})\s*[）)\]])$")


def folded(text: str) -> str:
    """Text in half-width signs, without spaces, quotation marks and stops."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s“”‘’\"'`·.,，、。:：;；_\-—]", "", text)


@lru_cache(maxsize=8)
def _words(programmes: tuple[Programme, ...]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Any of the words that have a usual one, and the usual one by each."""
    usual = {word: same[0] for same in SAME for word in same[1:]}
    for programme in programmes:
        for alias in programme.aliases:
            # 五保供养 for 特困供养 is 五保 for 特困.
            matched = zip(reversed(alias), reversed(programme.name), strict=False)
            common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], matched))
            ending = alias[-common:] if common > 1 else ""
            short, name = alias.removesuffix(ending), programme.name.removesuffix(ending)
            if len(short) > 1 and short not in usual and short not in programme.name:
                usual[short] = name
    # The usual words stand in the pattern too: 支出 in 累计支出 is no word of its own.
    usual |= {same[0]: same[0] for same in SAME}
    listed = sorted(usual, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, listed))), usual


def usual(text: str, programmes: tuple[Programme, ...]) -> str:
    """A name in the usual words: 城镇五保支出 as 城市特困累计支出."""
    pattern, words = _words(programmes)
    return pattern.sub(lambda match: words[match[0]], folded(text))


def _parts(text: str) -> Counter[str]:
    """Characters and pairs of a text; pairs are what words are told by."""
    return Counter([*text, *(text[place : place + 2] for place in range(len(text) - 1))])


@dataclass(frozen=True)
class Names:
    """Names that may be meant, prepared for comparison.

    Attributes
    ----------
    labels : tuple of str
        The names.
    stated : frozenset of str
        Those that stand in tables, which people mean more often than what is computed.
    programmes : tuple of Programme
        Whose other names count.
    """

    labels: tuple[str, ...]
    stated: frozenset[str]
    programmes: tuple[Programme, ...]

    def like(self, wrong: str, most: int = MOST) -> list[str]:
        """Names that a text may mean, the most likely first."""
        weights, vectors = _prepared(self)
        asked = usual(wrong, self.programmes)
        vector = _weighted(_parts(asked), weights)
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(asked)
        scores = {}
        for label, (shown, other) in vectors.items():
            matcher.set_seq1(shown)
            score = (_cosine(vector, other) + matcher.ratio()) / 2
            if label not in self.stated:
                score *= RARELY
            if label.startswith(CLAIM_PREFIX) and CLAIM_PREFIX not in wrong:
                score *= RARELY
            scores[label] = score
        return [
            label for label in sorted(scores, key=lambda label: -scores[label]) if scores[label] >= ALIKE
        ][:most]

    def shares(self, text: str) -> dict[str, float]:
        """How much of each name a text says, from 0 to 1."""
        _, vectors = _prepared(self)
        said = _parts(usual(text, self.programmes))
        return {
            label: sum(weight for part, weight in vector.items() if len(part) == 2 and part in said)
            / (sum(weight for part, weight in vector.items() if len(part) == 2) or 1)
            for label, (_, vector) in vectors.items()
        }

    def with_words(self, words: Iterable[str]) -> list[str]:
        """Names in which every word is found, as written or in the usual words."""
        asked = [(folded(word), usual(word, self.programmes)) for word in words]
        shown = {label: (folded(label), usual(label, self.programmes)) for label in self.labels}
        return [
            label
            for label, texts in shown.items()
            if all(any(_within(word, text) for word in forms for text in texts) for forms in asked)
        ]


@lru_cache(maxsize=8)
def _prepared(names: Names) -> tuple[Mapping[str, float], Mapping[str, tuple[str, Mapping[str, float]]]]:
    shown = {label: usual(label, names.programmes) for label in names.labels}
    parts = {label: _parts(text) for label, text in shown.items()}
    seen = Counter(part for counted in parts.values() for part in counted)
    weights = {
        part: log(1 + len(parts) / count) * (1 if len(part) == 2 else 0.5) for part, count in seen.items()
    }
    return weights, {label: (shown[label], _weighted(counted, weights)) for label, counted in parts.items()}


def _weighted(parts: Counter[str], weights: Mapping[str, float]) -> Mapping[str, float]:
    # What no name has says nothing of which is meant, and yet that it is none quite: half of the heaviest.
    rest = max(weights.values(), default=1) / 4
    return {
        part: weights.get(part, rest if len(part) == 2 else rest / 2) * sqrt(count)
        for part, count in parts.items()
    }


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(weight * other.get(part, 0) for part, weight in one.items())
    size = sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return shared / size if size else 0.0


def _within(word: str, text: str) -> bool:
    """Whether a word stands in a text, whole or in pieces of at least two characters: 低保支出 in 城市低保累计支出."""
    if not word:
        return True
    ends = {0}
    for start in range(len(word)):
        if start in ends:
            ends |= {end for end in range(start + 2, len(word) + 1) if word[start:end] in text}
    return len(word) in ends or word in text


def names_of(figures: Mapping[str, Figure], registries: Registries) -> Names:
    """Names of figures, given by name."""
    stated = (label for label, figure in figures.items() if isinstance(figure.lineage, Cell))
    return Names(tuple(figures), frozenset(stated), tuple(registries.programmes.values()))


def other_unit(wrong: str, labels: Iterable[str]) -> str:
    """Name that differs in what it counts only: 城市低保月均人数 for 城市低保月均户数; empty where none does."""
    stem, counted = re.subn(rf"{COUNTED}$", "", folded(wrong))
    if not counted:
        return ""
    return next(
        (label for label in labels if label != wrong and re.sub(rf"{COUNTED}$", "", folded(label)) == stem),
        "",
    )


def remedy(wrong: str, figures: Mapping[str, Figure], registries: Registries) -> str:
    """What to do about a name that none of some figures has: the unit is wrong, or which names are like it."""
    behind = UNIT_BEHIND.search(wrong)
    bare = figures.get(wrong[: behind.start()]) if behind else None
    if bare and behind:
        said = f"名称后面不写单位，“{bare.label}”的单位是“{bare.unit}”"
        return said if behind[1] == bare.unit else f"{said}，单位不对的改正"
    if (label := other_unit(wrong, figures)) and figures[label].unit:
        return f"核对名称和单位；是不是“{label}”（单位不对：它以“{figures[label].unit}”计），或先在表里补上这一行"
    similar = names_of(figures, registries).like(wrong)
    meant = "”或“".join(similar)
    return f"核对名称；是不是“{meant}”" if similar else "核对名称，或先在表里补上这一行"
