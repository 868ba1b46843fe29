"""The tables under ``data/reference/``."""

from __future__ import annotations

from evalbook.schema.columns import EXPLANATION_COLUMN, SOURCE_COLUMN
from evalbook.schema.kinds import (
    AREAS,
    ASKED,
    CODE,
    DATE,
    DEFINITION,
    DIGITS,
    DIVISION_OR_LONGER,
    FAMILY,
    NAME,
    NUMERIC,
    POINTS,
    SYMBOL,
    TERM,
    TEXT,
    YES_NO,
    choice,
    unit_of,
)
from evalbook.schema.table import Column, Table
from evalbook.schema.vocabulary import (
    AREA_WIDE,
    JUDGES,
    LIMIT_FORCES,
    LIMIT_MEASURES,
    LOCALITY_LEVELS,
    LOCALITY_WORDS,
    REGIONS,
    SOURCE_GRADES,
)

CATEGORY_COLUMNS = (
    Column("code", "代码", CODE, "固定代号，不再改动", "social_assistance", required=True),
    Column("name", "名称", NAME, "项目登记表使用的名称", "社会救助", required=True),
    EXPLANATION_COLUMN,
    Column("source", "出处", TEXT, "从哪里来", "《社会救助暂行办法》", required=True),
)
AREA_TABLE = Table(
    "areas",
    "领域登记表",
    "资金的用途分哪几大块；资金与支出按领域比较，项目登记表的“领域”只能填这里的名称",
    CATEGORY_COLUMNS,
    key=("code",),
)
FAMILY_TABLE = Table(
    "families",
    "类别登记表",
    "性质相同的项目归为一类；检查规则和参考界限按类别适用，项目登记表的“类别”只能填这里的名称",
    CATEGORY_COLUMNS,
    key=("code",),
)
PROGRAMMES = Table(
    "programmes",
    "项目登记表",
    "救助项目和资金项目，各年共用；各表的“项目”只能填这里的名称",
    (
        Column("code", "代码", CODE, "固定代号，不再改动", "urban_dibao", required=True),
        Column("name", "名称", NAME, "各表和正文使用的名称", "城市低保", required=True),
        Column("parent", "上级项目", TEXT, "它所属的项目的名称", "最低生活保障"),
        Column("areas", "领域", AREAS, "资金与支出按领域比较；几个领域的钱打捆下达、分不开的，用“、”隔开", "社会救助",
            required=True),
        Column("kind", "类型", TEXT, "救助项目、补贴、资金来源、工作经费，或监测人群（只数人、不发钱的）", "救助项目",
            required=True),
        Column("region", "城乡", choice(REGIONS, "说法"), "分城乡的项目填写", "城市"),
        Column("family", "类别", FAMILY, "低保、特困两类之间要相互比较", "低保"),
        Column("system", "社会救助体系", TEXT, "属于“8+1”体系的写 8+1", "8+1"),
        Column("headline", "要览", YES_NO, "在首页列出人数的写“是”", "是"),
        EXPLANATION_COLUMN,
        Column("source", "出处", TEXT, "定义从哪里来", "《社会救助暂行办法》第九条", required=True),
        Column("may_be_within", "可能含在", TEXT,
            "数字可能已经含在哪些项目里，用“、”隔开；各年在“含在”一栏写明", "农村低保", optional=True),
        Column("proper_levels", "应列级次", TEXT, "只能列在哪些级次，用“、”隔开；不限的留空", "上级、中央",
            optional=True),
        Column("aliases", "又称", TEXT, "文件和报告里的其他叫法，用“、”隔开", "五保、三无", optional=True),
    ),
    key=("code",),
)  # fmt: skip
NEEDED_UNITS = {
    "元": "",
    "万元": "10000*元",
    "人": "",
    "户": "",
    "人次": "",
    "户次": "",
    "月": "",
    "年": "12*月",
    "元/月": "元/人/月",
    "元/年": "元/人/年",
    "元/人·月": "元/人/月",
    "元/人次": "元/人次",
    "元/户次": "元/户次",
    "元/人": "元/人",
    "元/户": "元/户",
    "人·月/人次": "人*月/人次",
    "%": "0.01",
    "百分点": "0.01",
    "倍": "1",
    "人/万人": "人/万人",
    "人/户": "人/户",
}
"""Units in which indicators are computed, with the definitions that the formulas rely on."""

