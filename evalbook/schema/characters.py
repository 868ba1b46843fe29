"""Characters that look like another: pieces of characters and doubles that a PDF puts in place of the usual ones.

Whoever copies 月 or 长 from a PDF often gets the radical ⽉ or ⻓, which looks the same and is another character: no
name is found, no rule sees the word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

LIKENESS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f]")
"""Radicals, and ideographs that Unicode has a second time for the sake of older character sets."""

# EquivalentUnifiedIdeograph of Unicode 14 for CJK Radicals Supplement, most of which NFKC leaves as they are.
SUPPLEMENT = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺"
    "⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
USUAL = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀"
    "聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
ALIKE = str.maketrans(SUPPLEMENT, USUAL)
TOLD = 5
"""Characters of a file that are named; more are counted."""


def folded(text: str) -> str:
    """Text with the character that a person sees in place of each that only looks like it."""
    if not LIKENESS.search(text):
        return text
    return LIKENESS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text.translate(ALIKE))


def folding_notices(name: str, text: str) -> list[str]:
    """Say in Chinese what :func:`folded` changes in a file; nothing where it changes nothing."""
    counted = Counter(found for found in LIKENESS.findall(text) if folded(found) != found)
    if not counted:
        return []
    listed = "；".join(f"“{a}”改读作“{folded(a)}”，{n}处" for a, n in counted.most_common(TOLD))
    more = f"；等{len(counted)}个字" if len(counted) > TOLD else ""
    return [
        f"{name}：有与常用字看起来一样、其实不同的字（多半从 PDF 复制而来）：{listed}{more}。建议在文件里改过来。"
    ]
