"""What a search for a value in text gives back."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value found at `start`..`end` of the text searched.

    `repaired` tells that a look-alike (O for 0, l for 1, 曰 for 日 ...) had to be taken for what it
    must be: the value is plausible, but the reading deserves less trust.
    """

    value: T
    start: int
    end: int
    repaired: bool = False


_SAME = {
    "〇": "〇", "○": "〇", "◯": "〇", "—": "-", "–": "-", "－": "-", "―": "-", "−": "-", "─": "-",
    "～": "~", "〜": "~", "∼": "~", "。": ".", "．": ".", "，": ",", "、": ",", "￥": "¥", "／": "/",
}

# The recogniser writes hand-drawn simplified characters now and then in their traditional form.
_SIMPLIFIED = dict(zip(
    "紅國廚號華東陳張劉楊趙吳孫馬馮韓許鄧蕭葉鄭謝龍麗蘭鳳雲蓮潔靜鳴偉傑軍強剛輝運連進達遠選蘇萬寶貴賢賓贊"
    "賀趕銀鋒鋼錦鎮鐵長門開關閻陽陸隊際隨雙電項順預頭顏願風飛飯館駿騰驗魯鳥鵬鶴黃齊齡書會業樂樹橋機權歡歲"
    "歷殘汙決淚淵湯溫滿漢澤濟瀟燈營爾獻環瓊畫異當發盧監盤碩禮種穎積窮競節範簡紀約純紙級細終組結給統絲經維"
    "綠網綱練縣總績織繼續羅義習聖聞聯聰職肅腳膚興舉艷芻莊葦蔣薩藝藥處術衛裝補製複見規視親覺記訓設訴診評詩"
    "話該誠語說課調請論諾講證識議護讓財貨貿費資質賬購賽趨車轉輪輸農邊郵鄉醫釋針鈴銷錄鍵鐘閱陝陰險離難靈韻"
    "響養餘體麥點紉彥題檔備頁數標責單簽類稱額應實時員務動勞費據碼計師條圖區縣場圍關採購賣產億無歸織"
    "參學冊個專來價創劃協變執壓審導屆層帳幣廠廣戶擬擔斷檢測獎畢稅籌與舊虛覽託試認談負貼賃輔辦遲還鑒鑑間適",
    "红国厨号华东陈张刘杨赵吴孙马冯韩许邓萧叶郑谢龙丽兰凤云莲洁静鸣伟杰军强刚辉运连进达远选苏万宝贵贤宾赞"
    "贺赶银锋钢锦镇铁长门开关阎阳陆队际随双电项顺预头颜愿风飞饭馆骏腾验鲁鸟鹏鹤黄齐龄书会业乐树桥机权欢岁"
    "历残污决泪渊汤温满汉泽济潇灯营尔献环琼画异当发卢监盘硕礼种颖积穷竞节范简纪约纯纸级细终组结给统丝经维"
    "绿网纲练县总绩织继续罗义习圣闻联聪职肃脚肤兴举艳刍庄苇蒋萨艺药处术卫装补制复见规视亲觉记训设诉诊评诗"
    "话该诚语说课调请论诺讲证识议护让财货贸费资质账购赛趋车转轮输农边邮乡医释针铃销录键钟阅陕阴险离难灵韵"
    "响养余体麦点纫彦题档备页数标责单签类称额应实时员务动劳费据码计师条图区县场围关采购卖产亿无归织"
    "参学册个专来价创划协变执压审导届层帐币厂广户拟担断检测奖毕税筹与旧虚览托试认谈负贴赁辅办迟还鉴鉴间适",
    strict=True,
))


def simplified(text: str) -> str:
    """The text with traditional characters in their simplified form."""
    return "".join(_SIMPLIFIED.get(char, char) for char in text)


class _Folds(dict[int, str]):
    """What each character becomes, worked out once."""

    def __missing__(self, code: int) -> str:
        char = _SIMPLIFIED.get(chr(code), chr(code))
        folded = _SAME.get(char) or unicodedata.normalize("NFKC", char)
        self[code] = folded if len(folded) == 1 else char
        return self[code]


_FOLDS = _Folds()


def plain(text: str) -> str:
    """Full-width forms, dashes, dots and traditional characters in one form each; the length never changes."""
    return text.translate(_FOLDS)


def squeezed(text: str) -> str:
    """`plain` text without any white space."""
    return "".join(plain(text).split())


def places_apart(text: str, other: str) -> tuple[int, ...]:
    """Where two texts of one length differ; nowhere for texts of unlike lengths."""
    if len(text) != len(other):
        return ()
    return tuple(at for at, (one, two) in enumerate(zip(text, other, strict=True)) if one != two)


def omitted(part: str, whole: str) -> int:
    """How many characters of `whole` were left out of `part`; 0 where it is all of it, or says anything else."""
    rest = iter(whole)
    return len(whole) - len(part) if all(character in rest for character in part) else 0
