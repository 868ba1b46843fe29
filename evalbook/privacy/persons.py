"""Persons in words: a name beside an age, a sex, an illness, a school, a village; names in a list of people in need.

A name is a surname and one or two more characters that do not begin a word (``surnames.txt``: common surnames, each
with the characters that make a word of it, from the dictionary of jieba, MIT licence). Words prove nothing, so what is
found is asked about. Officials, and contacts of offices, are nobody's business here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

PERSON = "疑似个人情况"


@dataclass(frozen=True)
class Person:
    """A person of whom a text seems to tell something.

    Attributes
    ----------
    masked : str
        What messages may show: the surname, and what is told.
    start : int
        Where it stands in the text.
    """

    masked: str
    start: int


def _compiled(pattern: str) -> re.Pattern[str]:
    """Pattern in which a Chinese character is any letter beyond ASCII: a range of so many takes a millisecond to compile."""
    return re.compile(pattern.replace("[一-鿿]", r"[^\W0-9A-Za-z_]").replace("[^一-鿿]", r"[\W0-9A-Za-z_]"))


_LINES = Path(__file__).with_name("surnames.txt").read_text(encoding="utf-8").splitlines()
WORDS = {line[0]: frozenset(line[2:]) for line in _LINES}
"""Surnames of one character, each with the characters that make a word of it."""
DOUBLE = "欧阳|司马|诸葛|夏侯|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|长孙|宇文|南宫|端木|上官|呼延|独孤|拓跋|轩辕"
SURNAME = _compiled(f"{DOUBLE}|[{''.join(WORDS)}]")
GIVEN = frozenset(
    "国华明建志春金玉海红平英军小秀桂荣兰丽芳永林云龙德光清振庆立福东学忠义仁礼祥瑞芬花香梅菊莲珍凤娥娟霞燕艳萍玲静强伟刚勇毅俊峰浩亮"
    "政谦奇之朗伯宏鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士以建致炎冬元天雨根贵财富喜山松柏良善才广顺佳雪琴美巧翠银淑惠洁莉婷倩欣怡梦涛波"
)
"""Characters so common in given names that they make no word of a surname when another of them follows."""
NEVER = frozenset(
    "的了在是及与等为对按从到由被把将给或也都就并且其此该各每所有无没已经可能会要需共约近余超个位户次月日号县市省区乡镇村组局股室部委院站岁"
    "男女患因系住称说者们这那哪什么怎吗呢吧啊血病症癌瘤湾沟坪坝寨屯坳垭峪窑滩岔堰畈垄"
)
"""Characters of no given name."""
PLACES = frozenset("庄堡岭坡店铺营集冲塘墟嘴口界河溪岗桥山园湖洲院巷弄沱洞桠井港渡")
"""What ends the name of a place after a surname and 家."""
HAN = _compiled("[一-鿿]+")
PARTING = _compiled(r"[、,\n\t]|(?<=[一-鿿]{2}) ")
"""What parts the names of a list."""
LOOSE = frozenset("向于成任关安常方强明万高温包管费解能单尚伍文江连")
"""Surnames that are words by themselves: only a name where nothing but a stop comes after."""
CALLED = _compiled("大爷|奶奶|老汉|婆婆|老太|大娘|阿姨|师傅|老伯|爷爷|大妈|女士|先生|老人|阿婆|老爹")
"""What stands after a surname in place of a given name."""
APART = _compiled(" {1,3}([一-鿿])")
TWO_PARTS = _compiled("[一-鿿]{1,8}·(?![年月日天次])[一-鿿]{1,4}")
"""Name of somebody who is no Han."""

NEED = (
    "(?:低保|五保|特困|贫困|困难|脱贫|边缘|监测|返贫|受助|救助|求助|供养|帮扶|残疾|孤寡|空巢|留守|独居|高龄|失能|失独|重病|重残|大病|单亲|优抚|流浪乞讨|流浪|无人抚养"
    "|精减退职|精简退职|困境|散居|保障|受灾|易返贫)"
)
ROLE = (
    f"(?:{NEED}{{1,2}}(?:户|对象|家庭|人员|人|老人|儿童|群众|老?职工|学生|党员|居民|妇女|母亲|青年|村民|者)|孤儿|残疾人|患者|病人|村民|居民|户主|申请人|老人"
    "|老党员|退役军人|学生|女孩|男孩|女童|男童|儿童|妇女|监护人|受益人|当事人|受助人|领款人|收款人|死者|逝者|家属|亲属)"
)
"""Words for those whom a report must not name."""
OFFICIAL = (
    "(?:局长|主任|书记|[县市区镇乡村院站股科部处司厅省校所队组社馆]长|主席|会长|委员|社工|督导员|志愿者|工作人员|教授|医生|教师|老师|代表|干部|支书|负责人|联系人|填报人"
    "|经办人|审核人|复核人|制表人|法人|会计|出纳|同志|领导|记者|主编|作者|主持人?|理事|秘书长?|董事|经理|队员|常委|总理|律师)"
)
"""Words for those whom a report may name."""
AFTER_OFFICIAL = _compiled(rf"{OFFICIAL}[:,、(\"“ ]{{0,2}}\Z")
BEFORE_OFFICIAL = _compiled(rf"[ ,]?\(?(?:副|任|兼|县|市|镇|乡)?{OFFICIAL}")
BESIDE = _compiled(rf"{ROLE}(?:[是为系即叫]|名叫)?(?:\([^()\n]{{0,8}}\))?[:\"“”‘’' ]{{0,2}}\Z")
"""What comes before a name where it is that of a person in need."""
LEFT = _compiled(
    r"(?:^|[^一-鿿]|[为对给向由让替如叫即及和与是的有了送接组村户象庭员人童众民女亲者子夫奶爷哥弟姐妹妈称名姓属]|查明|发现|孤儿|女儿|户主|学生|青年|老党|其中|帮助|慰问|看望|走访|救助|资助|探望|发放|给予)\Z"
)
"""What comes before a name."""
LEFT_WIDTH = 14
STOP = _compiled("$|[^一-鿿]")
FOLLOW = _compiled(
    "$|[^一-鿿]|[家因患的在系是为住说获被突遭丧父母妻子儿女病无没有已和与及等男每发从自经入独单瘫双右左失残视听智精送办现生死随靠跟同房开后]|今年|年[仅满逾近过]|一[家户]|夫[妇妻]|就读"
    "|读|考|反映|申请|领取|享受|丈夫|老人|同学|去世|名下|本人|户|临时救助|救助|低保|确诊|查出|长期|身患|解决|落实"
)
"""What comes after a name."""
OF_NEED = "老人|同学|一家|夫[妇妻]|等?[0-9一二三四五六七八九十]户"
NEEDY = _compiled(f"{OF_NEED}|[是为系属][一-鿿]{{0,6}}?{ROLE}")
"""What comes after the name of a person in need."""
DOSSIER = _compiled(
    "的?(?:低保|特困|临时救助|救助|困难|残疾|孤儿|家庭)?(?:申请|审批|档案|材料|证明|身份证|户口|照片|病历|诊断)"
)
"""What comes after a name that begins a paper about somebody."""

FACTS = {
    "年龄": _compiled(
        r"(?<![0-9.\-~至到足满过于均大小高一二三四五六七八九十])(?:[0-9]{1,3}|[一二三四五六七八九十]{1,4})[ ]?(?:多)?周?岁"
        r"(?![以及或至到~\-—内不起、]|之[间内])"
        r"|(?:现年|年仅|年逾|年近|今年)[ ]?[0-9一二三四五六七八九十]{1,4}周?岁|现年[ ]?[0-9]{2}"
    ),
    "性别": _compiled(
        r"(?:(?<=[,、(:\s|/])|性别[: ]?)(?<!女[、/])(?<!男[、/])[男女]性?(?=[,、)\s|/]|$)(?![、/][男女])"
    ),
    "出生": _compiled(
        r"(?:19|20)[0-9]{2}(?:年|[.\-/])(?:[ ]?[0-9]{1,2}(?:月|[.\-/])?){0,2}日?[ ]?(?:出?生(?=[,、)]|$|于|人|的)|出生)|生于"
    ),
    "疾病": _compiled(
        "患(?!者|病率|难|处|儿|病?人|病群)|确诊|瘫|车祸|中风|尿毒症|白血病|癌|肿瘤|[一二三四1-4]级(?:肢体|视力|听力|言语|智力|精神|多重)?残|精神(?:疾?病|分裂)|透析|服刑|病逝"
        "|病故|(?:肢体|视力|听力|言语|智力|精神|多重)残疾[一二三四1-4]级|脑梗|骨折|智力障碍|失明|截肢|艾滋|因病(?!致|返)"
    ),
    "学校": _compiled(
        "就读|[读上](?:小学|初[一二三中]|高[一二三中]|大[一二三四学]|[一二三四五六]年级)|[一二三四五六七八九]年级|考[上入取]"
    ),
    "住处": _compiled(
        "[一-鿿]村(?:[一-鿿]{0,4}(?:[0-9一二三四五六七八九十]{1,3}|[一-鿿])组|村民|人(?=[,、]|$))|家住|住在"
        "|[一-鿿](?:路|街|巷|小区)[0-9]{1,4}[号栋]|住址"
    ),
    "家人": _compiled(
        "妻子|丈夫|父亲|母亲|儿子|女儿|奶奶|爷爷|孙子|孙女|父母(?:双亡|离异|去世)|[一全]家[0-9一二三四五六七八九两]口|丧偶"
    ),
    "救助": _compiled(
        "(?:发放|给予|获得|获|领取|享受)了?[一-鿿]{0,8}(?:救助金?|低保金|慰问金|补助金?|生活费|补贴)[0-9,.]{2,9}元"
        "|(?:低保金?|护理补贴|生活费|救助金)每[月人年][一-鿿]{0,4}[0-9,.]{2,9}元"
    ),
}
"""What may be told of a person."""

SEXES = frozenset("男女")
HINTS = frozenset(
    "岁男女生患诊瘫祸风毒血癌瘤残透服病梗骨障明截因读上级取村住路街巷址妻丈父母儿奶爷孙家丧金活贴户象人者职学党童名年审档材证身照助低保申婚属逝符众民·"
)
"""Without one of these characters there is no fact, no word for those in need, and no paper about them."""
SENTENCE = _compiled(r"[^。;!?\n\r]{2,400}")
"""What is looked through at once."""
LABEL = _compiled(
    rf"(?:{ROLE}|名单|姓名|名字|家庭成员|符合条件的)(?:名单|姓名|见?附件|如下)?(?:\(?[0-9一二三四五六七八九十两]{{1,4}}[人名户位个]\)?)?[,]?"
    r"(?:[:]|如下:?|分别[是为]|包括|有(?::|(?=[一-鿿]{2,3}[、,])))\s{0,3}(?:\(?[0-9]{1,3}[.、)] ?)?"
    r"(?P<names>(?:[一-鿿]|·){1,9}(?: {1,3}[一-鿿](?![一-鿿]))?(?:[、,\s]{1,2}(?:[一-鿿]|·){2,9}){0,2})"
)
"""A label for people in need, and the names after it."""
AND_OTHERS = _compiled(
    "等[ ]?(?:[0-9一二三四五六七八九十两几多]{1,4}[名位户个人]?)?[一-鿿]{0,8}?"
    "(?:困难|低保|特困|救助|残疾|贫困|孤儿|老人|儿童|学生|村民|居民|患者|户(?![一-鿿]))"
)
"""What comes after names of people in need."""
BEFORE_OTHERS = 24


def find_persons(text: str) -> list[Person]:
    """Find where a text seems to tell of a person.

    Parameters
    ----------
    text
        As it was typed, of any length: the work grows as it does.

    Returns
    -------
    list of Person
        In the order of the text, at most one a line and label.
    """
    if HINTS.isdisjoint(text):
        return []
    plain = unicodedata.normalize("NFKC", text)
    told = ((_told(sentence[0]), sentence.start()) for sentence in SENTENCE.finditer(plain))
    found = [Person(*one) for one in islice((one for one in told if one[0]), MOST)]
    lines = {plain.count("\n", 0, person.start) for person in found}
    for label in islice(LABEL.finditer(plain), MOST):
        name, start = PARTING.split(label["names"])[0], label.start("names")
        if is_name(name) and plain.count("\n", 0, start) not in lines:
            found.append(Person(f"{name[0]}某，名单或姓名", start))
    return sorted(found, key=lambda person: person.start)


MOST = 200
"""Persons told of one text, at most: whoever reads so many knows what to do."""


def _told(sentence: str) -> str:
    """What a sentence tells of a person, without saying who it is; empty when it tells nothing."""
    if others := AND_OTHERS.search(sentence):
        names = re.split("[、,]", sentence[max(others.start() - BEFORE_OTHERS, 0) : others.start()])
        if len(names) > 1 and all(map(is_name, names[1:])):
            return f"{names[-1][0]}某，名单"
    people = [*_names(sentence)]
    if not people and not SEXES.intersection(sentence):
        return ""
    facts = [fact for fact, said in FACTS.items() if said.search(sentence)]
    for surname, beside in people:
        if facts or beside:
            return f"{surname}某，{'、'.join(facts) or '姓名'}"
    return "、".join(facts) if {"年龄", "性别"} <= {*facts} else ""


def _names(sentence: str) -> Iterator[tuple[str, bool]]:
    """Names of persons who are no officials: surname, and whether it is said to be of one in need."""
    for match in SURNAME.finditer(sentence):
        left = sentence[max(match.start() - LEFT_WIDTH, 0) : match.start()]
        if not LEFT.search(left[-2:]) or AFTER_OFFICIAL.search(left):
            continue
        end = _name_end(sentence, match[0], match.end())
        if end and not BEFORE_OFFICIAL.match(sentence, end):
            hidden = sentence[match.end()] == "某"
            beside = BESIDE.search(left) or NEEDY.match(sentence, end) or DOSSIER.match(sentence, end)
            yield match[0], bool(beside) and not hidden
    for match in TWO_PARTS.finditer(sentence) if "·" in sentence else ():
        if not BEFORE_OFFICIAL.match(sentence, match.end()):
            around = sentence[max(match.start() - LEFT_WIDTH, 0) : match.end() + LEFT_WIDTH]
            yield match[0][0], bool(re.search(ROLE, around))


def _name_end(sentence: str, surname: str, start: int) -> int:
    """Where a name ends whose surname ends at a place; 0 when it is none."""
    if called := CALLED.match(sentence, start):
        return called.end()
    if (apart := APART.match(sentence, start)) and STOP.match(sentence, apart.end()):
        return apart.end() if _is_given(surname, apart[1]) else 0
    for length in (2, 1):
        end, given = start + length, sentence[start : start + length]
        follow = STOP if surname in LOOSE and not (length > 1 and GIVEN.issuperset(given)) else FOLLOW
        if end <= len(sentence) and _is_given(surname, given) and follow.match(sentence, end):
            return end
    return 0


def is_name(word: str) -> bool:
    """Whether a whole word is a name, as far as one can see."""
    surname = SURNAME.match(word)
    if surname is None:
        return bool(TWO_PARTS.fullmatch(word))
    given = word[surname.end() :].strip()
    return len(given) in {1, 2} and _is_given(surname[0], given)


def _is_given(surname: str, given: str) -> bool:
    """Whether characters may be a given name after a surname."""
    if given[0] == "某":
        return given in {"某", "某某"}
    if NEVER.intersection(given) or not HAN.fullmatch(given):
        return False
    if given[0] == "家" and PLACES.issuperset(given[1:]):
        return False
    return given[0] not in WORDS.get(surname, ()) or (len(given) > 1 and GIVEN.issuperset(given))
