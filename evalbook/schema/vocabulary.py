"""The closed lists of words on which addresses, rules and formulas rest."""

from __future__ import annotations

DRAFT, SUBMITTED, APPROVED = STATUSES = ("草稿", "送审", "批准")
"""How far a year's report has come, from first entry to approval."""

OLDER_STATUSES = {"初步": SUBMITTED, "最终": APPROVED}
"""Words of earlier ledgers and settings for the same; no reader meets them."""

CORRECTED, QUESTIONED, WITHDRAWN = TREATMENTS = ("更正", "存疑", "撤回")
"""What an edition does about a figure or a text: it is put right; stays as signed and is called doubtful; what an
earlier edition did is taken back."""

EDITION_KINDS = ("初版", "计划修订", "更正")
"""Kinds of edition: the first; a planned revision, by later data; an unplanned correction of an error."""

INTERNAL = "内部"
"""Said of an explanation that is not published."""

PROGRAM, PARTLY, PERSON = JUDGES = ("程序", "部分", "人")
"""Who marks a line of a finance office's sheet: the checks wholly, the checks in some cases, a person alone."""

UNTIED = "未挂接"
"""Said of a number that was typed into prose and is tied to no figure."""

PENDING = "待确认"
"""Mark of what was carried over from the year before and nobody has confirmed yet."""

OWN = "（本县登记）"
"""Said of what the project has registered, and not the tool."""

NOT_STATED, NOT_APPLICABLE, TO_BE_FILLED = ABSENT = ("报告没有写", "不适用", "待填")
"""Why there is no number: the signed report gives none, there cannot be one, nobody has filled it in yet."""

TYPED_ABSENT = (NOT_STATED, NOT_APPLICABLE)
"""Those of them that a clerk types into the cell of the number."""

MISSING = "缺"
"""The one word for these in corrections of earlier editions."""

FLAGS = {"p": "暂定", "r": "已修订", "e": "估计", "x": "没有数字"}
"""Status of a single figure (SDMX observation status, as StatsWales abbreviates it)."""

CLAIM_PREFIX = "报告所述"
"""Begins the name of a figure that the signed report states and the program computes too."""

LEVELS = {
    "上级": "superior",
    "中央": "central",
    "中央级": "central",
    "中央和省": "central_province",
    "中央、省": "central_province",
    "中省": "central_province",
    "中央和省和市": "central_province_city",
    "中央、省和市": "central_province_city",
    "中央、省、市": "central_province_city",
    "中央和省和市和县": "central_province_city_county",
    "中央、省、市和县": "central_province_city_county",
    "中央、省、市、县": "central_province_city_county",
    "省级": "province",
    "省": "province",
    "省本级": "province",
    "自治区级": "province",
    "自治区": "province",
    "省和市": "province_city",
    "省、市": "province_city",
    "省市": "province_city",
    "省和市和县": "province_city_county",
    "省、市和县": "province_city_county",
    "省、市、县": "province_city_county",
    "省市县": "province_city_county",
    "市级": "city",
    "市": "city",
    "州级": "city",
    "州": "city",
    "地区级": "city",
    "地区": "city",
    "盟级": "city",
    "盟": "city",
    "市和县": "city_county",
    "市、县": "city_county",
    "市县": "city_county",
    "县本级": "county",
    "县级": "county",
    "县": "county",
    "区本级": "county",
    "区级": "county",
    "区": "county",
    "市本级": "county",
    "州本级": "county",
    "旗本级": "county",
    "旗级": "county",
    "旗": "county",
    "本级": "county",
    "各级": "every",
    "省以上": "central_province",
    "省级以上": "central_province",
    "中央和省级": "central_province",
    "中央及省级": "central_province",
    "中央及省": "central_province",
    "县配套": "county",
    "区配套": "county",
    "县区配套": "county",
    "上年结转": "carryover",
    "其他": "other",
    "社会捐赠": "other",
    "彩票公益金": "other",
    "福彩公益金": "other",
}
"""Words for who has given money (级次), with codes: many words have one. The code of several together joins theirs by ``_``."""

LEVEL_ORDER = tuple(dict.fromkeys(LEVELS.values()))
"""Codes of levels of government, the highest first."""

UNDIVIDED = "every"
"""Code of the level under which money stands that is not told apart by level."""

_DIGITS = "一二三四五六七八九"
_NUMBERS = (*_DIGITS, "十", *(f"十{digit}" for digit in _DIGITS), "二十")
BATCHES = {
    "提前下达": "advance",
    **{f"第{number}批": f"batch{position}" for position, number in enumerate(_NUMBERS, start=1)},
    "追加": "supplement",
}
"""Batches (批次) in which a year's money of one level and programme is sent down."""

