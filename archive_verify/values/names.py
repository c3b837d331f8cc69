"""Names of persons and employers: their normal form, and when two of them are the same."""

from __future__ import annotations

import re

from archive_verify.model import Agreement
from archive_verify.values.drawn import drawn_alike
from archive_verify.values.found import Found, plain

# Characters that OCR takes for one another. Kept small: a wrong pair would let one person pass for
# another, a lacking one only sends a page to a person.
_LOOK_ALIKES = (
    "未末", "土士", "己已巳", "日曰目", "干千于", "人入", "大太犬", "王玉壬", "田由甲申", "史吏", "今令",
    "天夭", "午牛", "贝见", "力刀", "问间", "侯候", "晴睛", "治冶", "扬杨", "栋拣", "微徽", "亮高", "洁浩",
    "玲珍", "娟涓", "峰锋烽", "明朋", "凤风", "宇字", "文丈", "平乎", "桂挂", "李季", "吴昊", "芳芬",
    "梅悔", "巧15", "兰三", "丽雨", "辛幸", "祁祈", "折析", "林材", "木本", "东车", "白自", "牛午生",
    "斌赋", "燕蒸", "瑞端", "伟伍", "建健", "俊峻", "志忘", "永水", "冰水", "少小", "武式", "刚钢", "艳艶",
    "惠慧", "萍苹", "静靜", "晓哓", "红江", "苗茁", "贾贯", "陈阵", "付什", "郭享", "任仼", "叶叫", "雷霄",
    "霞露", "丹月", "勇男", "彦产彥", "县具", "成咸", "茂茏", "翠萃", "秀季", "英莫", "荣菜", "莲连", "银根", "候侯",
    "敏毓每", "虎席", "靳新",
)
_PAIRS = frozenset((a, b) for group in _LOOK_ALIKES for a in group for b in group if a != b)

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦"
    "昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹"
    "姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐"
    "邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁"
    "荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武"
    "符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉"
    "宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘"
    "匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺"
    "权逯盖益桓公岳帅缑亢况郈有琴归海墨哈谯笪年爱阳佟言福闫肖付覃仝原代兰苑降锁亓撖樑种郇冀穰褟楚苟晋代邸"
    "郄行闪解成药畅逯隰渠贠员麦候"
)
_DOUBLE_SURNAMES = (
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "夏侯", "长孙", "宇文",
    "司徒", "独孤", "端木", "百里", "呼延", "南宫",
)
_NOT_A_NAME = re.compile(
    r"合计|小计|总计|共计|累计|本页|制表|审核|复核|审批|负责|经理|会计|出纳|财务|主管|姓名|序号|编号|备注|签字|签名|"
    r"盖章|单位|部门|日期|时间|年月|电话|号码|身份|性别|地址|工资|考勤|出勤|人数|说明|符号|公司|学校|合同|证明|"
    r"领款|签收|签领|甲方|乙方|本人|法定|代表|经办|以下空白|空白|无误|属实|民族|汉族|男女|学员|培训|岗位|职务|职业|经营|使用|项目|[应实][发付领]|扣款|扣除"
)


def person_name(text: str) -> Found[str] | None:
    """A cell or blank that holds one person's name and nothing else but serial number and spaces.

    "张 三", "1张三", "阿卜杜拉·买买提" are names; 合计, labels and sentences are not.
    """
    folded = plain(text)
    match = re.fullmatch(
        r"[\s\d.,:;_()\-|*'\"√✓/、]*(?P<name>[㐀-鿿](?:[\s]*[·•・‧∙⋅.]?[\s]*[㐀-鿿])*)"
        r"\s*(?:\((?:签字|签名|签章|盖章|章|男|女|手印|本人签字|身份证)\))?[\s.,:;_()\-|*'\"√✓/]*",
        folded,
    )
    if not match:
        return None
    name = re.sub(r"\s", "", match["name"])
    name = re.sub("[•・‧∙⋅.]", "·", name)
    letters = name.replace("·", "")
    if _NOT_A_NAME.search(letters):
        return None
    if len(letters) < 2 or len(letters) > (15 if "·" in name else 4):
        return None
    return Found(name, match.start("name"), match.end("name"), False)


def has_surname(name: str) -> bool:
    """Whether a name begins with a surname of the usual lists."""
    return name[:1] in SURNAMES or name.startswith(_DOUBLE_SURNAMES)


def looks_like(a: str, b: str) -> bool:
    """Whether two different characters are commonly misread for one another."""
    return (a, b) in _PAIRS


def same_but_look_alikes(a: str, b: str) -> bool:
    """Whether two texts of one length differ, if at all, only in look-alike characters."""
    return len(a) == len(b) and all(x == y or looks_like(x, y) for x, y in zip(a, b, strict=True))


def look_alike_distance(a: str, b: str) -> float:
    """Edit distance in which a look-alike costs 0.5 and any other change 1."""
    previous = [float(column) for column in range(len(b) + 1)]
    for row, x in enumerate(a, 1):
        current = [float(row)]
        for column, y in enumerate(b, 1):
            change = 0.0 if x == y else 0.5 if looks_like(x, y) else 1.0
            current.append(min(previous[column] + 1, current[-1] + 1, previous[column - 1] + change))
        previous = current
    return previous[-1]