UNITS = Table(
    "units",
    "单位登记表",
    "可以使用的计量单位，各年共用",
    (
        Column("symbol", "单位", SYMBOL, "印出来的写法", "元/人·月", required=True),
        Column("category", "类别", TEXT, "数的是什么", "标准", required=True),
        Column("definition", "换算", DEFINITION, "由前面的单位怎样得来；基本单位留空", "10000*元"),
        Column("digits", "小数位", DIGITS, "计算结果显示几位小数", "2", required=True),
        Column("whole", "取整", YES_NO, "只能是整数的写“是”", "是", required=True),
        EXPLANATION_COLUMN,
    ),
    key=("symbol",),
)
TERMS = Table(
    "terms",
    "名称登记表",
    "带数字的名称，写进正文不算数字",
    (
        Column("term", "文字", TERM, "名称本身", "8+1", required=True),
        EXPLANATION_COLUMN,
        SOURCE_COLUMN,
    ),
    key=("term",),
)
GLOSSARY = Table(
    "glossary",
    "术语表",
    "报告使用的术语；项目的含义写在项目登记表的“说明”里，这里不重复",
    (
        Column("name", "术语", NAME, "正文里的写法", "月均", required=True),
        Column("definition", "定义", TEXT, "是什么", "各月人数相加再除以月数", required=True),
        Column("unit", "单位", TEXT, "用什么单位计量；没有留空", "人"),
        Column("source", "出处", TEXT, "定义从哪里来", "《社会救助暂行办法》第十九条", required=True),
    ),
    key=("name",),
)
PLACE_CLASS = Column("place_class", "地区类别", TEXT, "省里按地区分类公布标准的，是哪一类；不分类的、没有查到的留空",
    "四类地区", optional=True)  # fmt: skip