MARKS = (
    "直达",
    "三保",
    "追踪",
    "一般公共预算",
    "政府性基金",
    "国有资本经营预算",
    "彩票公益金",
    "一般债券",
    "专项债券",
    "特别国债",
)
"""What stays on money on its way (标记): how it is sent and watched, and of which budget it is."""

INITIAL, RECEIVED, LEFT, LEFT_FOR_NEXT, RECALLED = "年初预算", "到位", "结余", "结转下年", "收回"
FUND_ASPECTS = {
    INITIAL: "initial",
    RECEIVED: "received",
    LEFT: "left",
    LEFT_FOR_NEXT: "left_for_next",
    RECALLED: "recalled",
}
"""What else than the money granted (安排) is stated of funds; no total has it."""

REGIONS = {"城市": "urban", "农村": "rural"}
COUNTY_LEVEL = "县级"
LOCALITY_LEVELS = ("省级", "市级", COUNTY_LEVEL, "乡级", "村级", "本级", "其他")
"""Levels of places; 县级 are counties, districts and cities of that rank, 本级 is what a city or county keeps for itself."""

LOCALITY_WORDS = {
    **dict.fromkeys(("市", "州", "盟", "地级市", "地区"), "市级"),
    **dict.fromkeys(("县", "区", "市辖区", "县级市", "自治县", "旗"), COUNTY_LEVEL),
    **dict.fromkeys(("乡", "镇", "街道", "乡镇", "乡镇级", "街道办事处", "片区"), "乡级"),
    **dict.fromkeys(("村", "社区"), "村级"),
}
"""Other words for levels of places."""

_TIER_NUMBERS = "一二三四五六七八"
TIERS = {f"{number}类": f"tier{place}" for place, number in enumerate(_TIER_NUMBERS, start=1)}
TIER_WORDS = {
    written: tier
    for place, (number, tier) in enumerate(zip(_TIER_NUMBERS, TIERS, strict=True))
    for letter in ["ABCDEFGH"[place]]
    for written in (
        f"{number}档",
        f"第{number}档",
        f"第{number}类",
        f"{letter}档",
        f"{letter}类",
        f"{letter}级",
    )
}
"""Other words for tiers, the highest first."""

FORMS = {
    "分散供养": "dispersed",
    "集中供养": "institutional",
    "社会散居": "with_relatives",
    "集中养育": "in_homes",
    "急难型": "emergency",
    "支出型": "expenditure",
    "站内": "in_station",
    "站外": "out_of_station",
    "乡镇审批": "township_approved",
    "县级审批": "county_approved",
    "全自理": "self_caring",
    "半护理": "half_cared",
    "全护理": "fully_cared",
    **TIERS,
}
FORM_PAIRS = (
    ("分散供养", "集中供养"),
    ("社会散居", "集中养育"),
    ("急难型", "支出型"),
    ("站内", "站外"),
    ("乡镇审批", "县级审批"),
)
"""Forms that together are everybody."""

CARE_LEVELS = ("全自理", "半护理", "全护理")
"""Together everybody in 特困; who needs no care comes first."""

CARE_WORDS = {
    **dict.fromkeys(("全失能", "失能", "完全失能", "完全丧失生活自理能力", "不能自理"), "全护理"),
    **dict.fromkeys(("半失能", "部分失能", "部分丧失生活自理能力", "半自理"), "半护理"),
    **dict.fromkeys(("自理", "能自理", "具备生活自理能力", "生活自理"), "全自理"),
}
"""Other words for care levels."""

FORM_WORDS = {**TIER_WORDS, **CARE_WORDS, "分散": "分散供养", "集中": "集中供养", "散居": "社会散居"}
"""Other words for forms of support."""

ASPECTS = {
    "人数": "persons",
    "户数": "households",
    "人次": "visits",
    "户次": "household_visits",
    "累计人次": "person_months",
    "月均": "average",
    "期初": "opening",
    "新增": "joined",
    "退出": "left",
    "期末": "closing",
    "期初户数": "opening_households",
    "新增户数": "joined_households",
    "退出户数": "left_households",
    "期末户数": "closing_households",
}
"""What else than its main number is counted of a programme."""

RELATIONS = {"同一数": "same", "其中": "part", "分项": "component", "另列": "apart"}
"""How a number of the year's work stands to another: the same once more, a part, one of the parts that make it up, none."""

SUM, DIFFERENCE, AMONG, SHARE = "合计", "差额", "其中", "比率"
STATED_RELATIONS = {SUM: "sum", DIFFERENCE: "difference", AMONG: "among", SHARE: "share"}
"""How a number is made from others: their sum, the first less the others, more than they, the first by the second."""

