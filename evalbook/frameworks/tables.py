"""The keys of ``framework.yml`` and the columns of ``indicators.csv``."""

from __future__ import annotations

from evalbook.frameworks.framework import INVERSE_FORMULAS, POINT_ORIGINS, ZERO_BUDGETS
from evalbook.schema.columns import COMPARISON_COLUMN, NOTE_COLUMN
from evalbook.schema.kinds import CODE, DAY, DIGITS, INDICATOR_CODE, POINTS, TEXT, YES_NO, choice, unit_of
from evalbook.schema.table import Column, Table

FRAMEWORK_SETTINGS = (
    Column("title", "标题", TEXT, "文件的标题", "项目支出绩效评价管理办法", required=True),
    Column("number", "文号", TEXT, "没有查到的留空", "财预〔2020〕10号"),
    Column("issuer", "发布机关", TEXT, "谁发布的", "财政部", required=True),
    Column("subject", "评价对象", TEXT, "评价谁", "预算部门（单位）实施的项目", required=True),
    Column("start", "起始日期", DAY, "从哪一天起适用；只知道年份的写年份", "2020", required=True),
    Column("end", "截止日期", DAY, "到哪一天止；一直有效的留空", "2020-12-31"),
    Column("total", "总分", POINTS, "满分多少", "100", required=True),
    Column("complete", "完整", YES_NO, "各项分值和计分办法都有的写“是”；写“否”的不计总分、不评等次", "是",
        required=True),
    Column("relative", "按排名评等次", YES_NO, "等次由各地排名决定的写“是”", "否"),
    Column("most_bonus", "加分上限", POINTS, "总分之外至多加多少；没有写明的留空", "2"),
    Column("most_penalty", "减分上限", POINTS, "总分之外至多减多少；没有写明的留空", "2"),
    Column("inverse", "不高于的算法", choice(INVERSE_FORMULAS, "算法"),
        "超过“不高于”的目标时怎样按比例计分；没有写明的留空", "目标÷实际"),
    Column("digits", "得分小数位", DIGITS, "文件写明每项得分保留几位小数的填写；没有写明的留空，不取舍", "2"),
    Column("explained_from", "须说明的完成率", POINTS, "达到目标的百分之多少起，也要说明原因；没有写明的留空",
        "130"),
    Column(
        "zero_budget", "预算为零", choice(ZERO_BUDGETS, "做法"), "全年预算数为0时执行率怎样计分", "不能计分"
    ),
    Column("parts", "部分", TEXT, "各部分的分值，一行一个“名称: 分值”；没有查到分值的，冒号后留空",
        "产出指标: 50"),
    Column(
        "grades", "等次", TEXT, "从高到低，一行一个“名称: 界限”；没有等次的不写", "优: 90（含）至100（含）"
    ),
    Column("levels", "定性等级", TEXT, "从高到低，一行一个“名称: 界限”，界限是分值的百分比",
        "达成年度指标: 80（含）至100（含）"),
    Column("caps", "等次限制", TEXT, "出现了就限制等次的情形，每种写代码、情形、等次、出处", "[]"),
    Column("vetoes", "否决", TEXT, "一票否决的情形，每种写代码、情形、等次、出处", "[]"),
    Column(
        "fund_rows", "资金行", TEXT, "自评表“年度资金总额”下面各行的写法，一行一个“- ”", "其中：本年财政拨款"
    ),
    Column("source", "出处", TEXT, "从哪里看到的", "网址或文件", required=True),
    Column("note", "说明", TEXT, "需要知道的情况", "分值是建议分值"),
)  # fmt: skip
"""The keys of ``framework.yml``."""

EVENT_SETTINGS = (
    Column("code", "代码", CODE, "固定代号", "fraud", required=True),
    Column("what", "情形", TEXT, "出现了什么", "弄虚作假", required=True),
    Column("grade", "等次", TEXT, "最高只能评什么，或评为什么", "中", required=True),
    Column("source", "出处", TEXT, "哪个文件、哪一条", "某办法第九条", required=True),
)
"""The keys of an entry of 等次限制 and 否决."""

INDICATORS = Table(
    "indicators",
    "评价指标",
    "一个评价框架的指标，一行一个",
    (
        Column("code", "代码", INDICATOR_CODE, "固定代号，不再改动", "P5", required=True),
        Column("part", "一级指标", TEXT, "属于哪一部分；执行率写“预算执行”", "产出指标", required=True),
        Column("group", "二级指标", TEXT, "没有留空", "质量指标"),
        Column("title", "三级指标", TEXT, "指标的名称", "农村低保月人均救助水平", required=True),
        Column("points", "分值", POINTS, "满分多少；没有查到的留空。与“权重”只填一个", "6"),
        Column("weight", "权重", POINTS, "占总分的百分之几；与“分值”只填一个", "6"),
        Column("origin", "分值来源", choice(dict.fromkeys(POINT_ORIGINS, ""), "说法"), "分值是谁定的", "官方",
            required=True),
        Column("kinds", "记分方法", TEXT, "怎样计分，见“评价框架”一页；几种叠加的用“＋”连接",
            "按次扣分＋出现不得分", required=True),
        Column("parameters", "参数", TEXT, "“名称：内容”，几个参数用“；”隔开", "每次：0.5"),
        COMPARISON_COLUMN,
        Column("target", "目标值", TEXT, "框架自己定的目标；由各年度批准的留空", "98"),
        Column("unit", "单位", unit_of(), "目标值和实际值的单位", "%"),
        Column("sources", "数字", TEXT, "实际值是哪个数字的地址；几个的写“名称：地址”，用“；”隔开",
            "level.rural_dibao"),
        Column("evidence", "证据", TEXT, "用什么证明", "满意度调查报告", required=True),
        Column("text", "计分原文", TEXT, "文件怎样写的；没有查到的留空", "每降低1个百分点扣0.5分"),
        Column("source", "出处", TEXT, "从哪里看到的", "财预〔2020〕10号", required=True),
        NOTE_COLUMN,
    ),
    key=("code",),
)  # fmt: skip
