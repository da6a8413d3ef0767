"""Names in Chinese, Japanese and Korean texts: by family name, honorific and context.

These scripts have no capital letters, and the classifier hardly knows their characters. A name
begins with a family name; a rarer one is recognized only after an introduction.
"""

import re
from collections.abc import Iterator

from shared.scenarios.redaction.names.family_names import (
    CHINESE,
    CHINESE_COMMON,
    CHINESE_COMPOUND,
    CHINESE_GIVEN,
    JAPANESE,
    KOREAN,
    KOREAN_GIVEN,
)
from shared.scenarios.text import any_of, word_set

HONORIFIC = "(?:女士|先生|小姐|太太|夫人|老师|様|さま|さん|氏|くん|ちゃん|씨|님| ?고객님| 선생님)"
_HAN = "[\u3400-\u9fff々]"
_KANA = "[\u3040-\u30ff]"
_HANGUL = "[\uac00-\ud7a3]"
_ANY = re.compile(f"{_HAN}|{_HANGUL}")
_LATIN = re.compile(r"[A-Za-z]{3}")
#: Characters that do not belong to a given name: verbs and particles that follow a name.
_NOT_GIVEN = (
    "下的是在来已说想要和与给帮替买订付打用有不也就会去把被拿收同跟对向了吗呢吧都还我你您他她它这那"
)
_CHINESE = rf"(?:{any_of(*CHINESE_COMPOUND)}|{_HAN})(?:(?![{_NOT_GIVEN}]){_HAN}){{1,2}}?"
_END_ZH = rf"(?=[{_NOT_GIVEN}家处取收领代签]|[^\u3400-\u9fff]|{HONORIFIC}|$)"
_RELATIVE_ZH = (
    "(?:妻子|丈夫|老公|老婆|太太|妈妈|母亲|爸爸|父亲|儿子|女儿|朋友|同事|哥哥|姐姐|弟弟|妹妹|邻居)"
)
#: Chinese names after an introduction, whatever the family name, and in a signature.
_INTRODUCED_ZH = re.compile(
    rf"(?:[我她他]叫|叫做|(?:(?:名字|姓名)(?:是|叫|：|: ?)?)"
    rf"|(?:联系人|收件人|乘客|客户|患者)(?:是|：|: ?)?"
    rf"|{_RELATIVE_ZH}(?:叫|是)?)(?P<name>{_CHINESE}){_END_ZH}"
)
_KNOWN_ZH = re.compile(
    r"(?:我是|谢谢[您你]?[,，。!！ ]{1,2}|祝好[,，。\s]{1,2}|此致[^\n]{0,6}\n|敬上[,，\s]|本人|联系"
    r"|送给|转交|转给|交给|寄给|抄送|致电|通知|告知|代收|来自|发给|属于|名下|由|给|替|帮|请|\n(?![谢感祝此敬])|[:：])"
    rf"(?P<name>{_CHINESE}){_END_ZH}|(?P<titled>{_CHINESE}){HONORIFIC}"
)
#: Chinese names of common characters, wherever they are: three, or two after some words.
_COMMON_ZH = re.compile(
    rf"(?P<name>[{''.join(sorted(CHINESE_COMMON))}][{''.join(sorted(CHINESE_GIVEN))}]{{2}})"
    r"|(?:和|跟|与|到|是|给|被|经理|老板|主管|上司|老师|医生|司机|客服)"
    rf"(?P<two>[{''.join(sorted(CHINESE_COMMON))}][{''.join(sorted(CHINESE_GIVEN))}])"
    rf"(?=[已谈说那打签{_NOT_GIVEN}]|[^\u3400-\u9fff]|$)"
)
#: Chinese names after a role, or a word before persons: any family name, common given names.
_ROLE_ZH = re.compile(
    rf"(?:[员师人主户机生理方事属妈爸姐哥弟妹夫妻友]|房东|管家|老板|叫|与|把|让|找|和|跟|给|由|请)"
    rf"(?P<name>(?:{any_of(*CHINESE_COMPOUND)}|[{''.join(sorted(CHINESE))}])"
    rf"[{''.join(sorted(CHINESE_GIVEN))}]{{1,2}})(?=[加没已回电致报投申{_NOT_GIVEN}]|[^\u3400-\u9fff]|$)"
)
_SURNAMES_JA = any_of(
    *sorted((name for name in JAPANESE if len(name) > 1), key=len, reverse=True),
    *sorted(rf"{name}(?=[ \u3000]?{_HAN}{{2}})" for name in JAPANESE if len(name) == 1),
)
#: Japanese names: a common family name and one to three characters.
_KNOWN_JA = re.compile(
    rf"(?<!{_HAN})(?P<name>(?:{_SURNAMES_JA})[ \u3000]?(?:{_HAN}{{1,3}}|{_KANA}{{2,4}}"
    rf"(?=様|さん|です|と申)|{_KANA}{{2,3}}{_HAN}))(?={HONORIFIC}|(?!{_HAN}))"
    rf"|(?P<titled>(?:{_SURNAMES_JA}){_HAN}{{1,3}}){HONORIFIC}"
)
_INTRODUCED_JA = re.compile(
    rf"(?:名前は|氏名は|氏名：|名前：)(?P<name>{_HAN}{{2,5}})(?=です|と申|、|。|\s|$)"
    rf"|(?<!{_HAN})(?P<called>{_HAN}{{2,5}})(?=と申します|と言います|といいます)"
)
#: Ends of the names of places and companies.
_PLACE_JA = re.compile(
    r"[県市区町村駅店社屋港部課会館院園校行線城寺店街路座場]$|電機|商店|銀行|商品|番号"
)
_KOREAN = rf"(?:{any_of(*sorted(KOREAN, key=len, reverse=True))}){_HANGUL}{{2}}"
_GIVEN_KO = f"[{''.join(sorted(KOREAN_GIVEN))}]"
#: The second syllable of a given name is none of those that end nouns.
_COMMON_KO = (
    rf"(?:{any_of(*sorted(KOREAN, key=len, reverse=True))})"
    rf"{_GIVEN_KO}(?![권기도의상중회응필천학문복두범]){_GIVEN_KO}"
)
#: Korean names after an introduction, or before a title.
_INTRODUCED_KO = re.compile(
    rf"(?:(?:제 이름은|이름은|이름:|성함은|성함이)\s?)(?P<name>{_KOREAN})(?!{_HANGUL}{{4}})"
    rf"|(?<!{_HANGUL})(?P<titled>{_KOREAN})(?: ?(?:씨|님|고객님|이라고|라고|드림|올림|배상))"
)
#: Korean names of common syllables, with the particles and endings that follow a person.
_KNOWN_KO = re.compile(
    rf"(?<!{_HANGUL})(?P<name>{_COMMON_KO})(?:이?(?:라고|라는)|입니다|이?에요|예요|이?요|인데요?|이신데"
    rf"|이고|이|가|은|는|을|를|와|과|에게|한테|으로|로|의|도|께서?|님|씨)?(?!{_HANGUL})"
)
#: A run between other scripts: a note in English, or a message of a name only.
_RUN = re.compile(
    rf"(?:{_HAN}{{2,5}}|{_HANGUL}{{2,4}})(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3])"
)
_COMMON = word_set(
    """
    谢谢 马上 高兴 方便 周末 成功 于是 何时 任何 黄色 白色 红色 蓝色 安全 应该 解决 包裹 钱包 金额
    常见 连接 时间 万分 万一 方法 高级 昨天 今天 明天 那么 相关 全部 全新 平时 平台 能否 越来越
    都可以 通知 强烈 和平 国内 国际 文件 广告 空间 简单 后来 关于 查询 权利 经常 项目 计划 程序 温度
    东西 利用 师傅 家人 家里 花费 水果 单号 管理 经理 通过 通常 东京 北京 上海 林檎 森林 原因 関係
    東京 東北 付款 代码 公司 公里 山东 石路 正常 平安 人生 安心 安康 文明 明天 明星 国庆 金星 黄金
    红花 花生 天天 光明 武林 学生
    """
)
#: Korean nouns that begin like a name, and the syllables that make three of two.
_NOUNS_KO = word_set(
    """
    명세서 정기권 정수기 고지서 이미지 명의자 안정성 하수도 상도 수수료 주의보 유의하 전화기 전기요
    주소지 고유명 선수금 한자리 방수성 이용 진료 신용 정기 전화 주문 문의 주소 안내 하나 이유 지원
    유지 정보 정상 도시 문화 명의 방문 오전 오후 하루 우리 나중 이상 이하 전자 고민 공기 조회 차이
    이전 이후 안전 변경 연기 연동 정산 정지 인상 인하 진행 연결 추천 성인 남자 여자 현재 현금
    기록 기한 최소 최근 한정 선물 고정 주의 유의 위의 심의 인증 임의 지연 지도 구성 반영
    """
)
_PARTICLES_KO = "은도의해자이인일"
_TITLED = re.compile(HONORIFIC + "$")