ALL_MONEY, SOME_LEVELS, ALLOTMENTS = "全部", "部分级次", "只有下达数"
MONEY_TOLD = (ALL_MONEY, SOME_LEVELS, ALLOTMENTS)
"""Which money a report tells: all of it, that of some levels of government, what was allotted to others who spend it."""

APART = "另列"
"""Said of an amount or a number that no other row contains."""

OUTSIDE = "不计入"
"""Said of money that the report tells and that is none of what it evaluates: no total has it."""

COUNTINGS = {
    "月均": "monthly_average",
    "期末": "period_end",
    "按月累计": "person_months",
    "按次累计": "cases",
    "全年累计": "whole_year",
    "未说明": "not_stated",
}
COUNTING_WORDS = {"年末": "期末", "期末数": "期末", "月平均": "月均", "累计人次": "按月累计"}
"""Other words for ways of counting."""

MEASURES = {
    "保障标准": "standard",
    "提标后标准": "raised_standard",
    "人均救助水平": "level",
    "次均救助水平": "case_level",
    "分散供养标准": "dispersed",
    "集中供养标准": "institutional",
    "社会散居标准": "with_relatives",
    "集中养育标准": "in_homes",
    "全护理标准": "full_care",
    "半护理标准": "half_care",
    "全自理标准": "self_care",
    "照料护理标准": "care",
    "最高救助金额": "highest",
}
MEASURE_WORDS = {
    **dict.fromkeys(
        ("提标前标准", "低保标准", "基本生活标准", "救助标准", "补贴标准", "补助标准", "标准"), "保障标准"
    ),
    **dict.fromkeys(
        (
            "月人均补助",
            "月人均补助水平",
            "人均补助水平",
            "人均补助",
            "人均补差",
            "月人均补差",
            "月人均救助水平",
        ),
        "人均救助水平",
    ),
    **dict.fromkeys(("照料护理费", "护理标准", "照护标准"), "照料护理标准"),
    **dict.fromkeys(("次均救助标准", "次均补助", "户均救助水平"), "次均救助水平"),
}
"""Other words for measures."""

LEVEL_MEASURE = "人均救助水平"
PER_CASE = "次均救助水平"
"""The one measure that is money per case, not per month or year."""

RESULTS = (LEVEL_MEASURE, PER_CASE)
"""Measures of what was paid; every other is a standard, which holds wherever nothing else is set."""

AREA_WIDE = "全国"
"""Area of a limit that holds wherever the province has none of its own."""

LIMIT_MEASURES = {
    "保障标准": "standard",
    "人均救助水平": "level",
    "特困与低保之比": "tekun_dibao",
    "特困与低保之比的上限": "tekun_dibao_most",
    "农村与城市之比": "rural_urban",
    "水平与标准之比": "level_standard",
    "含增发的水平与标准之比": "level_standard_topped",
    "末档与标准之比": "tier_standard",
    "支出与标准之比": "spending_standard",
    "社会散居标准": "with_relatives",
    "集中养育标准": "in_homes",
    "分散供养标准": "dispersed",
    "集中供养标准": "institutional",
    "全自理占最低工资": "self_care",
    "半护理占最低工资": "half_care",
    "全护理占最低工资": "full_care",
    "全自理标准": "self_care_amount",
    "半护理标准": "half_care_amount",
    "全护理标准": "full_care_amount",
    "最低工资": "minimum_wage",
    "标准的量级": "standard_magnitude",
    "人均月支出的量级": "level_magnitude",
    "次均支出": "case_level",
    "一笔资金的量级": "fund_magnitude",
    "次均封顶倍数": "case_ceiling",
    "户均人数": "persons_per_household",
    "月物价补贴": "price_subsidy",
    "物价补贴占标准": "price_subsidy_share",
    "支出进度": "execution",
    "年退出比例": "turnover",
    "标准年增长": "standard_growth",
    "水平年变化": "level_change",
    "人数年变化": "people_change",
    "小基数": "small_number",
    "支出年变化": "spending_change",
    "覆盖率": "coverage",
    "月均口径的允差": "average_tolerance",
    "期末口径的允差": "closing_tolerance",
    "人数乘标准的允差": "product_tolerance",
}
"""What a limit limits."""

FLOOR, GUIDING, UNIFORM = "下限", "指导", "统一"
LIMIT_FORCES = {FLOOR: "最低标准", GUIDING: "指导标准", UNIFORM: "统一标准"}
"""How far a published standard binds: none is lower, most keep to it, all have just this one; with what it is called."""

SOURCE_GRADES = ("官方", "新闻", "转载", "推算")
"""Who says so: a government itself, a newspaper, a copy of an official text, a computation from what one of these says."""

HEARSAY = ("新闻", "推算")
"""Grades behind which no document was seen: nothing is wrong for certain by these."""

COMPARISONS = ("≥", "≤", "=")
