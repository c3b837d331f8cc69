"""Fields of certificates, licences, premises proofs, rosters and order agreements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from archive_verify.documents.business_licence import BUSINESS_LICENCE
from archive_verify.documents.flexible_certificate import FLEXIBLE_CERTIFICATE
from archive_verify.documents.kind import DocumentType
from archive_verify.documents.labour_contract import LABOUR_CONTRACT
from archive_verify.documents.order_agreement import ORDER_AGREEMENT
from archive_verify.documents.premises_proof import PREMISES_PROOF
from archive_verify.documents.trainee_roster import TRAINEE_ROSTER
from archive_verify.model import Box, Document, MarkShape, Page, PageMark, Span
from archive_verify.persons import persons_of
from tests.factories import centred, ink_at, line, page, ruled_page, table_page, text_page

ID, OTHER_ID = "141121198503120035", "142322198503124325"


def extract(kind: DocumentType, *pages: Page, title: str = "") -> Document:
    return kind.extract(Span(id="d1", type=kind.type, pages=tuple(one.index for one in pages), title=title), pages)


def values(document: Document) -> dict[str, Any]:
    return {name: reading.value for name, reading in document.fields.items() if reading.state == "read"}


SEAL = PageMark(shape=MarkShape.ROUND_SEAL, box=Box(0.55, 0.42, 0.75, 0.56), confidence=0.9, colour="red")

CERTIFICATES = {
    "prose": (
        "    兹证明张三，性别：男，身份证号：141121198503120035，自2023年9月起在我单位",
        "从事面点师工作，月收入约3000元。",
        "    特此证明。",
        "本人联系电话：13834567890",
        "法定代表人：王建国      联系电话：13900001111",
        "本人签字：张三          单位（盖章）：文水县宏达商贸有限公司",
        "                        2024年3月1日",
    ),
    "personal": (
        "本人张三，男，身份证号码141121198503120035，于2023年9月1日至今在文水县宏达商贸有限公司从事",
        "面点制作工作，每月工资收入3000元。",
        "本人电话：13834567890     负责人电话：13900001111",
        "单位意见：情况属实",
        "单位（公章）                本人签名：张三",
        "负责人：王建国             2024年3月1日",
    ),
    "form": (
        "姓名：张三        性别：男         联系电话：13834567890",
        "身份证号：141121198503120035",
        "就业单位：文水县宏达商贸有限公司",
        "就业时间：2023年9月1日至今     岗位：面点师",
        "月收入：叁仟元整",
        "法定代表人：王建国   法人电话：13900001111",
        "本人签字：张三      单位盖章：",
        "2024年3月1日",
    ),
}


def test_the_head_of_the_unit_may_stand_in_brackets_beside_a_line_that_a_seal_hides() -> None:
    certificate = text_page(
        "从业证明", "今证明 张三（男），身份证号码141121198503120035，",
        "自2023年9月1日起至今在我单位从事面点工作，月工资3000元。",
        "本人联系电话：13834567890", "负责人（王建国）电话：13900001111", "单位（盖章）", "负责人：王", "2024年3月1日",
    )
    assert values(extract(FLEXIBLE_CERTIFICATE, certificate))["legal_representative"] == "王建国"


@pytest.mark.parametrize("wording", CERTIFICATES)
def test_a_certificate_is_read_in_its_wordings(wording: str) -> None:
    certificate = text_page("灵活就业证明", *CERTIFICATES[wording], marks=(SEAL,), colour=True)
    document = extract(FLEXIBLE_CERTIFICATE, certificate)
    found = values(document)
    assert found["employee"] == "张三"
    assert found["id_number"] == ID
    assert found["employer"] == "文水县宏达商贸有限公司"
    assert found["period"].startswith("2023-09")
    assert found["income"] == Decimal(3000)
    assert found["phone"] == "13834567890"
    assert found["legal_representative_phone"] == "13900001111"
    assert found["legal_representative"] == "王建国"
    assert {(mark.kind, mark.party) for mark in document.marks} >= {("seal", "issuer"), ("signature",
        "employee")}
    assert document.missing_marks == ()


@pytest.mark.parametrize(("body", "expected"), [
    (("兹证明我单位职工张三（身份证号码：141121198503120035），自2023年9月1日至今在我单位工作，",
      "担任服务员一职，月工资2800元。", "联系电话：13834567890", "单位负责人：王建国    电话：13900001111",
      "文水县好再来饭店", "2024年3月1日"),
     {"employee": "张三", "income": 2800, "phone": "13834567890", "legal_representative_phone": "13900001111",
      "employer": "文水县好再来饭店", "period": "2023-09-01", "sign_date": date(2024, 3, 1)}),
    (("张三，女，141121198503120035，2023.9-2024.3在我店从", "事销售工作，月收入2500元左右。",
        "经营者：王建国  13900001111",
      "本人：张三  13834567890", "文水县好再来饭店（盖章）"),
     {"employee": "张三", "income": 2500, "phone": "13834567890", "legal_representative_phone": "13900001111",
      "employer": "文水县好再来饭店", "period": "2023-09/2024-03", "position_title": "销售"}),
    (("兹证明张三同志系我公司员工，身份证：141121198503120035，于 2023 年 9 月 1 日入职，每月工资约 2800-3200 元。",
      "公司名称：文水县宏达商贸有限公司", "负责人电话：13900001111    职工电话：13834567890"),
     {"employee": "张三", "income": 2800, "phone": "13834567890", "legal_representative_phone": "13900001111",
      "employer": "文水县宏达商贸有限公司", "period": "2023-09-01"}),
    (("张三（身份证号：141121198503120035）系我店临时工，2023年9月1日来我店上班，月工资2800元。",
      "经营者电话：13900001111", "本人电话：13834567890", "文水县好再来饭店", "2024年3月1日"),
     {"employee": "张三", "income": 2800, "period": "2023-09-01", "sign_date": date(2024, 3, 1)}),
    (("兹证明张三于2023年9月1日至2024年2月28日在我单位就业，月工资2800元。", "单位：文水县好再来饭店"),
     {"employee": "张三", "period": "2023-09-01/2024-02-28", "sign_date": None}),
])
def test_a_certificate_is_read_in_freer_wordings(body: tuple[str, ...], expected: dict[str, Any]) -> None:
    found = values(extract(FLEXIBLE_CERTIFICATE, text_page("就业证明", *body)))
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize(("kind", "sentence", "expected"), [
    (LABOUR_CONTRACT, "甲方文水县宏达商贸有限公司与乙方张三签订本劳动合同，共同遵守。",
     {"employer": "文水县宏达商贸有限公司", "employee": "张三"}),
    (LABOUR_CONTRACT, "用人单位文水县宏达商贸有限公司、劳动者张三经协商一致，订立本合同。",
     {"employer": "文水县宏达商贸有限公司", "employee": "张三"}),
    (LABOUR_CONTRACT, "甲方与乙方应共同遵守本合同。乙方应服从，双方于每年签订。", {}),
    (ORDER_AGREEMENT, "甲方文水县宏达商贸有限公司与乙方张三签订本协议。",
     {"employer": "文水县宏达商贸有限公司", "employee": "张三"}),
    (PREMISES_PROOF, "甲方李四将位于文水县凤城镇的房屋租给乙方张三使用。", {"landlord": "李四", "tenant": "张三"}),
])
def test_parties_named_in_a_sentence_are_read(kind: DocumentType, sentence: str, expected: dict[str, str]) -> None:
    found = values(extract(kind, text_page("合同书", sentence)))
    assert {name: found[name] for name in ("employer", "employee", "landlord", "tenant") if name in found} == expected


def test_a_place_is_let_to_a_business_or_owned_by_whom_the_deed_names() -> None:
    lease = values(extract(PREMISES_PROOF, text_page(
        "房屋租赁合同", "出租方（甲方）：李大山", "承租方（乙方）：文水县雪儿面馆", "坐落：文水县凤城镇南街12号",
    )))
    assert (lease["landlord"], lease["employer"], lease.get("tenant")) == ("李大山", "文水县雪儿面馆", None)
    assert values(extract(PREMISES_PROOF, text_page("不动产权证书", "权利人：张三")))["landlord"] == "张三"


@pytest.mark.parametrize("sentence", [
    "兹有经营者苏萍霞，身份证号码141121198503120035，在文水县凤城镇南街12号经营。",
    "我辖区个体工商户苏萍霞（女，居民身份证号141121198503120035）使用该场地经营。",
])
def test_whoever_is_named_before_the_number_has_the_place(sentence: str) -> None:
    proof = values(extract(PREMISES_PROOF, text_page("场地使用证明", sentence, "特此证明")))
    assert (proof["tenant"], proof["id_number"]) == ("苏萍霞", ID)


def test_one_number_given_for_trainee_and_head_is_both_their_phone() -> None:
    body = [row.replace("13900001111", "13834567890") for row in CERTIFICATES["prose"]]
    same = "本人联系电话：13834567890", "负责人（王建国）电话：13834567890"
    for lines in (body, (*CERTIFICATES["prose"][:3], *same, *CERTIFICATES["prose"][5:])):
        found = values(extract(FLEXIBLE_CERTIFICATE, text_page("灵活就业证明", *lines, marks=(SEAL,), colour=True)))
        assert (found["phone"], found["legal_representative_phone"]) == ("13834567890", "13834567890")


def test_a_row_of_the_form_above_the_label_is_no_signature() -> None:
    document = extract(FLEXIBLE_CERTIFICATE, text_page(
        "灵活就业证明", "兹证明张三在文水县好再来饭店务工。", "月工资收入   3000元", "本人签字",
        "单位盖章", colour=True,
    ))
    assert not any(mark.kind == "signature" for mark in document.marks)


def test_parts_left_out_of_a_certificate_are_not_found() -> None:
    document = extract(FLEXIBLE_CERTIFICATE, text_page(
        "灵活就业证明", "兹证明张三，身份证号：141121198503120035，在我单位从事面点师工作。", "特此证明。",
        "本人签字：          单位（盖章）：文水县宏达商贸有限公司", "2024年3月1日", colour=True,
    ))
    found = values(document)
    assert not {"income", "phone", "legal_representative_phone", "period"} & set(found)
    assert set(document.missing_marks) == {("signature", "employee"), ("seal", "issuer")}


def test_one_phone_behind_the_representative_is_not_the_trainees() -> None:
    found = values(extract(FLEXIBLE_CERTIFICATE, text_page(
        "灵活就业证明", "兹证明张三，身份证号：141121198503120035，自2023年9月起在我单位务工，月收入3000元。",
        "负责人：王建国      联系电话：13900001111",
    )))
    assert found["legal_representative_phone"] == "13900001111"
    assert "phone" not in found


def test_a_phone_left_blank_beside_the_representative_is_the_representatives() -> None:
    document = extract(FLEXIBLE_CERTIFICATE, text_page(
        "灵活就业证明", "兹证明张三，身份证号：141121198503120035，自2023年9月起在我单位务工，月收入3000元。",
        "法人：王建国      联系电话：", "单位（盖章）：文水县宏达商贸有限公司",
    ))
    assert document.fields["legal_representative_phone"].state == "blank" and "phone" not in document.fields


def test_a_certificate_for_several_is_a_list() -> None:
    header = ("序号", "姓名", "身份证号", "就业时间", "月收入", "联系电话", "本人签字")
    rows = [("1", "张三", ID, "2023年9月", "3000元", "13834567890", "张三"),
            ("2", "李四", OTHER_ID, "2023.9至今", "2800", "13834567891", "")]
    document = extract(FLEXIBLE_CERTIFICATE, ruled_page(
        "灵活就业证明", header, rows, "兹证明以下人员在文水县宏达商贸有限公司务工，情况属实。",
    ))
    assert [row["name"].value for row in document.rows] == ["张三", "李四"]
    assert [row["id_number"].value for row in document.rows] == [ID, OTHER_ID]
    assert [row["income"].value for row in document.rows] == [Decimal(3000), Decimal(2800)]
    assert document.rows[0]["period"].value == "2023-09"
    assert document.rows[1]["period"].value == "2023-09"
    assert document.rows[0]["signature"].state == "read"
    assert document.rows[1]["signature"].state == "blank"
    assert "employee" not in document.fields
    assert values(document)["employer"] == "文水县宏达商贸有限公司"


def test_a_trace_of_grey_in_a_signature_cell_leaves_it_open() -> None:
    header = ("序号", "姓名", "身份证号", "就业时间", "月收入", "联系电话", "本人签字")
    rows = [("1", "张三", ID, "2023年9月", "3000元", "13834567890", "")]
    trace = Box(0.86, 0.156, 0.87, 0.163)

    def state(**reading: Any) -> str:
        certificate = ruled_page("就业证明", header, rows, ink=ink_at(trace), **reading)
        return extract(FLEXIBLE_CERTIFICATE, certificate).rows[0]["signature"].state

    assert (state(colour=False), state(colour=True)) == ("unread", "blank")


def company_licence() -> Page:
    return page([
        centred("营业执照", 0.2, height=0.04), line("统一社会信用代码", 0.1, 0.26),
        line("91141121MA0K000200", 0.1, 0.285),
        line("名    称", 0.1, 0.35), line("文水县宏达商贸有限公司", 0.22, 0.35),
        line("注册资本", 0.55, 0.35), line("伍拾万圆整", 0.67, 0.35),
        line("类    型", 0.1, 0.39), line("有限责任公司(自然人独资)", 0.22, 0.39),
        line("成立日期", 0.55, 0.39), line("2021年03月15日", 0.67, 0.39),
        line("法定代表人", 0.1, 0.43), line("王建国", 0.22, 0.43), line("住    所", 0.55, 0.43),
        line("山西省吕梁市文水县凤城镇", 0.67, 0.43, width=0.22),
        line("南街12号", 0.67, 0.455), line("经营范围", 0.1, 0.47), line("食品销售；餐饮服务", 0.22, 0.47),
        line("登记机关", 0.6, 0.75), line("2021年03月15日", 0.6, 0.80),
    ])


def test_a_companys_licence_gives_name_code_and_representative() -> None:
    found = values(extract(BUSINESS_LICENCE, company_licence()))
    assert found["employer"] == "文水县宏达商贸有限公司"
    assert found["credit_code"] == "91141121MA0K000200"
    assert found["legal_representative"] == "王建国"
    assert found["established"] == date(2021, 3, 15)
    assert found["address"] == "山西省吕梁市文水县凤城镇南街12号"
    assert "operator" not in found


@pytest.mark.parametrize("name", ["***", "*****", ""])
def test_an_individual_business_may_have_no_name(name: str) -> None:
    lines = [centred("营业执照", 0.2, height=0.04), line("统一社会信用代码 92141121MA0GT5E4XX", 0.3, 0.26),
             line("名称", 0.1, 0.35), line("类型", 0.1, 0.39), line("个体工商户", 0.25, 0.39),
             line("经营者", 0.1, 0.43),
             line("李 小 明", 0.25, 0.43), line("组成形式个人经营", 0.1, 0.47), line("注册日期", 0.1, 0.51),
             line("2023年07月20日", 0.25, 0.51), line("经营场所文水县凤城镇南街8号", 0.1, 0.55)]
    if name:
        lines.append(line(name, 0.25, 0.35))
    document = extract(BUSINESS_LICENCE, page(lines))
    assert document.fields["employer"].state == "blank"
    found = values(document)
    assert found["operator"] == "李小明"
    assert found["established"] == date(2023, 7, 20)
    assert found["credit_code"] == "92141121MA0GT5E4XX"
    assert found["address"] == "文水县凤城镇南街8号"


PREMISES = {
    "房屋租赁合同": (
        "出租方（甲方）：王建国   身份证号：142322198503124325",
        "承租方（乙方）：张三    身份证号：141121198503120035",
        "一、甲方将位于文水县凤城镇南街8号的门面房出租给乙方使用，建筑面积60平方米。",
        "二、租期自2023年9月1日起至2024年8月31日止。",
        "三、年租金12000元（大写：壹万贰仟元整）。",
        "甲方（签字）：王建国     乙方（签字）：张三",
        "2023年8月25日",
    ),
    "营业场地证明": (
        "兹证明张三（身份证号：141121198503120035）在文水县凤城镇南街8号经营小吃店，面积60平方米，",
        "该房屋由我村提供，自2023年9月1日至2024年8月31日使用。",
        "特此证明。",
        "文水县凤城镇南街村民委员会（盖章）",
        "2023年8月25日",
    ),
    "房屋无偿使用证明": (
        "本人王建国，身份证号142322198503124325，自愿将位于文水县凤城镇南街8号的房屋无偿提供给张三",
        "（身份证号：141121198503120035）作为经营场所使用，使用期限2023年9月1日至2024年8月31日。",
        "产权人：王建国",
        "2023年8月25日",
    ),
}


@pytest.mark.parametrize(("title", "body"), PREMISES.items())
def test_a_proof_of_premises_names_who_uses_which_place(title: str, body: tuple[str, ...]) -> None:
    found = values(extract(PREMISES_PROOF, text_page(title, *body)))
    assert found["tenant"] == "张三"
    assert found["id_number"] == ID
    assert found["address"] == "文水县凤城镇南街8号"
    assert (found["period_start"], found["period_end"]) == (date(2023, 9, 1), date(2024, 8, 31))
    assert found["sign_date"] == date(2023, 8, 25)


def test_the_roster_lists_its_trainees_over_pages() -> None:
    header = ("序号", "姓名", "性别", "身份证号", "文化程度", "联系电话")
    first = table_page("2023年第12期中式面点师班学员花名册", header, [("1", "张三", "男", ID, "初中",
        "13834567890")],
                       "培训机构：文水县启航职业培训学校    人数：2人", index=1)
    second = table_page("", ("2", "李四", "女", OTHER_ID, "高中", "13834567891"), [("3", "王五", "男", ID,
        "高中", "13834567891")], index=2)
    document = extract(TRAINEE_ROSTER, first, second)
    assert [row["name"].value for row in document.rows] == ["张三", "李四", "王五"]
    assert [row["id_number"].value for row in document.rows] == [ID, OTHER_ID, ID]
    assert document.rows[0]["phone"].value == "13834567890"
    assert values(document)["headcount"] == 2


def test_an_order_agreement_names_employer_institution_and_trainees() -> None:
    first = text_page(
        "订单式培训协议", "甲方（用人单位）：文水县宏达商贸有限公司",
        "乙方（培训机构）：文水县启航职业培训学校",
        "乙方为甲方培训面点师30名，培训合格后由甲方录用，月工资不低于3000元。",
        "培训时间：2023年6月5日至2023年6月20日",
        "甲方（盖章）：          乙方（盖章）：", "2023年5月10日", index=1,
    )
    header = ("序号", "姓名", "身份证号", "联系电话")
    second = table_page("附件：学员名单", header, [("1", "张三", ID, "13834567890"), ("2", "李四", OTHER_ID,
        "13834567891")], index=2)
    document = extract(ORDER_AGREEMENT, first, second)
    found = values(document)
    assert found["employer"] == "文水县宏达商贸有限公司"
    assert found["institution"] == "文水县启航职业培训学校"
    assert found["wage"] == Decimal(3000)
    assert found["sign_date"] == date(2023, 5, 10)
    assert [row["name"].value for row in document.rows] == ["张三", "李四"]


def test_a_tenant_named_in_print_with_his_number_outdoes_a_signature_read_in_part() -> None:
    sheet = text_page(
        "无偿使用证明", "本人孟武峰系文水县下曲镇商贸街124号房屋的所有权人。现将上述房屋无偿提供给武霞巧（身份证",
        f"号：{ID}）开办文水县锦绣饺子馆使用，使用期限自2024年4月24日起至2027年4月23日止。",
        "产权人（签字）：孟武峰", "使用人（签字）：武霞",
    )
    found = extract(PREMISES_PROOF, sheet)
    assert (values(found)["tenant"], values(found)["id_number"]) == ("武霞巧", ID)
    (one,) = persons_of(found)
    assert not one.foreign_number
