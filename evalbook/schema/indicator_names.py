"""What the name of an indicator says: whether more or fewer is better, and what it counts.

The word next to 率 or 数 is the thing that is counted, so that it alone tells: fewer 差错 is better, more 差错整改. A name
that ends in no listed word tells nothing.
"""

from __future__ import annotations

import re
import unicodedata

UP, DOWN = "越多越好", "越少越好"

VOCABULARY = """
多 评价 满意 认可 信任 好评 知晓 知悉 了解 支持
多 救助 覆盖 发放 足额发放 供养 保障 救助 帮扶 资助 社会化 到户 到人 到卡 打卡
多 应尽 应保尽保 应救尽救 应补尽补 应养尽养 应发尽发 应享尽享 应纳尽纳
多 办理 认定 识别 精准 审核 审批 核对 核查 核实 复核 入户 入户调查 走访 探访 巡访 公示 公开 建档 立卡 归档 录入 上传 更新
多 一老一小 入住 安置 寻亲 返乡 护送 签约 体检 评估 适老化改造 护理型床位 巡查 入学 就学 复学 巩固 养育 照料 接种 治愈 康复 救治
多 资金 到位 到账 拨付 支付 兑付 兑现 下达 执行 预算执行 预算支出 资金支出 资金使用 资金利用 配套 足额 节约
多 工程 完成 竣工 完工 开工 建成 投产 交付 验收 合格 优良 优秀 良好 达标 完好 完整 齐全 利用 床位使用 设施使用 设备使用
多 运行 投入使用 正常运行 正常运转 配备 配置 采购 绿化 修复
多 培训 培训 参训 出勤 到课 结业 毕业 取证 持证 就业 上岗 参与 参加 参保 通过
多 质量 准确 正确 真实 规范 合规 合法 有效 成功 一致 符合 吻合 落实 实现 达成 稳定 安全 检查 抽查 检测 监测 响应
多 时效 及时 准时 按时 按期 如期
解 纠错 纠正 整改 改正 差错更正 差错修正 错误更正 错误修正 差错补正 漏发补发 欠发补发 错保清退 违规清退
解 答复 办结 结案 处理 处置 答复 回复 回应 反馈 受理 化解 调处 调解 解决 回访 查处
解 消除 盘活 追回 收回 消化 消除 排除 排查 销号 整治 治理 挽回 修缮
无 差错 差错 错误 出错 错发 漏发 错报 漏报 错保 漏保 应保未保 失误 泄露
无 违规 违规 违纪 违法 违约 冒领 骗保 骗取 套取 挪用 截留 挤占 虚报 侵害 虐待
无 投诉 投诉 举报 上访 信访 舆情 逾期 事故 责任事故 死亡 伤亡
少 资金 剩余 结余 结转 结转结余 沉淀 滞留 闲置 占压 退回 退票 退款 拒付 超支 超预算 超概算 拖欠 欠发 欠拨 浪费 损耗 坏账 负债
少 办理 积压 压件 退件 驳回 退办
少 异议 异议 复议 申诉 质疑 诉讼 败诉 争议 纠纷 差评 问题 反映问题
少 时效 延误 延迟 延期 超期 超时 迟发 滞后
少 疏漏 缺项 漏项 缺漏 遗漏 漏登 误差 偏差 瑕疵 缺陷 重复 重复发放 重复享受 不符 失联 脱管 漏管
少 岗位 空置 空缺 空岗 流失 流动 离职 缺勤 缺岗 缺席 迟到
少 人 走失 辍学 失学 失业 返贫 致贫 复发 再犯 发病 患病 感染 褥疮 跌倒 伤残
少 物 故障 损坏 破损 报废 返工 停工 中断 断档 污染 失败 隐患
多 教卫 普及 管理 健康管理 规范管理 系统管理 筛查 随访 治疗 升学 正版 开放 借阅
多 农路 达标排放 成活 存活 保存 收缴 回收 无害化处理 资源化利用 列养 通畅 通达 通车 投保 承保 履约 保证 供水保证 种植 覆土 复垦
少 花费 成本 造价 采购单价 建设单价
少 教卫 病死 近视 肥胖 贫血 大班额 感染
少 农路 漏损 能耗 排放 撂荒 弃管 拥堵 病害 不良贷款 违约
全 教卫 普及 正版 成活 列养 回收
半 教卫 管理 健康管理 规范管理 系统管理 筛查 投保
全 评价 满意 认可 好评 知晓
全 质量 准确 正确 合格 优良 达标 规范 合规 合法 真实 精准 一致 符合 吻合 齐全 完好 完整 差错 错误 缺项 漏保 错保 投诉 重复
全 办理 及时 准时 按时 公示 公开 建档 归档 通过 社会化 退票 退件 覆盖 入住 入学 出勤 持证 空置 闲置 空缺 剩余 结余
半 办理 发放 供养 保障 救助 认定 审核 核查 入户 走访 探访 办结 答复 受理 整改 签约 参保 参与 落实 有效 验收 安置 就业 利用
"""
"""Words by field: 多 where more is better, 解 of troubles settled, 少 where fewer is better, 无 for what ought not to happen;
全 for shares of a whole, of which nothing exceeds 100 %, 半 where that is so mostly: who joins late may count above only."""