LIMITS = Table(
    "limits",
    "参考界限表",
    "各省公布的最低标准，和判断数字是否合理的范围；按地区和日期登记，每行有出处，检查规则都从这里取数",
    (
        Column("area", "地区", NAME, f"省的全称；各省通用的写“{AREA_WIDE}”", "湖南省", required=True),
        PLACE_CLASS,
        Column("subject", "对象", TEXT, "项目的名称或类别；不分项目的留空", "城市低保"),
        Column("measure", "指标", choice(LIMIT_MEASURES, "指标"), "限制的是什么", "保障标准", required=True),
        Column("least", "下限", NUMERIC, "不应低于；没有留空", "500"),
        Column("most", "上限", NUMERIC, "不应高于；没有留空", "0.9"),
        Column("unit", "单位", unit_of(), "上限和下限的单位", "元/月", required=True),
        Column("start", "起始日期", DATE, "从哪一天起；一直有效的留空", "2019-07-01"),
        Column("end", "截止日期", DATE, "到哪一天止；没有截止的留空", "2020-10-31"),
        Column("official", "公布", YES_NO, "政府公布的写“是”；本工具的经验范围写“否”", "是", required=True),
        Column("force", "效力", choice(dict.fromkeys(LIMIT_FORCES, ""), "效力"),
            "任何县都不低于它的写“下限”，一般照它执行的写“指导”，全省（全市、同类地区）同一个标准的写“统一”；不写是“下限”",
            "下限", optional=True),
        Column("grade", "来源等级", choice(dict.fromkeys(SOURCE_GRADES, ""), "等级"),
            "政府自己公布的写“官方”，报纸、新闻网站写“新闻”，转载的文件写“转载”，由公布的数算出的写“推算”；经验范围留空",
            "官方", optional=True),
        Column("source", "出处", TEXT, "文件、网页、新闻", "湘民发〔2020〕34号", required=True),
        EXPLANATION_COLUMN,
    ),
    key=("area", "place_class", "subject", "measure", "unit", "start"),
)  # fmt: skip
REQUIREMENTS = Table(
    "requirements",
    "报告要求表",
    "报告的提纲和评价办法要求写明的内容；报告缺哪一项由检查列出",
    (
        Column("code", "代码", CODE, "固定代号，不再改动", "satisfaction", required=True),
        Column("content", "要求的内容", TEXT, "报告应当写明什么", "服务对象满意度的调查结果", required=True),
        Column(
            "addresses", "数字", TEXT, "有哪些地址开头的数字就算写明，用“、”隔开", "background.satisfaction"
        ),
        Column("words", "文字", TEXT, "正文有哪些词就算写明，用“、”隔开", "满意度"),
        Column("names", "名称", TEXT, "数字的名称里有哪些词就算写明，用“、”隔开", "满意度", optional=True),
        Column("source", "出处", TEXT, "哪个文件要求的", "财预〔2020〕10号", required=True),
        Column("example", "怎样写", TEXT, "写在哪里，给一个例句", "在概况里写：“……”", optional=True),
    ),
    key=("code",),
)
MARKINGS = Table(
    "review",
    "质量评分表",
    "财政部门怎样给报告打分；“质量自查”一页照它列出会扣的分。另有本地的表的，换一个表名照样登记，就不用自带的",
    (
        Column("code", "代码", CODE, "固定代号，不再改动", "cover", required=True),
        Column("sheet", "评分表", NAME, "整张表的名称，各行相同", "某市绩效评价报告质量评分表", required=True),
        Column("content", "内容", TEXT, "看什么", "封面的内容齐全", required=True),
        Column("points", "分值", POINTS, "这一项的分；没有查到留空", "2"),
        Column("deduction", "每处扣分", POINTS, "每发现一处扣多少，扣完为止；由人看的留空", "0.4"),
        Column("judge", "谁来看", choice(dict.fromkeys(JUDGES, ""), "说法"),
            "检查规则全看得出的写“程序”，看得出一部分的写“部分”，看不出的写“人”", "程序", required=True),
        Column("rules", "规则", ASKED, "哪些规则的发现算这一项的错，用“、”隔开", "K1、K3"),
        Column("note", "扣分办法", TEXT, "评分表的原话，或程序看什么", "缺一项扣0.4分"),
        Column("source", "出处", TEXT, "从哪里来", "某市财政局通知附件", required=True),
    ),
    key=("code",),
)  # fmt: skip
PLACES = Table(
    "places",
    "地区登记表",
    "报告分地区列数字的，登记每个乡镇、县区；各表的“地区”只能填这里的名称，全县（全市）的数字不填地区",
    (
        Column("name", "名称", NAME, "各表和正文使用的名称，以后不再改动", "桃花江镇", required=True),
        Column("level", "级别", choice(dict.fromkeys(LOCALITY_LEVELS, ""), "级别", LOCALITY_WORDS),
            "县、市辖区、县级市都是县级，乡、镇、街道是乡级；市里、县里自己留用的写本级", "乡级", required=True),
        PLACE_CLASS,
        Column("parent", "上级地区", TEXT, "它所属的另一个地区的名称；直属全县（全市）的留空", "浏阳市"),
        Column("division", "行政区划代码", DIVISION_OR_LONGER, "6、9或12位数字；没有查到留空", "430922100"),
        EXPLANATION_COLUMN,
    ),
    key=("name",),
)  # fmt: skip
REGISTRIES = (
    AREA_TABLE,
    FAMILY_TABLE,
    PROGRAMMES,
    UNITS,
    TERMS,
    GLOSSARY,
    LIMITS,
    REQUIREMENTS,
    MARKINGS,
    PLACES,
)
"""The registries under ``data/reference/``."""