# of the bureau's own region, which unit names give without 县 or 市
_COUNTIES = "文水|汾阳|孝义|交城|离石|交口|柳林|临县|方山|岚县|兴县"
_PROVINCES = (          # and the cities above those counties
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州"
    "|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|吕梁|太原|晋中"
    f"|{_COUNTIES}"
)
_PLACE = re.compile(
    rf"(?:(?:{_PROVINCES})(?:省|市|县|区|自治区)?|[㐀-鿿]{{2,3}}?(?:省|市|县|区)"
    # a town or village; 农村, 古镇 and their like are no places
    r"|[㐀-鿿]{2,3}?(?:(?<!古)镇|(?<![城下老家])乡|街道|(?<![农乡新山])村))+"
)
# One county is never named as a part of another: 汾阳市 before 文水德信酒店 makes it another unit.
_COUNTY_LAST = re.compile(rf"(?:(?:{_COUNTIES})市?|[县区])$")
_COUNTY_FIRST = re.compile(rf"(?:{_COUNTIES})(?!镇|乡|街|路)")
_TAIL = re.compile(r"\((?:盖章|公章|签章|章|单位盖章|单位公章|用人单位|单位|以下简称.*)\)$")
UNIT_WORDS = re.compile(
    r"公司|厂|店|中心|合作社|工作室|学校|学院|医院|诊所|幼儿园|饭店|酒店|餐厅|餐馆|超市|商行|门市|经营部|服务部|商店"
    r"|事务所|协会|工程队|养殖场|农场|加工部|美容|理发|面馆|小吃|宾馆|站|坊|铺|行|社|部|局|院|村民委员会|居民委员会"
    r"|村委会|居委会|社区|集团|馆|堂|园|所|屋|房|吧|城|场"
)
# What the names of units end with, the longest first: of these a misread character is mended.
_GENERIC = (
    "股份有限公司", "有限责任公司", "专业合作社", "有限公司", "分公司", "合作社", "经营部", "服务部", "加工厂",
    "工作室",
)

# behind the name of a company 少公司 is a branch whose 分 was written by hand
_BRANCH = re.compile(r"(公司[㐀-鿿]{2,8})[少兮介今夕份]公司$")


def employer_key(text: str) -> str:
    """A unit's name with brackets, spaces, full-width forms and a trailing (盖章) taken off, and with
    the generic words at its end as they are written: 股份有限公司, not 服份有限公司."""
    name = "".join(plain(text).split())
    name = name.translate(str.maketrans("【】〔〕[]{}〈〉", "()()()()()"))
    while _TAIL.search(name):
        name = _TAIL.sub("", name)
    name = name.strip(".,:;_-~*'\"●•■□◆◇★☆▲△※")
    # a common misreading of 文水县, and no county
    name = re.sub(rf"^((?:{_PROVINCES}|省|市)*(?:{_PROVINCES}))具(?!体|有)", r"\1县", name)
    return _mended_end(re.sub(r"[()\"'“”‘’·]", "", name).upper())


def _mended_end(name: str) -> str:
    """The name with one character in the generic word at its end, misread or read twice, put right."""
    name = _BRANCH.sub(r"\1分公司", name)
    for word in _GENERIC:
        # a letter read twice: 服务务部; the first may end the proper name
        doubled = (word[:at] + word[at] + word[at:] for at in range(1, len(word)))
        name = next((name[: -len(one)] + word for one in doubled if name.endswith(one)), name)
        end = name[-len(word) :]
        other = [(x, y) for x, y in zip(end, word, strict=False) if x != y]
        # a proper name stands before it; what does not look like the word belongs to that name
        if len(name) > len(word) + 1 and len(other) <= 1 and all(drawn_alike(x, y) for x, y in other):
            return name[: -len(word)] + word
    return name


def compare_employers(a: str, b: str) -> Agreement:
    """Whether two names stand for one unit.

    "yes": equal but for brackets, spaces, full-width forms or an omitted place prefix, other than a county before
    another. "unsure": they differ in look-alike characters only, or one is a short form or a branch of the other.
    "no": else.
    """
    first, second = sorted((employer_key(a), employer_key(b)), key=len, reverse=True)
    if not second:
        return "absent"
    if first == second:
        return "yes"
    if first.endswith(second) and _PLACE.fullmatch(first[: -len(second)]):
        return "no" if _COUNTY_LAST.search(first[: -len(second)]) and _COUNTY_FIRST.match(second) else "yes"
    pairs = [(first, second)]
    if _without_place(second) == second:
        pairs.append((_without_place(first), second))
    elif _without_place(first) == first:
        pairs.append((first, _without_place(second)))
    for longer, shorter in pairs:
        if same_but_look_alikes(longer, shorter) or (len(shorter) >= 4 and longer.startswith(shorter)):
            return "unsure"
    return "no"


def _without_place(key: str) -> str:
    match = _PLACE.match(key)
    # a name that is all place keeps it
    return key[match.end() :] if match and match.end() <= len(key) - 3 else key