def _words(marks: str) -> frozenset[str]:
    lines = (line.split() for line in VOCABULARY.strip().splitlines())
    return frozenset(word for mark, _, *words in lines if mark in marks for word in words)


MORE, SETTLED, NEVER, FEWER = _words("多解"), _words("解"), _words("无"), _words("少无")
WHOLES, MOSTLY_WHOLES = _words("全"), _words("半")
RATE = re.compile(r"(?:发生|出现)?(?:比例|比率|占比|百分比|百分率|程度|率|度|性|情况)+$")
NUMBER = re.compile(
    r"(?:发生|出现)?(?:案件|事件|人员|对象|事项)?(?:人次|户次|[次件起人户笔宗例项])?(?:数量|总数|总量|总额|金额|资金|案件|事件|数|量|额)$"
)
NOT = re.compile(r"(?:不|未|无|零|没有|未发生|未出现)(?:及时|按时|准时|准确|足额|完全|全部|有效)?$")
NOUN = re.compile("(?:案件|事件|人员|对象|事项|资金|金额|情况|现象)$")
BADLY = re.compile("(?:重复|违规|错误|逾期|超期|超时|延迟|延期|延误|虚假|不当|多头|超标)$")
"""How a thing is done of which fewer is better: 重复发放, 逾期拨付; 逾期纠正 is another matter."""
DEALING = re.compile(
    "节约|节省|压缩|消除|治理|防治|处理|办理|受理|化解|解决|调解|查处|答复|回复|纠正|整改|排查|接待|登记|救治|减少|降低|避免|防止|杜绝|控制"
)
HELD_DOWN = re.compile("(?:减少|降低|避免|防止|控制)$")
FALLING, RISING = re.compile("(?:下降|降低|减少|压降|压减)$"), re.compile("(?:增长|增加|提高|提升|上升)$")


def indicator_key(name: str) -> str:
    """Name of an indicator without stars, punctuation and the bound that some forms print behind it."""
    text = re.sub(r"^指标\d*[:：、]?", "", unicodedata.normalize("NFKC", name))
    text = re.sub(r"\((?:[<>=≥≤]|不低于|不高于|不超过)[^()]*\)|[<>=≥≤]+\**.*$", "", text)
    return re.sub(r"[\W_]|★|☆", "", text)


def _thing(name: str) -> tuple[str, bool]:
    """What a name counts, without 率 or 数, and whether it is a rate."""
    text = indicator_key(re.sub(r"\([^()]*\)", "", unicodedata.normalize("NFKC", name)))
    if RATE.search(text):
        return RATE.sub("", text), True
    return NUMBER.sub("", text), False


def _listed(thing: str) -> str:
    """Listed word that a thing ends in; the longest one."""
    return max((word for word in MORE | FEWER if thing.endswith(word)), key=len, default="")


def direction_of(name: str, *, percent: bool = False) -> str:
    """Whether more or fewer of what an indicator counts is better, as its name says.

    Parameters
    ----------
    name
        Of the indicator.
    percent
        Whether it is measured in percent, so that a name without 率 is one of a rate.

    Returns
    -------
    str
        越多越好, 越少越好, or empty where the name says nothing.
    """
    thing, rate = _thing(name)
    return _direction(thing, rate=rate or percent)


def _direction(thing: str, *, rate: bool) -> str:
    for change, same in ((FALLING, False), (RISING, True)):
        if found := change.search(thing):
            way = _direction(RATE.sub("", thing[: found.start()]), rate=True)
            return way if same else {UP: DOWN, DOWN: UP, "": ""}[way]
    word = _listed(thing)
    if not word and _listed(NOUN.sub("", thing)) in FEWER:
        return _direction(NOUN.sub("", thing), rate=rate)
    before = thing.removesuffix(word)
    few = word in FEWER or (word not in SETTLED and bool(BADLY.search(before)))
    if not word or (few and (HELD_DOWN if rate else DEALING).search(before)):
        return ""
    if NOT.search(before):
        few = not few
    # A number of people helped is one thing, how many ought to be another.
    return DOWN if few else UP if rate else ""


def never(name: str) -> bool:
    """Whether what a name counts ought not to happen at all."""
    return _listed(_thing(name)[0]) in NEVER


def standard_paid(name: str) -> bool:
    """Whether an indicator is what each person is paid, of which less than was set is a question; not an average."""
    return (
        bool(re.search("(?:低保|保障|供养|养育|津贴|补贴|补助|发放|护理|生活费?)标准$", indicator_key(name)))
        and "均" not in name
    )


def of_trouble(name: str) -> bool:
    """Whether a name speaks of something unwelcome, whatever it counts of it."""
    return any(word in name for word in FEWER) or bool(
        re.search("降低|下降|减少|超|不合格|不满意|不通过|误", name)
    )


def share_of_whole(name: str) -> bool | None:
    """Whether an indicator is a share of a whole, which cannot exceed 100 %; None where it is so mostly.

    A plan's completion, 执行率 or 增长率 can be more.
    """
    thing, rate = _thing(name)
    word = _listed(thing)
    if not rate or re.search("增|提升|提高|同比|完成|执行", name) or word not in WHOLES | MOSTLY_WHOLES:
        return False
    return True if word in WHOLES else None
