"""Columns that many tables have."""

from __future__ import annotations

from evalbook.schema.kinds import COMPARISON, FLAG, TEXT, choice
from evalbook.schema.table import Column
from evalbook.schema.vocabulary import PENDING

FLAG_COLUMN = Column("flag", "标志", FLAG, "数字的状态；没有数字时留空或填 x", "p")
SOURCE_COLUMN = Column("source", "出处", TEXT,
    "数字从哪里来：台账、文件、系统，或报告的哪一部分；有数字就必须写", "签发报告二（二）")  # fmt: skip
PENDING_COLUMN = Column("pending", "确认", choice({PENDING: "pending"}, "写法"),
    "沿用上年、还没有核对的行写“待确认”，核对后清空", PENDING)  # fmt: skip
NOTE_COLUMN = Column("note", "备注", TEXT, "需要说明的情况", "文号照录，用了方括号")
FIGURE_COLUMNS = (FLAG_COLUMN, SOURCE_COLUMN, PENDING_COLUMN, NOTE_COLUMN)
COMPARISON_COLUMN = Column("comparison", "比较", COMPARISON, "不低于写≥，不高于写≤，等于写=", "≥")
EXPLANATION_COLUMN = Column("note", "说明", TEXT, "是什么", "同“人”")
