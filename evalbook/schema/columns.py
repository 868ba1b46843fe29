"""Columns that many tables have."""

from __future__ import annotations

from evalbook.schema.kinds import COMPARISON, FLAG, LOCALITY, PERIOD, TEXT, choice
from evalbook.schema.table import Column
from evalbook.schema.vocabulary import CARE_LEVELS, CARE_WORDS, FORMS, PENDING, REGIONS, TIER_WORDS, TIERS

FLAG_COLUMN = Column("flag", "标志", FLAG, "数字的状态；没有数字时留空或填 x", "p")
SOURCE_COLUMN = Column("source", "出处", TEXT,
    "数字从哪里来：台账、文件、系统，或报告的哪一部分；有数字就必须写", "签发报告二（二）")  # fmt: skip
PENDING_COLUMN = Column("pending", "确认", choice({PENDING: "pending"}, "写法"),
    "沿用上年、还没有核对的行写“待确认”，核对后清空", PENDING)  # fmt: skip
NOTE_COLUMN = Column("note", "备注", TEXT, "需要说明的情况", "文号照录，用了方括号")
FIGURE_COLUMNS = (FLAG_COLUMN, SOURCE_COLUMN, PENDING_COLUMN, NOTE_COLUMN)
COMPARISON_COLUMN = Column("comparison", "比较", COMPARISON, "不低于写≥，不高于写≤，等于写=", "≥")
EXPLANATION_COLUMN = Column("note", "说明", TEXT, "是什么", "同“人”")
PLACE_COLUMN = Column("place", "地区", LOCALITY, "只是一个乡镇、县区的数字，写它在地区登记表里的名称；全县（全市）的留空",
    "桃花江镇", optional=True)  # fmt: skip
PERIOD_COLUMN = Column("period", "时期", PERIOD,
    "不是全年度的数字，写6月、1—9月、三季度、上半年；别的年份写2019年；全年度的留空", "1—9月", optional=True)  # fmt: skip
PART_COLUMNS = (PLACE_COLUMN, PERIOD_COLUMN)
SPLIT_COLUMNS = (
    Column("care", "护理等级", choice({level: FORMS[level] for level in CARE_LEVELS}, "等级", CARE_WORDS),
        "分护理等级的填写", "全护理", optional=True),
    Column("tier", "档次", choice(TIERS, "档次", TIER_WORDS), "分档、分类的填写", "一类", optional=True),
    Column("region", "城乡", choice(REGIONS, "说法"),
        "项目本身不分城乡、这个数字分城乡的填写；城市低保、农村特困等项目留空", "农村", optional=True),
)  # fmt: skip
