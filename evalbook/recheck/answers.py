"""Answers in words: what they say was not done, put off, under way, no better.

Only what a clause says as a whole counts, so that 未发生投诉 and 无未办结事项 are no shortfall; and only against a target that
does not say the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evalbook.schema.numbers import plain

PARTLY = re.compile(r"(部分|未|没有|没|尚未|不)(全部|完全|能|按时|及时)?(达成|完成|达到|实现|达标|做到)")
"""Some forms ask just this: 达成、部分达成、未达成."""
ANSWERED = re.compile(
    r"(已|全部|基本|按期|按时|如期|按计划|按要求|按规定|圆满|超额|均|全面|顺利|较好)*(达成|完成|达到|达标|实现|优秀|良好|好|落实|合格|满意|发放|保障|拨付|到位|有效|达预期)"
    r"(年度|预期|全部|绩效|既定|设定)*(指标|目标|任务|值|要求|到位|效果)*[.!]?"
)
"""That something was done, without a number."""
ALL = re.compile("全部|全面|全额|足额|全覆盖|应.尽.|百分之百|无遗漏|均")
NOTHING = re.compile(r"(无|零|没有|未(发生|出现|发现)|没有(发生|出现|发现))[。]?")

WORK = (
    "建设|建立|施工|办理|推进|实施|筹备|筹建|审批|招标|采购|整改|验收|审核|收尾|准备|装修|调试|进行|申报|制定|制订|起草|编制|协调|完善|改造|安装|结算|审计"
    "|研究|修缮|洽谈|测试|清算|评审|选址|征地|设计|报批|公示|落实|开展|统计|组织"
)
DONE = (
    "完成|通过|达到|达成|达标|达|实现|开工|启动|开展|实施|竣工|完工|验收|建成|落实|到位|发放|拨付|支付|使用|投入使用|交付|启用|结项|结题|办结|整改|建立|建设"
    "|招标|采购|覆盖|执行|出台|制定|安装|配备|改善|提升|提高|见效|显现|做到|满足|兑现|解决|形成|投用|运行|运营|组织|进行|招到|签订"
)
REST = (
    "到位|完毕|完成|预期|目标|指标|标准|要求|任务|计划|进度|序时|年度|预定|设定|规定|的|使用|运营|运行|建设|工作|手续|验收|竣工|决算|审计|程序"
    "|工程|项目|资金|结果|效果|作用|了|值|水平|全部|方案|合同|设备|培训|调查|活动|制度"
)
LATER = r"(?:20\d\d年?|次年|下一?年度?|来年|明年|翌年|第二年|\d+月份?|\d+[日号]|上半年|下半年|年后|初|底|末|前|后)"
BETTER = "改善|提高|提升|增强|增长|增加|改观|好转|明显|显著|有效|促进|优化|减少|下降|降低|缓解|完善|加强|推动|改变|进步|发展"
GROWING = "提高|提升|改善|增强|增长|增加|好转|优化|上升|扩大|加强"


@dataclass(frozen=True)
class Wording:
    """A kind of shortfall in words.

    Attributes
    ----------
    said : str
        Pattern of a clause from some word on to its end.
    unless, only : str
        Patterns of targets against which it is none, or alone is one; empty for all.
    sure : bool
        Whether it leaves no choice.
    """

    said: str
    unless: str = ""
    only: str = ""
    sure: bool = True


KINDS = (
    Wording(
        r"(?:尚|暂|仍|还|均|全部|部分)*(?:未能|未|没有|没|不能|无法)"
        rf"(?:如期|按期|按时|及时|按计划|按要求|按规定|全部|完全|全面|全额|足额|正式|能|予以|得到|最终|组织|投入)*(?:{DONE})(?:{REST})*",
        unless="未|没有|不(?![低少小断])",
    ),
    Wording(
        rf"(?:已|将|拟|需|因故|申请)*(?:延期|延迟|延后|推迟|顺延|延长|跨年|推延|延误|延缓)(?:至|到|于)?{LATER}*(?:再|才|方)?"
        rf"(?:{WORK}|完成|建成|竣工|开工|发放|拨付|交付|启动|使用|支付)*(?:中|了)?",
        unless="延|推迟|滞后|顺延",
    ),
    Wording(rf"(?:预计|计划|拟|将|需|待)(?:于|在|到)?{LATER}+(?:再|才|方)?(?:{WORK}|{DONE})+", unless="次年|下年|明年"),
    Wording("(?:进度|工作|工程|项目)?(?:有所|略有|严重|明显)?(?:滞后|逾期|超期|拖延)(?:完成|实施|发放|拨付|办理|验收)?了?"),
    Wording("(?:进展|进度|推进)(?:较为|比较|较|十分|很)?(?:缓慢|滞后|迟缓|慢)"),
    Wording(
        rf"(?:目前|现|仍|尚|还|均)*(?:正在|仍在|尚在|还在)(?:全力|加快|抓紧|有序|积极|稳步|逐步|组织)*(?:{WORK}|建)(?:{WORK}|{REST}|中)*"
        rf"|(?:目前|仍|尚)?(?:在建|在办)(?:中|阶段)?|(?:{WORK})(?:中|阶段|过程中)",
        unless="启动|开工|推进|持续|开展|进行|正在|在建|长期|动工|实施|逐步|不断|稳步|推动|促进|加强",
    ),
    Wording(
        "(?:目前|现|仍|尚|还|均)*(?:正在|仍在|尚在|还在)(?:全力|加快|抓紧|有序|积极|组织)*(?:建设|施工|采购|招标|筹备|筹建|装修|验收|审批|报批|选址|设计)(?:中|阶段)?",
        unless="启动|开工|推进|开展|进行|正在|在建|动工|实施|建设", sure=False,
    ),
    Wording(
        "(?:无|没有|没|未见|未有)(?:任何|明显|显著|较大|太大|根本|实质性|大的)*(?:变化|改善|改观|提升|提高|效果|成效|增长|进展|好转|增加|改变)"
        "|(?:变化|改善|提升|进展|改观)(?:并不|不太|不够|不|欠)(?:明显|显著|大|佳|理想|好)|原地踏步|停滞不前",
        unless="稳定|保持|不|维持|无|避免|防止|控制", only=BETTER,
    ),
    Wording("(?:与上年|同比|基本|与去年|较上年)*持平", only=GROWING, unless="稳定|保持|不低于|维持"),
    Wording(
        "(?:较上年|较去年|同比|比上年)?(?:有所|略有|明显|逐步|逐年|大幅|小幅|继续|不断)*(?:下降|恶化|变差|倒退|退步|降低|减弱|下滑|减少|回落|弱化|变坏)了?",
        only=GROWING, unless="下降|降低|减少|稳定",
    ),
    Wording(
        "(?:还|仍|尚|离|与|距)*(?:预期|目标|计划|标准|要求|指标)?(?:目标|要求|标准|值)?(?:还|仍|尚)?(?:有|存在)(?:一定|较大|明显|不小)*(?:的)?(?:差距|距离)"
        "|(?:效果|成效|作用)(?:并不|不太|不够|不|欠)(?:明显|显著|大|佳|理想|好)"
        "|(?:不达标|不合格|不合规|不通过|不到位|不及时|不理想|不满意|很差|较差|极差|差|未达)",
        unless="不|差",
    ),
    Wording(
        "(?:已|被|暂时|临时|因故|项目|工程)*(?:暂停|停工|停建|搁置|取消|终止|中止|暂缓|放弃|作废|流标|废标|叫停|停摆)(?:实施|建设|执行|招标|采购|开展|进行|办理)?",
        unless="暂停|停|取消|终止|中止|暂缓",
    ),
    Wording(
        "(?:已|均)?(?:基本上?|大部分|多数|大体上?|大致|初步|接近|即将|部分)(?:完成|达到|达成|达标|实现|满足|到位|建成|完工|覆盖|解决|落实|做到|发放|拨付)"
        f"(?:{REST})*",
        unless="基本|初步|逐步|部分|大部分|多数|接近", sure=False,
    ),
    Wording(r"(?:仅|只|已)*完成了?(?:投资|工程量|总量|任务|进度)?的?\d{1,2}(?:\.\d+)?%", only="完成|建成|完工|竣工|全部|100%"),
    Wording(
        r"(?:发生|出现|存在|发现|查出|有)了?(?!0)\d+(?:[起例件次户人名宗处个])[一-鿿]{0,8}"
        "(?:事件|事故|漏保|错保|违规|违纪|违法|投诉|上访|信访|舆情|纠纷|死亡|伤亡|冒领|截留|挪用)",
        only="稳定|安全|平稳|和谐|零|无|不|未|没有|杜绝|避免|防止", sure=False,
    ),
    Wording("效果一般|(?:水平|成效|作用)?低于预期(?:水平|效果|目标)?|不及预期", sure=False),
)  # fmt: skip
DENIED = re.compile("(?:尚未|未能|未|没有?|不够|不太|不|有待|亟待|欠)(?P<word>.{2,12})$")
UNSAID = re.compile("无|没|不|零|避免|杜绝|防止|解决|消除|整改|上年|去年|往年|减少|降低|问题|如|若|原")
"""In front of the words, what makes them mean something else."""


@dataclass(frozen=True)
class Shortfall:
    """What an answer says was not reached; ``sure`` where nothing else is said beside it."""

    said: str
    sure: bool


def shortfall(target: str, actual: str) -> Shortfall | None:
    """What an answer in words says was not done, against a target that does not say the same.

    Parameters
    ----------
    target, actual
        Texts of the cells.

    Returns
    -------
    Shortfall or None
        None where the answer says nothing of the kind.
    """
    asked = plain(target)
    clauses = [clause for clause in re.split("[,;。!]", plain(actual)) if clause]
    # Beside a number, what is still under way may be more than was asked.
    counted = len(clauses) > 1 and re.search(r"\d", actual)
    for clause in () if counted or len(plain(actual)) > 80 else clauses:
        denied = DENIED.search(clause) if len(clauses) == 1 else None
        if denied and denied["word"] in asked and not re.search("[未没无不]", asked):
            return Shortfall(clause, sure=not UNSAID.search(clause[: denied.start()]))
        for kind in KINDS:
            found = re.search(f"(?:{kind.said})$", clause)
            if not found or len(clause) > 30 or UNSAID.search(clause[: found.start()]):
                continue
            if (kind.unless and re.search(kind.unless, asked)) or (
                kind.only and not re.search(kind.only, asked)
            ):
                continue
            return Shortfall(clause, sure=kind.sure and len(clauses) == 1)
    return None


def same_words(target: str, actual: str) -> bool:
    """Whether an answer repeats the words of its target: 得到改善 for 得到改善, 已按月发放 for 按月发放."""
    asked, answered = (re.sub(r"[^\w%<>=≥≤]", "", plain(text)) for text in (target, actual))
    return bool(asked) and re.sub("^(?:已经|已|均已|均|都)", "", answered) in {
        asked,
        re.sub("^(?:已经|已|均)", "", asked),
    }
