"""Rules for the sums of a form: points, parts, subtotals, the total and its grade."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal

from evalbook.checks import DOUBT, ERROR, HINT, Place, Suspicion
from evalbook.checks.finding import rule
from evalbook.recheck.facts import HUNDRED, ONE, ZERO, FormFacts, Judged, added, round_to, shown
from evalbook.recheck.headings import THIS_YEAR
from evalbook.recheck.rules.arithmetic import (
    ARITHMETIC,
    absent_parts,
    compared,
    equals,
    only_rounded,
    stated_points,
)
from evalbook.schema.numbers import plain, read_number
from evalbook.schema.text import clean

EXECUTION, USUAL_EXECUTION = "预算执行", Decimal(10)
"""The part that forms without funds leave out, and its usual points."""
GRADES, BOUNDS = (("优", "优秀"), ("良", "良好"), ("中", "合格"), ("差", "不合格")), (90, 80, 60)
"""What finance departments and civil affairs call each grade; the lowest total of all but the last."""


def groups(facts: FormFacts, levels: tuple[int, ...] = (1, 2)) -> Iterator[tuple[str, tuple[Judged, ...]]]:
    """Rows under one heading of the first or second level, by what the heading says."""
    for level in levels:
        found: dict[tuple[str, ...], list[Judged]] = {}
        for row in facts.rows:
            found.setdefault((row.row.level1, row.row.level2)[:level], []).append(row)
        yield from ((headings[-1], tuple(rows)) for headings, rows in found.items())


@rule(
    "B1", "分值合计", compares="各行分值之和与总分行的分值", formula="Σ分值＝总分行分值", tolerance="不容许差别",
    exceptions="有行没有分值；没有总分行而不足100分的（表可能不完整）；超过100分的为疑点", severity=ERROR, source=ARITHMETIC,
    look_up="下达的绩效目标表", ask="各行的分值是多少，总分是不是100分", since="2026-11-24",
)  # fmt: skip
def sum_of_points(facts: FormFacts) -> Iterator[Suspicion]:
    """Points of the indicators and of execution against the row 总分."""
    total, sums = facts.form.total, facts.sums("points")
    if not sums or facts.lacking(facts.indicators, "points"):
        return
    said, own, absent = facts.stated("points"), sums[0], absent_parts(facts)
    place = facts.place(total.points, total.row) if total else Place(facts.form.file, 0, "")
    if said is not None and not any(equals(said, value) for value in sums):
        cut = bool(absent) and own < said
        yield compared("points", said, own, place, accused=(place,), severity=DOUBT if cut else "").told(
            f"总分行的分值是{shown(said)}分，各行分值合计{shown(own)}分，相差{shown(abs(said - own))}分",
            "总分的分值就是各行分值之和" + (f"；表里没有{absent}的行" if cut else ""),
            "补上缺的行" if cut else "核对各行的分值和总分，看是否漏了一行",
        )
        return
    if said is not None and said > HUNDRED:
        stated, severity = said, HINT
        found = f"总分行的分值是{shown(said)}分，各行分值合计也是{shown(own)}分"
        remedy = "核对各行的分值；当地用别的满分的不算问题"
    elif said is None and HUNDRED not in sums and (own > HUNDRED or (total and not absent)):
        stated, severity = own, DOUBT
        found, remedy = f"各行分值合计{shown(own)}分", "核对各行的分值；当地用别的满分的，写在总分行"
    else:
        return
    why = "自评表的分值合计一般是100分"
    yield compared("points", stated, HUNDRED, place, severity=severity).told(found, why, remedy)


@rule(
    "B2", "各部分的分值", compares="“产出指标（50分）”之类写明的分值，与其中各行之和", formula="Σ分值＝写明的分值",
    tolerance="不容许差别", exceptions="没有总分行时最后一部分可能被截去", severity=ERROR, source=ARITHMETIC,
    look_up="下达的绩效目标表", ask="这一部分一共多少分", since="2026-11-24",
)  # fmt: skip
def sum_of_part(facts: FormFacts) -> Iterator[Suspicion]:
    """Points of the rows under a heading that states its points."""
    last = facts.rows[-1] if facts.rows else None
    for heading, rows in groups(facts) if facts.weighted is None else ():
        said, first = stated_points(heading), rows[0].row.row
        if said is None or any(row.row.is_execution for row in rows):
            continue
        value = added(row.points for row in rows)
        # The rest of the last part may be cut off.
        cut = facts.form.total is None and last in rows and value < said
        if value == said or cut or (value < said and facts.lacking(rows, "points")):
            continue
        yield compared(f"part-r{first}", said, value, Place(facts.form.file, first, clean(heading))).told(
            f"“{clean(heading)}”写明{shown(said)}分，下面各行分值合计{shown(value)}分",
            "一部分的分值就是其中各行分值之和",
            "核对这一部分各行的分值",
        )


@rule(
    "B3", "小计", compares="小计行与上面各行之和", formula="Σ＝小计", tolerance="小计印出的末位", exceptions="有行没有填",
    severity=ERROR, source=ARITHMETIC,
    look_up="下达的绩效目标表", ask="小计是由哪几行相加的", since="2026-11-24",
)  # fmt: skip
def sum_of_subtotal(facts: FormFacts) -> Iterator[Suspicion]:
    """小计 rows against the rows between them."""
    starts = [0]
    for subtotal in facts.form.subtotals if facts.weighted is None else ():
        start = starts[-1]
        rows = [row for row in facts.rows if start < row.row.row < subtotal.row]
        starts.append(subtotal.row)
        for kind, name, cell in (("points", "分值", subtotal.points), ("score", "得分", subtotal.score)):
            said = read_number(cell.text)
            if said is None or not rows or facts.lacking(rows, kind):
                continue
            # 指标合计 may stand below the 小计 of each part and count them all.
            sums = [_sum_between(facts, kind, first, subtotal.row) for first in starts[:-1]]
            own = sums[-1][0]
            if any(equals(said, value) for values in sums for value in values):
                continue
            yield compared(f"subtotal-{kind}-r{subtotal.row}", said, own, facts.place(cell)).told(
                f"第{subtotal.row}行小计的{name}是{shown(said)}分，上面各行合计{shown(own)}分",
                f"小计就是上面各行{name}之和",
                f"核对各行的{name}和小计",
            )


@rule(
    "B24", "各部分的得分", compares="“产出指标（50分）”之类写明的分值，与其中各行得分之和", formula="Σ得分≤写明的分值",
    tolerance="不容许差别", exceptions="有分值一栏的，由“各部分的分值”和“得分不超过分值”核对；各行按100分计分的", severity=ERROR,
    source=ARITHMETIC, look_up="这一部分各行的打分依据", ask="这一部分各项指标各占多少分，得分是怎样算出来的", since="2026-11-30",
)  # fmt: skip
def scores_of_part(facts: FormFacts) -> Iterator[Suspicion]:
    """Scores of the rows under a heading that states its points, where rows have no points of their own."""
    for heading, rows in groups(facts) if facts.weighted is None else ():
        said, value, first = stated_points(heading), added(row.score for row in rows), rows[0].row.row
        if said is None or value <= said or len(rows) == 1 or not facts.lacking(rows, "points"):
            continue
        places = tuple(facts.place(row.row.cell("score")) for row in rows)
        place = Place(facts.form.file, first, clean(heading))
        yield compared(f"scores-r{first}", value, said, place, *places, accused=places).told(
            f"“{clean(heading)}”写明{shown(said)}分，下面{len(rows)}行得分合计{shown(value)}分",
            "一部分的得分不能超过这一部分的分值",
            "核对这一部分各行的得分和写明的分值",
        )


TOTAL_IN_TEXT = re.compile(
    THIS_YEAR
    + r"(?:项目|综合|绩效|评价|我局|本项目|最终)*自评(?:总得?分|综合得分|得分|分数)(?:合计)?[:为是]?(\d+(?:\.\d+)?)分"
)


@rule(
    "B23", "表头的总分", compares="表头和表外文字写的自评总分，与总分行的得分", formula="两处相同",
    tolerance="四舍五入到表头或文字印出的位数", exceptions="与各行之和相符的，问题在总分行；文字里的为疑点", severity=ERROR,
    source=ARITHMETIC, look_up="报送的自评得分", ask="表头和总分行的得分以哪一个为准", since="2026-11-30",
)  # fmt: skip
def head_total(facts: FormFacts) -> Iterator[Suspicion]:
    """The totals told above the table and in its texts against the row 总分."""
    head, said, total = facts.form.head_total, facts.stated("score"), facts.form.total
    told = [(head, head.text)] if head else []
    told += [
        (cell, found[1])
        for cell in facts.form.texts
        if (found := TOTAL_IN_TEXT.search(plain(cell.text))) and (head is None or cell.row != head.row)
    ]
    if said is None or total is None:
        return
    for cell, text in told:
        above = read_number(text)
        if above is None or any(equals(above, value) for value in (said, *facts.sums("score"))):
            continue
        place, in_head = facts.place(cell), cell is head
        places = (place, facts.place(total.score))
        suspicion = compared(
            "head" if in_head else f"text-r{cell.row}", above, said, *places,
            accused=(place,) if in_head else (), severity="" if in_head else DOUBT,
        )  # fmt: skip
        yield suspicion.told(
            f"{'表头' if in_head else '文字里'}写自评得分{shown(above)}分，第{total.row}行总分是{shown(said)}分",
            "同一张表的总分只有一个",
            "核对各行得分之和，改正写错的一处",
        )


def _explaining(facts: FormFacts, gap: Decimal) -> tuple[Place, ...]:
    """Scores that are wrong by themselves and by just as much as a total differs."""
    due = [(row.row.cell("score"), row.score, row.points) for row in facts.rows if row.row.cell("score").text]
    if (scored := facts.funds.scored) and facts.execution_rate is not None:
        points = scored.number("points")
        full = None if points is None else round_to(points * min(facts.execution_rate, ONE), 2)
        due.append((scored.cell("score"), scored.number("score"), full))
    wrong = [(cell, most - score) for cell, score, most in due if score is not None and most is not None]
    in_funds = scored.row if scored else 0
    return tuple(
        facts.place(cell) for cell, more in wrong if more == gap and (more < 0 or cell.row == in_funds)
    )


def _whole(facts: FormFacts) -> Decimal | None:
    """Points of all rows: their own, or those that the headings of all parts state; None where neither is known."""
    points = facts.sums("points")
    if points and not facts.lacking(facts.indicators, "points"):
        return points[0]
    headings = [(stated_points(heading), rows) for heading, rows in groups(facts, (1,))]
    if any(said is None for said, _ in headings):
        return points[0] if points else None
    scored = any(row.row.is_execution for row in facts.rows)
    return added(said for said, _ in headings) + (ZERO if scored else facts.execution_values("points")[0])


def _sum_between(facts: FormFacts, kind: str, start: int, end: int) -> tuple[Decimal, ...]:
    """Sum of the indicators between two rows, and with what the funds add."""
    own = added(facts.value(row, kind) for row in facts.rows if start < row.row.row < end)
    extra = next((fund.number(kind) for fund in facts.form.funds if start < fund.row < end), None)
    return (own,) if extra is None else (own, own + extra)


@rule(
    "B4", "总分等于各行得分之和", compares="总分与各行得分、预算执行得分之和", formula="Σ得分＝总分",
    tolerance="总分印出的末位；各行四舍五入的尾差为提示", exceptions="资金各行重复写的得分只算一次；缺得分的行可以补足差额的",
    severity=ERROR, source=ARITHMETIC,
    look_up="自评表底稿", ask="总分是由哪几行相加的", since="2026-11-24",
)  # fmt: skip
def sum_of_scores(facts: FormFacts) -> Iterator[Suspicion]:
    """总分 against the scores of all rows."""
    total, said = facts.form.total, facts.stated("score")
    sums = (*facts.sums("score"), *facts.sums("converted"))
    if total is None or said is None or not sums or any(equals(said, value) for value in sums):
        return
    own = sums[0]
    lacking = facts.lacking(facts.indicators, "score")
    possible = added(row.points for row in lacking)
    unknown = any(row.points is None for row in lacking)
    whole, absent = _whole(facts), absent_parts(facts)
    # A list without levels does not tell whether parts of it are missing.
    doubtful = (
        whole is None
        and bool(absent)
        and (absent == EXECUTION or not facts.form.columns & {"level1", "level2"})
    )
    gap = max((facts.stated("points") or HUNDRED) - (whole or ZERO), ZERO)
    if absent:
        possible += USUAL_EXECUTION if doubtful else gap
    if said > own and (unknown or said <= own + possible):
        return  # within what the rows without a score may add
    scored = [row.score for row in facts.rows if row.score is not None]
    if whole is None and min(scored) <= said <= max(scored) and len(scored) > 1:
        return  # each row may be scored out of 100
    scores = [*(row.score for row in facts.rows), *facts.execution_values("score")[:1]]
    broken = [score for score in scores if score is not None and score != round_to(score, 0)]
    rounding = only_rounded(broken, len(broken), said - own)
    way = "" if facts.weighted is None else "按权重"
    place = facts.place(total.score)
    # A row that is missing explains both.
    explained = 0 < said - own <= gap and total.points.row
    places = (place, *((facts.place(total.points),) if explained else ()), *_explaining(facts, said - own))
    severity, notes = (HINT, ("相差很小，可能各行得分是四舍五入后的数",)) if rounding else ("", ())
    if doubtful and said > own:
        severity, notes = DOUBT, (*notes, "表里没有分值，看不出是不是缺了行")
    yield compared("score", said, own, *places, accused=(place,), severity=severity, notes=notes).told(
        f"总分写{shown(said)}分，各行得分{way}合计{shown(own)}分，相差{shown(abs(said - own))}分",
        "总分就是各项指标得分与预算执行得分之和；"
        + ("各项按100分计分的，先乘权重" if way else "资金各行重复写的得分只算一次"),
        "按各行得分重新合计",
    )


@rule(
    "B22", "等次与总分", compares="等次与总分", formula="90、80、60分为界，含下限", tolerance="不容许差别",
    exceptions="总分不是百分制；不认识的用词；四舍五入到整数才相符的为疑点；用词混用的为提示", severity=ERROR,
    source="财政部预算司统一的等次（优、良、中、差）；民发〔2016〕242号第七条（优秀、良好、合格、不合格）",
    look_up="评价办法、自评表", ask="等次按哪个分数线评的", since="2026-11-24",
)  # fmt: skip
def grade(facts: FormFacts) -> Iterator[Suspicion]:
    """A grade against the total score, and its word against the finance departments' words."""
    form, word, cell = facts.form, facts.form.grade_word, facts.form.grade
    score = total_score(facts)
    if cell is None or score is None or word not in itertools.chain(*GRADES):
        return
    expected = _expected(score)
    if word not in expected:
        rounded = word in _expected(round_to(score, 0))
        nearly, severity = ("，四舍五入到整数才够", DOUBT) if rounded else ("", "")
        places = (facts.place(cell), *((facts.place(form.total.score),) if form.total else ()))
        yield compared("grade", score, None, *places, severity=severity).told(
            f"等次写“{word}”，总分{shown(score)}分应为“{expected[0]}”（或“{expected[1]}”）{nearly}",
            "90分以上为优（优秀），80分以上不到90分为良（良好），60分以上不到80分为中（合格），60分以下为差（不合格）",
            "按总分改正等次；当地另有界限的，写明文件",
        )
    if word not in {names[0] for names in GRADES} and "项目支出" in form.title:
        yield Suspicion("grade-word", places=(facts.place(cell),), severity=HINT).told(
            f"等次写“{word}”，财政部门的项目支出绩效评价用优、良、中、差",
            "优秀、良好、合格、不合格是民发〔2016〕242号对各省困难群众救助工作评价的用词，两套用词不能混用",
            "核对本表依据的办法用哪一套用词",
        )


def total_score(facts: FormFacts) -> Decimal | None:
    """Total score on the scale of 100: the stated one, or the sum where every row is scored; else None."""
    said, points = facts.stated("score"), facts.stated("points")
    if points is not None and points != HUNDRED:
        return None
    if said is not None:
        return said
    sums = facts.sums("score")
    complete = HUNDRED in facts.sums("points") and not facts.lacking(facts.indicators, "score")
    return sums[0] if complete and sums else None


def _expected(score: Decimal) -> tuple[str, str]:
    return GRADES[sum(score < bound for bound in BOUNDS)]