def find_unspaced_names(text: str, *, answer: bool = False) -> Iterator[tuple[int, int]]:
    """Find the names in a text, as pairs of start and end.

    ``answer`` is true for a message that answers the question for a name.
    """
    if not _ANY.search(text):
        return
    japanese = re.search(_KANA, text) is not None
    patterns = [_INTRODUCED_KO, _KNOWN_KO]
    patterns += (
        [_KNOWN_JA, _INTRODUCED_JA]
        if japanese
        else [_INTRODUCED_ZH, _KNOWN_ZH, _COMMON_ZH, _ROLE_ZH]
    )
    for pattern in patterns:
        for found in pattern.finditer(text):
            start, end = found.span(found.lastgroup or 0)
            if title := _TITLED.search(text, start, end):
                end = title.start()
            introduced = pattern in (_INTRODUCED_ZH, _INTRODUCED_JA)
            if _is_name(text[start:end], known=not introduced):
                yield start, end
    bare = answer or _LATIN.search(text) is not None
    for run in _RUN.finditer(text) if bare else ():
        before = text[max(0, run.start() - 1) : run.start()]
        alone = not before or (not _ANY.match(before) and not re.match(_KANA, before))
        whole = answer and len(text.strip(" .。!！")) == len(run[0])
        if alone and _is_name(run[0], known=not whole):
            yield run.span()


def split_name(name: str) -> list[str]:
    """Return the family and the given name of a name without spaces; else the name alone."""
    for length in (3, 2, 1):
        family, given = name[:length], name[length:]
        if given and family in JAPANESE | CHINESE | CHINESE_COMPOUND | KOREAN:
            return [family, given]
    return [name]


def _is_name(name: str, *, known: bool) -> bool:
    plain = re.sub(HONORIFIC + "$", "", name)
    if len(plain) < 2 or plain in _COMMON or plain[:2] in _COMMON or _PLACE_JA.search(plain):
        return False
    if plain in _NOUNS_KO or (plain[:2] in _NOUNS_KO and plain[2:] in _PARTICLES_KO):
        return False
    return not known or len(split_name(plain)) == 2
