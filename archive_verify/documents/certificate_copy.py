"""Copies of the trainees' certificates."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

CERTIFICATE_COPY = DocumentType(
    type=DocType.CERTIFICATE_COPY,
    titles=patterns(r"(职业技能等级|职业资格|专项职业能力|培训合格|结业)证书?"),
    cues=cues(**{
        r"证书编号|CertificateNo|证书号": 1.6,
        r"职业技能等级证书|职业资格证书|专项职业能力证书|培训合格证|结业证书?|合格证书?": 2.0,
        r"职业名称|Occupation|职业\(工种\)|工种名称|技能等级|职业方向|能力名称": 1.2,
        r"(评价|鉴定|发证|认定|考核|颁发)(机构|机关|单位)(\(印\)|\(盖章\))?": 1.4,
        r"发证日期|IssueDate|Issue|颁发日期": 1.2,
        r"证书信息|查询(网址|网站)|扫码|osta|二维码": 1.3,
        r"经.{0,20}(考核|鉴定|评价|考试|培训).{0,16}(合格|准予)|成绩合格|考核合格|准予结业|特发此证|特颁此证|"
        r"发给此证|颁发此证": 2.4,
        r"证件(类型|号码)": 1.0,
        r"(理论知识|操作技能|评定|综合)成绩|评定等级": 0.8,
        r"(兹证明|学员).{0,30}(参加|于).{0,40}培训": 1.5,
        r"序号": -2.5,
        r"领取人|领取签": -2.0,
        r"统一社会信用代码|登记机关": -2.0,
        r"甲方|乙方": -2.0,
        r"签发机关": -1.5,
    }),
    extract=no_fields,
)
