"""The tables of a fiscal year and the keys of its YAML files.

Each column is defined here once: Chinese heading, English name, kind (type and constraints), help text,
example. Reading, validation, error messages and the data dictionary of the book come from these definitions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evalbook.errors import Problem
from evalbook.schema.columns import (
    COMPARISON_COLUMN,
    FIGURE_COLUMNS,
    NOTE_COLUMN,
    PART_COLUMNS,
    PENDING_COLUMN,
    PLACE_COLUMN,
    SOURCE_COLUMN,
    SPLIT_COLUMNS,
)
from evalbook.schema.kinds import (
    CAUSE,
    CODE,
    COMMIT,
    DATE,
    DAY,
    DIVISION,
    EDITION_NUMBER,
    FINDING,
    FRAMEWORK_NAME,
    INDICATOR_CODE,
    LEVEL,
    MONTH,
    NAME,
    NUMERIC,
    PROGRAMME,
    SHA256,
    SIGNED,
    SMALL,
    TERM,
    TEXT,
    WITHIN,
    YEAR,
    Period,
    choice,
    several,
    unit_of,
)
from evalbook.schema.table import SPLITS, Column, Measure, Table, TableRow
from evalbook.schema.text import quote
from evalbook.schema.vocabulary import (
    APART,
    ASPECTS,
    BATCHES,
    CARE_LEVELS,
    CLAIM_PREFIX,
    CORRECTED,
    COUNTING_WORDS,
    COUNTINGS,
    EDITION_KINDS,
    FORM_WORDS,
    FORMS,
    FUND_ASPECTS,
    INTERNAL,
    LEFT,
    MARKS,
    MEASURE_WORDS,
    MEASURES,
    MONEY_TOLD,
    OLDER_STATUSES,
    OUTSIDE,
    PER_CASE,
    REGIONS,
    RELATIONS,
    STATED_RELATIONS,
    STATUSES,
    SUM,
    TIER_WORDS,
    TIERS,
    TREATMENTS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

PROSE_WITHOUT_TITLE = "00-preface"
"""Prose that stands on the cover of the year, above the first chapter."""

PROGRAMME_COLUMN = Column("programme", "项目", PROGRAMME, "项目登记表里的名称", "城市低保", required=True)
CHAPTER_COLUMN = Column(
    "chapter",
    "章节",
    TEXT,
    "在报告的哪一部分，写成“五（一）”这样，没有序号的写标题；导语写“导语”；说不上来的留空",
    "五（一）",
)
WITHIN_COLUMN = Column("within", "含在", WITHIN,
    f"已经包含在哪个项目的那一行里（合计时不再加）；确实单列的写“{APART}”，不属于这次评价的写“{OUTSIDE}”；没有说明的留空",
    "农村低保",
    optional=True)  # fmt: skip
AMOUNT = Column("value", "金额", NUMERIC, "只填数字；没有来源的留空", "2748.71")
MONEY_UNIT = Column("unit", "单位", unit_of("金额"), "金额的单位", "万元", required=True)
COUNT_NOUNS = {"人数": "人数", "人次": "人次", "户数": "户数", "户次": "户次"}


def _people_label(row: TableRow) -> str:
    counting, aspect = row.said("counting"), row.said("aspect")
    noun = COUNT_NOUNS.get(row.category, "数量")
    what = (
        f"受助{aspect}"
        if aspect == noun == "人数"
        else aspect or (counting if counting in {"月均", "期末"} else "")
    )
    return _whose(row) + (what if what.endswith(noun) else f"{what}{noun}")


def _whose(row: TableRow) -> str:
    """Programme of a row, and which of its people: 农村特困供养集中供养全护理."""
    splits = row.splits
    return (
        splits.get("region", "")
        + row.programme_name
        + "".join(splits.get(n, "") for n in ("form", "care", "tier"))
    )


APART_ROWS = (
    "不是同一个数的，在保障形式、统计项（如户数）、地区、时期等栏写明；确是同一个数的，合并或删去其中一行"
)
"""What to do about two rows that nothing tells apart."""


def _split_problems(file: str, row: TableRow) -> Iterator[Problem]:
    """A row that says twice, or in two ways, which people it speaks of."""
    splits, programme = row.splits, row.programme
    if "region" in splits and programme and programme.region not in {"", REGIONS[splits["region"]]}:
        found = f"项目是{quote(programme.name)}，又写了“{splits['region']}”"
        remedy = "核对项目；项目已经分了城乡的，这一格留空"
        yield Problem(file, row.number, "城乡", found, "城乡只在一处写明", remedy)
    for column, heading, words in (("care", "护理等级", CARE_LEVELS), ("tier", "档次", TIERS)):
        if column in splits and splits.get("form") in words:
            found = f"保障形式写了“{splits['form']}”，{heading}又写了“{splits[column]}”"
            yield Problem(file, row.number, heading, found, "只在一处写明", "删去保障形式里的那一格")


def _counting_problems(file: str, row: TableRow) -> Iterator[Problem]:
    """A way of counting that does not go with the unit."""
    yield from _split_problems(file, row)
    counting, unit = row.said("counting"), row.unit
    fitting = {"按月累计": {"人次"}, "按次累计": {"人次", "户次"}}.get(counting, {"人数", "户数"})
    if not counting or counting == "未说明" or not unit or unit.category in fitting:
        return
    expected = {"按月累计": "人次", "按次累计": "人次或户次"}.get(counting, "人或户")
    found = f"口径是“{counting}”，单位却是“{unit.symbol}”"
    remedy = "核对口径和单位；全年受助的不同的人写“全年累计”，报告没有说清的写“未说明”"
    yield Problem(file, row.number, "口径", found, f"“{counting}”以{expected}计", remedy)


def _measure_problems(file: str, row: TableRow) -> Iterator[Problem]:
    """Money per case in a unit of money per month, or the reverse."""
    yield from _split_problems(file, row)
    measure, unit = row.said("measure"), row.unit
    per_case = measure == PER_CASE
    if unit and (unit.category == "均次") != per_case:
        found = f"“{measure}”的单位写的是“{unit.symbol}”"
        expected = "每次多少钱，如元/户次" if per_case else "每月或每年多少钱，如元/月"
        remedy = f"核对指标和单位；每次平均的写“{PER_CASE}”"
        yield Problem(file, row.number, "单位", found, expected, remedy)


FORM_COLUMN = Column("form", "保障形式", choice(FORMS, "形式", FORM_WORDS), "总数留空；分项写供养、养育、救助的形式或档次",
    "分散供养", optional=True)  # fmt: skip
BATCH = replace(
    choice(BATCHES, "批次"),
    name="批次：提前下达、第一批至第二十批、追加",
    expected="提前下达、第一批至第二十批、追加",
)


def _fund_label(row: TableRow) -> str:
    batch = f"（{row.said('batch')}）" if row.said("batch") else ""
    return f"{row.said('level')}{row.said('aspect') or '安排'}{row.programme_name}{batch}"


FUNDS = Table(
    "funds",
    "资金安排",
    "本年度安排的资金，每个级次、每个项目、每一批一行；合计由程序计算，不要填合计行。"
    "到位、结余、结转下年、收回等另起一行，写明统计项，不算进合计",
    (
        Column("level", "级次", LEVEL,
            "资金由哪一级安排，照报告的叫法写：县本级、区本级、旗本级、本级等都是本单位自己安排的；几级合在一起、报告没有分开的，"
            "写“中央和省”“省和市”等；完全没有分级次的写“各级”", "上级", required=True),
        PROGRAMME_COLUMN,
        AMOUNT,
        MONEY_UNIT,
        *FIGURE_COLUMNS,
        WITHIN_COLUMN,
        Column("document", "文号", TEXT, "下达资金的文件，照文件原样；不知道留空", "湘财社指〔2020〕12号", optional=True),
        Column("marks", "标记", several(MARKS, "标记"), "资金带的标记和所属的预算，几个的用“、”隔开；没有留空", "直达、三保",
            optional=True),
        Column("batch", "批次", BATCH,
            "同一级次、同一项目分几批下达的，每批一行，写明批次；另有不写批次的一行的，那一行是各批的合计", "第一批",
            optional=True),
        Column("aspect", "统计项", choice(FUND_ASPECTS, "说法"),
            "安排的资金留空；到位、结余等写在这里，不算进合计。上年结转来的钱写在“级次”里，不写在这里", LEFT, optional=True),
        *PART_COLUMNS,
    ),
    key=("level", "programme", "batch", "aspect", "place", "period"),
    value="value",
    label=_fund_label,
    repeated="分几批下达的，在“批次”一栏写明；到位、结余等，在“统计项”一栏写明；确是同一笔的，合并或删去其中一行",
)  # fmt: skip
SPENDING = Table(
    "spending",
    "资金支出",
    "本年度累计支出，每个项目一行；合计由程序计算，不要填合计行。上级项目与它的下级项目都列出时，下级是其中数",
    (
        PROGRAMME_COLUMN,
        AMOUNT,
        MONEY_UNIT,
        *FIGURE_COLUMNS,
        WITHIN_COLUMN,
        FORM_COLUMN,
        *SPLIT_COLUMNS,
        *PART_COLUMNS,
    ),
    key=("programme", *SPLITS, "place", "period"),
    repeated=APART_ROWS,
    value="value",
    label=lambda row: f"{_whose(row)}累计支出",
    row_problems=_split_problems,
)
PEOPLE = Table(
    "people",
    "保障对象",
    "本年度保障和救助的人、户，每个项目、每种保障形式一行；不分形式的总数，保障形式留空。"
    "同一项目还有户数、人次、期初期末等数字的，各加一行，写明统计项",
    (
        PROGRAMME_COLUMN,
        replace(FORM_COLUMN, optional=False),
        Column("counting", "口径", choice(COUNTINGS, "口径", COUNTING_WORDS),
            "怎样数的：各月平均、年末、按月累计（1人保障1个月计1人次）、按次累计、全年受助的不同的人", "月均",
            required=True),
        Column("value", "数量", NUMERIC, "只填数字；没有来源的留空", "6219"),
        Column("unit", "单位", unit_of("人数", "人次", "户数", "户次"), "人、人次、户、户次不能混用", "人",
            required=True),
        *FIGURE_COLUMNS,
        Column("aspect", "统计项", choice(ASPECTS, "说法"),
            "主要的数字留空；同一项目另有的户数、人次、期初、新增、退出、期末等写在这里", "户数",
            optional=True),
        WITHIN_COLUMN,
        *SPLIT_COLUMNS,
        *PART_COLUMNS,
    ),
    key=("programme", *SPLITS, "aspect", "place", "period"),
    repeated=APART_ROWS,
    value="value",
    label=_people_label,
    naming=("unit",),
    row_problems=_counting_problems,
)  # fmt: skip


def _month_label(row: TableRow) -> str:
    month = row.parsed(Period, "month")
    return f"{month.first if month else ''}月{row.programme_name}月报"


def _amount_problems(file: str, row: TableRow) -> Iterator[Problem]:
    """Money of a month without its unit."""
    if row.cells["amount"] is not None and not row.texts["unit"].strip():
        yield Problem(
            file, row.number, "金额单位", "有金额，没有写单位", "金额的单位，例如“万元”", "填写这一格"
        )


MONTHLY = Table(
    "monthly",
    "月报",
    "各月的人数、户数、支出和进出，每个项目、每个月一行；用来核对报告所写的月均、期末、累计和支出。没有的列留空",
    (
        PROGRAMME_COLUMN,
        PLACE_COLUMN,
        Column("month", "月份", MONTH, "1至12，也可以写6月、2023年6月", "6", required=True),
        Column("people", "人数", NUMERIC, "月末在册、当月保障的人数", "6219", optional=True),
        Column("households", "户数", NUMERIC, "月末在册、当月保障的户数", "4012", optional=True),
        Column("amount", "金额", NUMERIC, "当月支出；只填数字", "228.61", optional=True),
        Column("unit", "金额单位", unit_of("金额"), "金额的单位；没有金额的留空", "万元", optional=True),
        Column("joined", "新增", NUMERIC, "当月新增的人数", "35", optional=True),
        Column("left", "退出", NUMERIC, "当月退出的人数，死亡、转出都算在内", "41", optional=True),
        Column("joined_households", "新增户数", NUMERIC, "当月新增的户数", "20", optional=True),
        Column("left_households", "退出户数", NUMERIC, "当月退出的户数", "26", optional=True),
        *FIGURE_COLUMNS,
    ),
    key=("programme", "month", "place"),
    measures=(
        Measure("people", "人数", "人"),
        Measure("households", "户数", "户"),
        Measure("amount", "支出"),
        Measure("joined", "新增人数", "人"),
        Measure("left", "退出人数", "人"),
        Measure("joined_households", "新增户数", "户"),
        Measure("left_households", "退出户数", "户"),
    ),
    label=_month_label,
    required=False,
    row_problems=_amount_problems,
)  # fmt: skip
MOST_MONTHS = 6000
"""Most rows of the table of months: 12 months of five programmes in a hundred places."""

STANDARDS = Table(
    "standards",
    "标准与水平",
    "保障标准、年内提标后的标准、报告所写的人均救助水平",
    (
        PROGRAMME_COLUMN,
        Column("measure", "指标", choice(MEASURES, "指标", MEASURE_WORDS),
            "保障标准是公布的标准线；人均救助水平是平均发到每人每月的钱", "保障标准", required=True),
        Column("value", "数值", NUMERIC, "只填数字；没有来源的留空", "4020"),
        Column("unit", "单位", unit_of("标准", "均次"), "看清是每月还是每年", "元/年", required=True),
        Column("effective", "生效日期", DATE, "标准从哪一天起执行；不知道留空", "2020-07-01"),
        *FIGURE_COLUMNS,
        FORM_COLUMN,
        *SPLIT_COLUMNS,
        *PART_COLUMNS,
    ),
    key=("programme", "measure", *SPLITS, "place", "period"),
    repeated=APART_ROWS,
    value="value",
    label=lambda row: f"{_whose(row)}{row.said('measure')}",
    row_problems=_measure_problems,
)  # fmt: skip
TIER_TABLE = Table(
    "tiers",
    "低保分档",
    "按类别发放固定金额的，每个项目、每一档一行",
    (
        PROGRAMME_COLUMN,
        Column("tier", "档次", choice(TIERS, "档次", TIER_WORDS), "从高到低", "一类", required=True),
        Column("value", "数值", NUMERIC, "只填数字；没有来源的留空", "335"),
        Column("unit", "单位", unit_of("标准"), "看清是每月还是每年", "元/月", required=True),
        *FIGURE_COLUMNS,
        *PART_COLUMNS,
    ),
    key=("programme", "tier", "place", "period"),
    value="value",
    label=lambda row: f"{row.programme_name}{row.said('tier')}标准",
)
ACTIONS = Table(
    "actions",
    "年度工作",
    "清理、检查、临时救助、儿童福利、流浪救助、培训等工作的数字，每个数字一行",
    (
        CHAPTER_COLUMN,
        Column("code", "代码", CODE, "数字的固定代号，各年不变", "clearance_people", required=True),
        Column("programme", "项目", PROGRAMME, "属于哪个项目；不属于任何项目留空", "临时救助"),
        Column("measure", "指标名称", NAME, "正文引用这个数字时用的名称，全年不能重复", "专项治理清退人数",
            required=True),
        Column("value", "数值", SIGNED, "只填数字；没有来源的留空", "2221"),
        Column("unit", "单位", unit_of(), "数值的单位", "人", required=True),
        *FIGURE_COLUMNS,
        Column("relation", "关系", choice(RELATIONS, "说法"),
            "与另一个数字是什么关系：又写了一遍的写“同一数”，一部分写“其中”，列全了、相加就是它的写“分项”，"
            "与各表的数字无关、另外计算的写“另列”；别的留空",
            "其中", optional=True),
        Column("target", "所指", TEXT, "“关系”说的另一个数字的名称；留空时指同一项目在前面各表里的数字",
            "临时救助累计支出", optional=True),
        *PART_COLUMNS,
    ),
    key=("code", "place", "period"),
    value="value",
    label=lambda row: row.said("measure"),
)  # fmt: skip
BACKGROUND = Table(
    "background",
    "基础数据",
    "计算人均指标用的背景数据，如常住人口",
    (
        Column("code", "代码", CODE, "数字的固定代号，各年不变", "resident_population", required=True),
        Column("measure", "指标名称", NAME, "正文引用时用的名称，全年不能重复", "常住人口", required=True),
        Column("value", "数值", SIGNED, "只填数字；没有来源的留空", "70.5"),
        Column("unit", "单位", unit_of(), "数值的单位", "万人", required=True),
        *FIGURE_COLUMNS,
        *PART_COLUMNS,
    ),
    key=("code", "place", "period"),
    value="value",
    label=lambda row: row.said("measure"),
    required=False,
)
CLAIMS = Table(
    "claims",
    "报告所述",
    "签发的报告写明、程序又能算出的数字（合计、比例、增减），和报告在别处又写了一遍的数字，用来互相对照",
    (
        Column("measure", "指标", TEXT, "对应的计算指标或表里数字的名称", "上级资金合计", required=True),
        Column("value", "数值", SIGNED, "报告怎样写就怎样填", "11650.08"),
        Column("unit", "单位", unit_of(), "报告所用的单位", "万元", required=True),
        *FIGURE_COLUMNS,
    ),
    key=("measure",),
    value="value",
    label=lambda row: f"{CLAIM_PREFIX}{row.said('measure')}",
    required=False,
)
STATED_RELATION_TABLE = Table(
    "relations",
    "数字之间的关系",
    "报告自己写明的关系：一个数是哪些数的合计、差额，哪些数只是它的一部分，一个比率怎样算；一种分法一行，程序照此核对",
    (
        Column("figure", "数字", TEXT, "总数、差额或比率的名称", "全年救助总人次", required=True),
        Column("relation", "关系", choice(STATED_RELATIONS, "关系"),
            "合计是各项之和；差额是第一项减其余各项；其中是各项不大于它；比率是第一项除以第二项", SUM, required=True),
        Column("terms", "各项", TEXT, "各个数字的名称，用“、”或“＋”隔开", "城市低保月均人数、农村低保月均人数",
            required=True),
        SOURCE_COLUMN,
        PENDING_COLUMN,
        NOTE_COLUMN,
    ),
    key=("figure", "relation", "terms"),
    required=False,
)  # fmt: skip
DOCUMENTS = Table(
    "documents",
    "政策文件",
    "报告引用的文件",
    (
        CHAPTER_COLUMN,
        Column("issuer", "发文机关", TEXT, "几个机关联合发文的，用空格隔开", "某县财政局", required=True),
        Column("title", "标题", TEXT, "不带书名号", "社会救助暂行办法", required=True),
        Column("number", "文号", TEXT, "照文件原样；不知道留空", "湘民办发〔2017〕61号"),
        Column("year", "年份", YEAR, "发文年份；不知道留空", "2017"),
        PENDING_COLUMN,
        NOTE_COLUMN,
    ),
    key=("issuer", "title"),
    required=False,
)
EXPLANATIONS = Table(
    "explanations",
    "检查说明",
    "对勾稽检查发现的说明，一条发现一行；编号照检查结果抄写，数字改动以后编号也变，要重新说明",
    (
        Column("finding", "发现编号", FINDING, "勾稽检查列出的编号", "L2-urban_dibao-1a2b3c", required=True),
        Column("explanation", "说明", TEXT, "为什么会这样，数字为什么是对的", "含7月补发", required=True),
        Column(
            "evidence", "证据", TEXT, "台账、文件、凭证，写明在哪里可以查到", "发放台账第3册", required=True
        ),
        Column("who", "说明人", TEXT, "谁作的说明", "社会救助股张某", required=True),
        Column("date", "日期", DATE, "哪一天说明的", "2021-03-20", required=True),
        Column("internal", "公开", choice({INTERNAL: "internal"}, "写法"),
            f"说明和证据不公开的写“{INTERNAL}”，网页和 PDF 只写已经说明；公开的留空", INTERNAL, optional=True),
    ),
    key=("finding",),
    required=False,
)  # fmt: skip
FRAMEWORK_COLUMN = Column(
    "framework", "评价框架", FRAMEWORK_NAME, "year.yml 里写了的评价框架", "finance-2020", required=True
)
SCORED_COLUMN = Column("indicator", "指标", INDICATOR_CODE,
    "这个框架的指标代码；等次限制和否决的情形写它的代码", "P5", required=True)  # fmt: skip
TARGETS = Table(
    "targets",
    "绩效目标",
    "本年度批准的目标值，每个指标一行；年内调整过的，每段时间一行，程序按执行的月数加权平均",
    (
        FRAMEWORK_COLUMN,
        SCORED_COLUMN,
        COMPARISON_COLUMN,
        Column("target", "目标值", TEXT, "数字，或一句话；没有查到的留空", "213"),
        Column("unit", "单位", unit_of(), "目标值的单位；不是数字的留空", "元/月"),
        Column("start", "起始日期", DAY, "从哪一天起；只知道年份的写年份，全年不变的留空", "2020-11-01"),
        Column("end", "截止日期", DAY, "到哪一天止；一直有效的留空", "2020-10-31"),
        Column("number", "文号", TEXT, "哪个文件定的；没有查到的留空", "湘民发〔2020〕34号"),
        SOURCE_COLUMN,
        PENDING_COLUMN,
        NOTE_COLUMN,
    ),
    key=("framework", "indicator", "start"),
    required=False,
)
EVIDENCE = Table(
    "evidence",
    "绩效证据",
    "各指标的实际完成情况和证据，一个指标、一个项一行；能由数字算出的指标不用填，除非要换一个数字",
    (
        FRAMEWORK_COLUMN,
        SCORED_COLUMN,
        Column("item", "项", NAME,
            "指标有几个条件、几种扣分的，写哪一个；只有一个的留空；预算执行率写全年预算数、全年执行数、年初预算数，"
            "只是一种资金来源的，后面照自评表加上来源，如“全年执行数（其他资金）”",
            "全年预算数"),
        Column("figure", "数字", NAME, "实际值是本年度的哪个数字，写名称；不是的留空", "农村低保人均月支出"),
        Column("result", "结果", TEXT, "是或否、次数、情形、等级、评定的分数；填了“数字”的留空", "是"),
        Column(
            "document", "文件", TEXT, "用什么证明：文件、台账、调查报告，写明在哪里可以查到", "满意度调查报告"
        ),
        Column("shows", "说明", TEXT, "它说明了什么", "抽查120户，118户满意"),
        Column("who", "确认人", TEXT, "谁核对过；没有人确认的不作证据", "社会救助股张某"),
        Column("date", "确认日期", DATE, "哪一天核对的", "2021-03-20"),
        NOTE_COLUMN,
    ),
    key=("framework", "indicator", "item"),
    required=False,
)  # fmt: skip
DEVIATIONS = Table(
    "deviations",
    "偏差说明",
    "没有达到目标、或超过目标很多的指标，一个指标一行：为什么，怎样改进",
    (
        FRAMEWORK_COLUMN,
        SCORED_COLUMN,
        Column("reason", "偏差原因", TEXT, "为什么没有达到，或超过很多", "7月起才提标", required=True),
        Column("improvement", "改进措施", TEXT, "准备怎样改进", "年初安排预算时按新标准测算", required=True),
        PENDING_COLUMN,
    ),
    key=("framework", "indicator"),
    required=False,
)
CORRECTIONS = Table(
    "corrections",
    "更正与存疑",
    "签发以后发现的错误，一处一行：报告自己能证明正确值的更正；不能的照原样保留，标为存疑。已经定版的行不能再改",
    (
        Column("edition", "版次", EDITION_NUMBER, "从第几版起", "2", required=True),
        Column("treatment", "处理", choice(dict.fromkeys(TREATMENTS, ""), "处理"),
            "报告自己能证明正确值的写“更正”，否则写“存疑”；以前的版次更正错了的写“撤回”", CORRECTED, required=True),
        Column("subject", "对象", TEXT,
            "数字的名称；改文字的写文件，如 narrative/03-organisation.md 或 documents.csv", "农村特困人数",
            required=True),
        Column("original", "原值", TEXT, "数字连同单位，或原来的文字，照原样", "6246人", required=True),
        Column("corrected", "更正值", TEXT, "数字连同单位，或改成的文字；存疑的留空，撤回的写签发的值", "6126人"),
        Column("reason", "理由", TEXT, "怎样证明；存疑的写已经知道什么", "分散供养5583人与集中供养543人之和",
            required=True),
        Column(
            "finding", "发现编号", CAUSE, "哪一条发现证明它；计划修订没有发现的留空", "T2-people.rural_tekun"
        ),
        Column("settles", "可核定者", TEXT, "存疑的写谁、凭什么文件能核定", "县民政局社会救助股，凭发放台账"),
    ),
    key=("edition", "subject", "original"),
    required=False,
)  # fmt: skip
CALENDAR = Table(
    "calendar",
    "发布日历",
    "各版预告的发布日期，一次预告一行；改期的另加一行，原来的行不动",
    (
        Column("edition", "版次", EDITION_NUMBER, "预告的是第几版", "1", required=True),
        Column("announced", "预告日期", DATE, "预告哪一天发布", "2022-03-31", required=True),
        Column("told", "公布日期", DATE, "哪一天公布这个预告的", "2022-02-28", required=True),
        Column("note", "说明", TEXT, "改期的写原因", "审核推迟"),
    ),
    key=("edition", "told"),
    required=False,
)
PLAIN_TEXTS = Table(
    "plain",
    "不是数字的文字",
    "正文里有数字、又不是统计数字的文字，一处一行；日期、文号、序号、期限等程序已经认识，不用写",
    (
        Column("text", "文字", TERM, "照正文抄写，数字前后多抄几个字，免得别处的数字也算在内", "设立32个救助站点",
            required=True),
        Column("reason", "理由", TEXT, "为什么不是统计数字", "是规划的数目，不是本年度的结果", required=True),
    ),
    key=("text",),
    required=False,
)  # fmt: skip
TABLES = (
    FUNDS,
    SPENDING,
    PEOPLE,
    MONTHLY,
    STANDARDS,
    TIER_TABLE,
    ACTIONS,
    BACKGROUND,
    CLAIMS,
    STATED_RELATION_TABLE,
    DOCUMENTS,
    EXPLANATIONS,
    TARGETS,
    EVIDENCE,
    DEVIATIONS,
    CORRECTIONS,
    CALENDAR,
    PLAIN_TEXTS,
)
"""The tables of a year, in the order in which a clerk fills them in."""

IDENTITY = (
    Column("province", "省", NAME, "全称", "湖南省", required=True),
    Column("county", "县", NAME, "全称", "某县", required=True),
    Column("bureau", "单位", NAME, "编写报告的单位全称", "某县民政局", required=True),
)
"""Whose a year is."""

MOST_FORMER_NAMES = 10
PROJECT_SETTINGS = (
    Column("code", "行政区划代码", DIVISION, "六位数字；没有查到留空", "430000"),
    IDENTITY[0],
    Column("city", "市", NAME, "所属的市、州、盟，全称；没有留空", "某市"),
    *IDENTITY[1:],
    Column("former_names", "曾用名", NAME, "县和单位在以前的年度用过的名称，一行一个“- ”；没有写 []", "[]"),
)
"""The keys of ``project.yml``."""

MOST_OMITTED = 20
OMITTED = Column("omitted", "没有的章节", NAME,
    "上年有、或者序号里该有，本年确实没有的部分：文件名或序号，一行一个“- ”；都有的写 []", "[]")  # fmt: skip
SETTINGS = (
    Column("year", "年度", YEAR, "必须与文件夹的名称相同", "2020", required=True),
    *(replace(column, help="全称；与 project.yml 相同的不用写", required=False) for column in IDENTITY),
    Column("title", "标题", TEXT, "一行一个“- ”，至多三行", "某县2020年度困难群众救助", required=True),
    Column("period_start", "起始日期", DATE, "本年度的第一天", "2020-01-01", required=True),
    Column("period_end", "截止日期", DATE, "本年度的最后一天", "2020-12-31", required=True),
    Column("report_date", "报告日期", DATE, "签发的日期；还没有签发留空", "2021-04-10"),
    Column("status", "数据状态", choice(dict.fromkeys(STATUSES, ""), "状态", OLDER_STATUSES),
        "编写时写草稿，送审时写送审，批准签发后写批准", "草稿", required=True),
    Column("place_class", "地区类别", TEXT,
        "省里按地区分类公布最低标准的，本县是哪一类；城市、农村分类不同的都写，用“、”隔开；不分类的、没有查到的留空", "四类地区"),
    Column("small_count", "小数目上限", SMALL, "从1到几个人的数目不能公布；不写是2", "2"),
    Column("money_told", "资金范围", choice(dict.fromkeys(MONEY_TOLD, ""), "范围"),
        "报告只写了某一级或某几级资金的写“部分级次”，自己不支出、只写下达给下级多少的写“只有下达数”；不写是“全部”", "全部"),
    Column("claimed_grade", "自评等次", TEXT, "报告自己写的等次；没有留空", "优秀"),
    Column("frameworks", "评价框架", FRAMEWORK_NAME,
        "采用的评分办法，data/frameworks 下文件夹的名称，一行一个“- ”，至多三行；没有写 []", "[]"),
    OMITTED,
    *(
        Column(name, heading, TEXT, f"自评表里的{shown}；没有查到留空", example)
        for name, heading, shown, example in (
            ("project", "项目名称", "项目名称", "困难群众救助补助资金"),
            ("department", "主管部门", "主管部门", "某县民政局"),
            ("central_department", "中央主管部门", "中央主管部门（转移支付）", "财政部、民政部"),
            ("local_department", "地方主管部门", "地方主管部门（转移支付）", "某省财政厅、某省民政厅"),
            ("goal", "年度总体目标", "预期目标，照批准的绩效目标写", "保障困难群众基本生活"),
        )
    ),
)  # fmt: skip
"""The keys of ``year.yml``."""

RELEASED_STATUS = replace(
    choice(dict.fromkeys(STATUSES, ""), "状态", OLDER_STATUSES), parse=lambda text, _: text
)
"""Status in a ledger, which keeps the word that it was written with."""

LEDGER_SETTINGS = (
    Column("number", "版次", EDITION_NUMBER, "从1起，依次加1", "2", required=True),
    Column("date", "日期", DATE, "这一版的日期", "2021-04-10", required=True),
    Column("kind", "类型", choice(dict.fromkeys(EDITION_KINDS, ""), "类型"),
        "第1版是初版；以后按原来的安排用后来的数据修订的是计划修订，改错的是更正", "更正", required=True),
    Column("status", "状态", RELEASED_STATUS, "没有写谁批准的，至多是送审", "送审", required=True),
    Column("reason", "理由", TEXT, "为什么有这一版", "更正勾稽检查证实的错误", required=True),
    Column("approver", "批准", TEXT, "谁批准的；还没有批准留空，网页上写“尚未批准”", "某县民政局局长办公会"),
    Column("corrections", "更正", TEXT, "corrections.csv 里从这一版起的各行的对象", "农村特困人数"),
    Column("taken_back", "撤回", TEXT, "其中撤回了以前的更正或存疑的；没有的不写这一项", "农村低保人均救助水平"),
    Column("changes", "改动", TEXT, "与上一版相比直接改动了的文件", "narrative/06-problems.md"),
    Column("carried", "随带改动", TEXT, "年度文件夹以外，与上一版不同的：登记表、程序、上一年度等；没有的不写这一项",
        "界限：data/reference/limits.csv（1处）"),
    Column("commit", "提交", COMMIT, "由版本库的哪一次提交生成", "0" * 40, required=True),
    Column("inputs", "输入", SHA256, "年度文件夹的哈希值", "0" * 64, required=True),
    Column("registries", "登记表", SHA256, "登记表、评价框架和上年数据的哈希值", "0" * 64, required=True),
    Column("code", "程序", SHA256,
        "程序、笔记本和网页说明的哈希值；项目里没有程序的，是安装好的 evalbook 全部文件的", "0" * 64, required=True),
    Column("lock", "依赖", SHA256,
        "requirements.txt 的哈希值；项目里没有程序的，是 editions 里这一版的 .lock 的，它写明 evalbook 和各软件包的版本",
        "0" * 64, required=True),
    Column("figures", "数字", SHA256, "这一版全部数字的文件的哈希值", "0" * 64, required=True),
    Column("texts", "文字", SHA256, "记着改动的文字的文件的哈希值；没有改动文字的不写这一项", "0" * 64),
    Column("rules", "检查规则", SHA256, "记着用了哪些检查规则的文件的哈希值；以前的版没有这一项", "0" * 64),
    Column("previous", "前版", SHA256, "上一版的记录的哈希值；第1版留空", "0" * 64),
    Column("content", "内容", SHA256, "网页、PDF 和下载文件的清单的哈希值", "0" * 64),
)  # fmt: skip
"""The keys of an edition in ``editions.yml``."""

WITHDRAWAL_SETTINGS = (
    Column("number", "撤销", EDITION_NUMBER, "撤销哪一版：还没有发布过的最后一版", "2", required=True),
    Column("date", "日期", DATE, "哪一天撤销的", "2021-04-10", required=True),
    Column("reason", "理由", TEXT, "为什么撤销", "定版以后发现附表贴错", required=True),
    Column("approver", "决定", TEXT, "谁决定撤销的", "某县民政局社会救助股", required=True),
)
"""The keys of what takes back the edition above it in ``editions.yml``."""
