"""Values read from text."""

from datetime import date
from decimal import Decimal

import pytest

from archive_verify.values import (
    Period,
    add_months,
    capitals,
    cell_money,
    code_is_valid,
    code_repairs,
    compare_employers,
    drawn_alike,
    find_bare_month,
    find_code,
    find_codes,
    find_date,
    find_dates,
    find_id,
    find_ids,
    find_money,
    find_money_range,
    find_month,
    find_months,
    find_period,
    find_phone,
    find_phones,
    find_term,
    full_months,
    id_is_valid,
    id_repairs,
    id_sex,
    lasts,
    look_alike_distance,
    normal_id,
    omitted,
    person_name,
    plain,
)

FIRST = date(2023, 9, 1)


@pytest.mark.parametrize("text", [
    "2023年9月1日", "2023 年 9 月 1 日", "2023年09月01日", "二〇二三年九月一日", "二○二三年九月一日",
    "二零二三年九月一日", "贰零贰叁年玖月壹日", "2023.9.1", "2023．9．1", "2023-09-01", "2023/9/1",
    "20230901", "２０２３年９月１日", "签订日期：2023年9月1日", "自2023年9月1日起", "2023年9月1号",
    "2023年九月一日", "2023、9、1", "23年9月1日", "2023. 9. 1",
])
def test_a_date_is_read_in_every_usual_spelling(text: str) -> None:
    found = find_date(text)
    assert found is not None
    assert found.value == FIRST
    assert not found.repaired


@pytest.mark.parametrize("text", ["2O23年9月1日", "2023年9月l日", "2023年9月1曰", "2023年9月1目", "2023年9月|日"])
def test_a_date_with_look_alikes_is_read_and_marked_repaired(text: str) -> None:
    found = find_date(text)
    assert found is not None
    assert (found.value, found.repaired) == (FIRST, True)


@pytest.mark.parametrize("text", [
    "2023年13月1日", "2023年2月30日", "年 月 日", "____年__月__日", "141121198503120035", "13800138000",
    "2023年9月", "第2023号", "二〇二三年十 月二日", "二〇二三年九月十 日", "第二二三条",
])
def test_what_is_no_day_of_the_calendar_is_no_date(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize(("text", "day"), [
    ("二〇二三年十二月三十一日", date(2023, 12, 31)), ("二〇二四年十月廿一日", date(2024, 10, 21)),
    ("2023年l0月20日", date(2023, 10, 20)), ("2023年元月5日", date(2023, 1, 5)),
    ("二 二三年十一月六日", date(2023, 11, 6)), ("二二四年三月一日", date(2024, 3, 1)),
    ("二 〇 二 三 年 十 月 二 日", date(2023, 10, 2)),
    ("二〇二四年二月二十九日", date(2024, 2, 29)), ("2023年1 1月1 0日", date(2023, 11, 10)),
])
def test_chinese_and_slipped_numbers_in_dates_are_read(text: str, day: date) -> None:
    found = find_date(text)
    assert found is not None
    assert found.value == day


def test_several_dates_come_from_left_to_right() -> None:
    text = "2023.9.1-2024.8.31，签订于2023年8月30日"
    assert [one.value for one in find_dates(text)] == [FIRST, date(2024, 8, 31), date(2023, 8, 30)]


@pytest.mark.parametrize("text", [
    "2023年9月份工资表", "2023年 9 月", "2023.9", "2023-09", "2023/09", "202309", "二〇二三年九月",
    "2023年度9月工资", "2023年9月1日至9月30日", "2023年9月",
])
def test_a_month_is_read_with_its_year(text: str) -> None:
    found = find_month(text)
    assert found is not None
    assert found.value == "2023-09"


def test_a_month_without_a_year_is_only_a_number() -> None:
    assert find_month("9月份工资表") is None
    bare = find_bare_month("9月份工资表")
    assert bare is not None
    assert bare.value == 9
    assert [one.value for one in find_months("2023年9月、2024年2月")] == ["2023-09", "2024-02"]


@pytest.mark.parametrize(("text", "period"), [
    ("自2023年9月1日起至2024年8月31日止", Period(FIRST, date(2024, 8, 31))),
    ("从 2023 年 9 月 1 日 起 至 2024 年 8 月 31 日 止", Period(FIRST, date(2024, 8, 31))),
    ("2023.9.1-2024.8.31", Period(FIRST, date(2024, 8, 31))),
    ("2023-09-01至2024-08-31", Period(FIRST, date(2024, 8, 31))),
    ("2023年9月1日—9月30日", Period(FIRST, date(2023, 9, 30))),
    ("2023年9月1日到30日", Period(FIRST, date(2023, 9, 30))),
    ("2023年9月至2024年2月", Period(FIRST, date(2024, 2, 29), True)),
    ("2023年9月至今", Period(FIRST, None, True)),
    ("自2023年9月起在我单位", Period(FIRST, None, True)),
    ("2023年9月1日起，至2024年8月31日止", Period(FIRST, date(2024, 8, 31))),
    ("2023年12月1日至2月28日", Period(date(2023, 12, 1), date(2024, 2, 28))),
])
def test_a_period_is_read(text: str, period: Period) -> None:
    found = find_period(text)
    assert found is not None
    assert found.value == period


def test_a_lone_date_is_no_period() -> None:
    assert find_period("签订日期：2023年9月1日") is None


@pytest.mark.parametrize(("text", "amount"), [
    ("3,200.00元", "3200"), ("￥3200", "3200"), ("¥3,200.00", "3200"), ("月工资3200元", "3200"),
    ("叁仟贰佰元整", "3200"), ("叁仟贰伯园整", "3200"), ("参千二百元正", "3200"), ("约3000元/月", "3000"),
    ("3.2千元", "3200"), ("0.32万元", "3200"), ("2800-3200元", "2800"), ("3.200.00元", "3200"),
    ("3，200元", "3200"), ("人民币壹万零伍拾元整", "10050"), ("叁仟贰佰元伍角", "3200.5"), ("32OO元", "3200"),
    ("3200.50元", "3200.50"), ("月固定工资RMB3,200.00元（税前）", "3200"), ("CNY 3200", "3200"),
])
def test_money_is_read_in_every_usual_spelling(text: str, amount: str) -> None:
    found = find_money(text)
    assert found is not None
    assert found.value == Decimal(amount)


def test_an_amount_does_not_begin_in_the_middle_of_another() -> None:
    assert find_money("X3,300.00元") is None


def test_a_number_that_does_not_say_it_is_money_is_none() -> None:
    assert find_money("第3200号，出勤26天") is None
    assert find_money("月工资____元") is None


def test_a_range_of_money_keeps_both_ends() -> None:
    found = find_money_range("每月工资2800—3200元")
    assert found is not None
    assert found.value == (Decimal(2800), Decimal(3200))


@pytest.mark.parametrize(("text", "amount"), [
    ("3200", "3200"), ("3,200.00", "3200"), (" 3200.5 ", "3200.5"), ("￥2,980", "2980"), ("3,2OO", "3200"),
])
def test_a_cell_of_a_table_needs_no_unit(text: str, amount: str) -> None:
    found = cell_money(text)
    assert found is not None
    assert found.value == Decimal(amount)


@pytest.mark.parametrize("text", ["", "-", "/", "张三", "——"])
def test_a_cell_without_an_amount_holds_none(text: str) -> None:
    assert cell_money(text) is None


def test_capitals_without_an_amount_are_none() -> None:
    assert capitals("元整") is None


VALID = "141121198503120035"


@pytest.mark.parametrize("text", [
    VALID, "身份证号：141121198503120035", "１４１１２１１９８５０３１２００３５",
    "1 4 1 1 2 1 1 9 8 5 0 3 1 2 0 0 3 5",
    "141121 19850312 0035", "（141121198503120035）",
])
def test_an_id_number_is_read_through_spaces_and_wide_digits(text: str) -> None:
    found = find_id(text)
    assert found is not None
    assert (found.value, found.repaired) == (VALID, False)


def test_letters_in_an_id_number_become_digits_and_say_so() -> None:
    found = find_id("14ll2ll98503l2OO35")
    assert found is not None
    assert (found.value, found.repaired) == (VALID, True)


@pytest.mark.parametrize("x", ["x", "X", "×", "Ｘ"])
def test_every_x_is_the_same_check_character(x: str) -> None:
    found = find_id(f"14112119850312001{x}")
    assert found is not None
    assert (found.value, found.repaired) == ("14112119850312001X", False)
    assert normal_id(f" 14112119850312001{x}") == "14112119850312001X"


def test_the_checksum_tells_a_right_number_from_a_changed_one() -> None:
    assert id_is_valid(VALID)
    assert id_is_valid("142322198503124325")
    assert not id_is_valid("141121198503120036")
    assert not id_is_valid("141121198513120035")
    assert (id_sex(VALID), id_sex("142322198503124325")) == ("男", "女")


def test_a_wrong_number_is_kept_and_repairs_are_only_offered() -> None:
    wrong = "141121198503120085"
    found = find_id(wrong)
    assert found is not None
    assert found.value == wrong
    assert VALID in id_repairs(wrong)
    assert VALID not in id_repairs(VALID)


def test_a_run_of_other_length_is_no_id_number() -> None:
    assert find_ids("14112119850312003") == ()
    assert find_ids("6217001412345678901234") == ()


@pytest.mark.parametrize("code", [
    "91110108551385082Q", "92141121MA0GT5E4XX", "N2141121MF1234567E", "91141121MA0K000200",
])
def test_right_credit_codes_pass(code: str) -> None:
    assert code_is_valid(code)
    found = find_code(f"统一社会信用代码：{code}")
    assert found is not None
    assert found.value == code
    assert not code_is_valid(code[:-1] + ("A" if code[-1] != "A" else "B"))


def test_letters_no_credit_code_has_are_taken_for_look_alikes() -> None:
    found = find_code("92141121MAOGT5E4XX")
    assert found is not None
    assert (found.value, found.repaired) == ("92141121MA0GT5E4XX", True)


def test_an_id_number_is_no_credit_code_and_repairs_of_a_code_are_offered() -> None:
    assert find_codes(VALID) == ()
    assert "92141121MA0GT5E4XX" in code_repairs("92141121MAQGT5E4XX")


@pytest.mark.parametrize(("text", "phone"), [
    ("联系电话：13834567890", "13834567890"), ("138-3456-7890", "13834567890"), ("138 3456 7890", "13834567890"),
    ("0358-3022345", "0358-3022345"), ("(0358)3022345", "0358-3022345"), ("1383456789O", "13834567890"),
])
def test_phones_are_read(text: str, phone: str) -> None:
    found = find_phone(text)
    assert found is not None
    assert found.value == phone


def test_no_phone_is_found_inside_an_id_number() -> None:
    assert find_phones(VALID) == ()
    assert find_phones("142322198503124325") == ()
    assert find_phone("3022345") is None
    local = find_phone("3022345", labelled=True)
    assert local is not None
    assert local.value == "3022345"


@pytest.mark.parametrize(("text", "term"), [
    ("壹年", 12), ("12个月", 12), ("一年", 12), ("半年", 6), ("六个月", 6), ("3年", 36), ("一年半", 18),
    ("十二个月", 12), ("无固定期限", "open"), ("以完成一定工作任务为期限", "task"), ("两年", 24), ("壹 年", 12),
    ("合同期限为 6 个月", 6),
])
def test_a_term_is_read(text: str, term: object) -> None:
    found = find_term(text)
    assert found is not None
    assert found.value == term


@pytest.mark.parametrize("text", ["2023年9月1日", "9月", "____年", "期限"])
def test_a_date_is_no_term(text: str) -> None:
    assert find_term(text) is None


@pytest.mark.parametrize("text", ["捌二十年", "二拾一三个月", "一二三拾年", "十十个月"])
def test_figures_that_make_no_number_are_no_term(text: str) -> None:
    assert find_term(text) is None


@pytest.mark.parametrize(("start", "end", "enough", "months"), [
    (FIRST, date(2024, 2, 29), True, 6), (FIRST, date(2024, 2, 28), False, 5),
    (date(2023, 8, 31), date(2024, 2, 28), True, 6), (date(2023, 9, 15), date(2024, 3, 14), True, 6),
    (date(2023, 9, 15), date(2024, 3, 13), False, 5), (FIRST, date(2024, 8, 31), True, 12),
    (FIRST, date(2023, 8, 31), False, 0),
])
def test_exactly_six_months_are_enough(start: date, end: date, enough: bool, months: int) -> None:
    assert lasts(start, end, 6) is enough
    assert full_months(start, end) == months


def test_a_month_later_than_the_last_day_is_the_last_day() -> None:
    assert add_months(date(2023, 8, 31), 6) == date(2024, 2, 29)


@pytest.mark.parametrize(("text", "name"), [
    ("张三", "张三"), ("张 三", "张三"), ("1张三", "张三"), ("12、李小明", "李小明"), ("欧阳明月", "欧阳明月"),
    ("阿卜杜拉·买买提", "阿卜杜拉·买买提"), ("阿卜杜拉•买买提", "阿卜杜拉·买买提"), ("王五（签字）", "王五"),
    ("李  敏 ", "李敏"), ("赵六√", "赵六"),
])
def test_a_person_name_is_cleaned(text: str, name: str) -> None:
    found = person_name(text)
    assert found is not None
    assert found.value == name


@pytest.mark.parametrize("text", [
    "合计", "小 计", "制表人", "单位盖章", "3200", "王", "", "我叫张三今年三十岁", "以下空白",
])
def test_labels_totals_and_sentences_are_no_names(text: str) -> None:
    assert person_name(text) is None


@pytest.mark.parametrize(("a", "b", "same"), [
    ("山西宏达（文水）商贸有限公司", "山西宏达(文水)商贸有限公司", "yes"),
    ("文水县宏达商贸有限公司", "宏达商贸有限公司", "yes"),
    ("文水县凤城镇老王面馆", "老王面馆", "yes"),
    ("文水县凤城镇老王面馆", "凤城镇老王面馆", "yes"),
    ("文水县南庄镇麻家堡村惠民合作社", "惠民合作社", "yes"),
    ("凤城镇老王面馆", "南安镇老王面馆", "no"),
    ("文水县凤城镇老王面馆", "王记面馆", "no"),
    ("文水县农村信用社", "信用社", "no"),
    ("平遥古镇客栈", "客栈", "no"),
    ("山西省文水县宏达商贸有限公司", "文水县宏达商贸有限公司", "yes"),
    ("文水县宏达商贸有限公司（盖章）", "文水县 宏达商贸有限公司", "yes"),
    ("文水县宏达商贸有限公司", "交城县宏达商贸有限公司", "no"),
    ("文水县宏达商贸有限公司", "文水县宏远商贸有限公司", "no"),
    ("文水县宏达商贸有限公司", "文水县宏达贸易有限公司", "no"),
    ("文水县未来商贸有限公司", "文水县末来商贸有限公司", "unsure"),
    ("文水县宏达商贸有限公司", "文水县宏达商贸有限公司太原分公司", "unsure"),
    ("文水县宏达商贸有限公司", "文水县宏达商贸", "unsure"),
    ("文水县宏达商贸有限公司", "", "absent"),
])
def test_employers_are_compared_by_their_normal_form(a: str, b: str, same: str) -> None:
    assert compare_employers(a, b) == same
    assert compare_employers(b, a) == same


def test_look_alikes_are_near_and_others_are_not() -> None:
    assert look_alike_distance("李未", "李末") == 0.5
    assert look_alike_distance("张三", "李四") == 2
    assert look_alike_distance("张三", "张三") == 0


def test_plain_text_keeps_its_length() -> None:
    text = "２０２３年—《㎡》…①，。"
    assert len(plain(text)) == len(text)


def test_a_county_before_another_makes_another_unit() -> None:
    own = "文水德信酒店有限公司"
    assert compare_employers("汾阳市" + own, own) == "no"
    assert compare_employers("吕梁市" + own, own) == compare_employers("山西省" + own, own) == "yes"
    assert compare_employers("文水县宏达商贸有限公司", "宏达商贸有限公司") == "yes"


def test_a_county_whose_sign_was_misread_is_that_county() -> None:
    assert compare_employers("文水具旺达铸造有限责任公司", "文水县旺达铸造有限责任公司") == "yes"
    assert compare_employers("文水家具有限公司", "文水家县有限公司") != "yes"


def test_a_traditional_character_of_the_recogniser_is_the_same_character() -> None:
    assert plain("姚紅娟") == "姚红娟"


@pytest.mark.parametrize(
    ("misread", "name", "same"),
    [
        ("山西晋味源餐饮有限公司文水少公司", "山西晋味源餐饮有限公司文水分公司", "yes"),
        ("文水博今公司", "文水博分公司", "no"), ("文水乐宝家政服务务部", "文水乐宝家政服务部", "yes"),
        ("文水舒服服务部", "文水舒服务部", "no"),
        ("文水县鸿运服饰服份有限公司", "文水县鸿运服饰股份有限公司", "yes"),
        ("吕梁天和有限责仼公司", "吕梁天和有限责任公司", "yes"),
        ("文水晋农专亚合作社", "文水晋农专业合作社", "yes"),
        ("文水鸿运经销部", "文水鸿运经营部", "no"),
        ("文水晋农农业合作社", "文水晋农专业合作社", "no"),
        ("吕梁天河股份有限公司", "吕梁天和股份有限公司", "no"),
    ],
)
def test_a_misread_generic_word_at_the_end_of_a_units_name_is_mended(misread: str, name: str, same: str) -> None:
    assert compare_employers(misread, name) == same


@pytest.mark.parametrize(("pair", "alike"), [("敏毓", True), ("股服", True), ("军君", False), ("丽利", False)])
def test_characters_of_one_shape_look_alike_and_those_of_one_sound_do_not(pair: str, alike: bool) -> None:
    assert drawn_alike(*pair) is alike


def test_a_bullet_before_a_units_name_is_no_part_of_it() -> None:
    assert compare_employers("●文水汾源物流有限公司", "文水汾源物流有限公司") == "yes"


@pytest.mark.parametrize(("part", "whole", "left"), [
    ("郝丽", "郝丽桂", 1), ("2022141", "20221411", 1), ("1411", "20221411", 4), ("郝丽桂", "郝丽桂", 0),
    ("郝桂丽", "郝丽桂", 0), ("郝丽桂花", "郝丽桂", 0),
])
def test_what_is_left_out_of_a_text_is_counted_only_where_the_rest_stands_in_its_order(
    part: str, whole: str, left: int
) -> None:
    assert omitted(part, whole) == left
