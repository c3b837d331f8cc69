"""What the title of a paper says about its type: one ordered table for all types.

The table stands apart from the types' own files because a title means something only among the
others: 考勤表 alone may be the training's or the employer's, 就业花名册 is no 花名册, 成绩册 no 册.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Hamming

from archive_verify.model import DocType as T
from archive_verify.values import simplified

Shares = Mapping[T, float]


@dataclass(frozen=True, slots=True)
class TitleRule:
    """A pattern searched in the cleaned title, and how its types share what it says.

    Shares lie in 0..1; a rule with several types leaves the choice to the rest of the page.
    """

    pattern: re.Pattern[str]
    shares: Shares


def _rule(expression: str, *types: T, **shares: float) -> TitleRule:
    spread: dict[T, float] = {kind: 1.0 for kind in types}
    spread.update({T(name): share for name, share in shares.items()})
    return TitleRule(re.compile(expression), spread)


_LIST = (
    r"(汇总表|统计表|一览表|登记表|登记册|明细表|情况表|信息表|花名册|名册|名单|台账|汇总|公示|公示表|清单|报表|"
    r"册|表)"
)
_TRAINEES = (
    r"(学员|学生|培训人员|参训|培训对象|受训|招生|实名制|培训班|开班|班级|农民工|劳动力|参加.{0,12}培训)"
)
_DEED = r"(合同|协议|协议书|合同书|契约|文本)"

# Searched in this order, the first that matches speaks; so the narrower stands before the wider.
# Sources: the regulation, the titles listed in public class-archive catalogues, and common usage.
TITLE_RULES: tuple[TitleRule, ...] = (
    # --- papers of the institution and of the file itself that are none of the types
    _rule(r"备考表|移交(清单|表|书)$|封底", T.OTHER),
    _rule(r"办学许可|民办学校|民办非企业|法人登记证|开户许可|中标(通知|公告)|招标|投标|政府采购", T.OTHER),
    # a kindergarten pays its 教职工, and counts their days, as other employers do
    _rule(r"(教师|师资|讲师|教员|教职工(?!.{0,8}(考勤|出勤))|任课老师|授课老师|考评员|评委|监考)(?!.{0,8}(工资|薪)).{0,10}"
          + _LIST + "$", T.OTHER),
    _rule(r"(教师|讲师|教员)(资格|聘任|聘用)?(证|证书|聘书)$|^聘书$|简历$|资质证书$|职称证", T.OTHER),
    _rule(r"(教材|书籍|用品|物资|材料|耗材|工具|工装|奖品).{0,8}(发放|领取|领用|签领|签收|登记|购买|配备|消耗)",
          T.OTHER),
    _rule(r"满意度|调查问卷|意见反馈|反馈表|评估表|测评表|评议表", T.OTHER),
    _rule(r"(考试|考核|考生|考场|领导|会议|家长|来访).{0,4}签到", T.OTHER),
    _rule(r"考场(记录|情况)|考务|监考", T.OTHER),
    _rule(r"分组(名单|表|情况|安排)|(小组|组别)(名单|安排)", T.OTHER),
    _rule(r"(电子)?培训券", T.OTHER),
    _rule(r"(安全|疫情|防疫|防控|纪律|廉洁|师德|保密|考试诚信|考生|学员|个人|入学|培训对象).{0,8}(承诺书|保证书|"
          r"责任书|协议书|须知)$",
          other=0.75, truthfulness_commitment=0.35),
    _rule(r"(总结|工作报告|总结报告|汇报|简报|新闻稿|美篇)$", T.OTHER),
    _rule(r"(报名表|报名登记表|个人申请表|入学登记表|学籍表|学籍卡|报名申请表|培训申请表|意向登记表)$", T.OTHER),
    _rule(r"(就业失业登记|失业登记|就业创业证|求职登记|户口簿|户口本|户籍证明|常住人口登记卡|残疾人证|毕业证书?|健康证|"
          r"脱贫.{0,4}证明|低保证)", T.OTHER),
    _rule(r"(收据|发票|付款凭证|银行回单|转账凭证|开户信息)$", T.OTHER),
    _rule(r"(招生简章|招生公告|招聘简章|宣传单|通知|制度|守则|管理办法|应急预案|须知|职责)$",
          T.OTHER),
    _rule(r"^教案|教案$|讲义$|课件", other=0.8, training_plan=0.4),
    _rule(r"(员工|职工|工人)(花名册|名册|名单)$", T.OTHER),
    _rule(r"社会?保险.{0,6}(参保|缴费)|参保(证明|缴费)|缴费证明", T.OTHER),

    _rule(r"(档案|归档|卷内)(资料|材料|文件)?(清单|目录)(表)?$", T.CATALOGUE),

    # --- recordings, before 目录 / 清单 / 档案 / 记录 say otherwise
    _rule(r"(影像|视频|录像|音像|声像|光盘|硬盘|移动盘|U盘|照片|图片|监控|录音).{0,10}"
          r"(清单|资料|目录|标签|标注|记录|说明|登记|移交|台账|刻录|一览|档案|存储|盒|封面|封套|材料|册|表|卡|袋|"
              r"情况)", T.VIDEO_RECORD),
    _rule(r"^(培训|教学|课堂|上课|学员|开班)?.{0,6}(照片|影像|录像|视频)(集|册|资料)?$", T.VIDEO_RECORD),
    _rule(r"^(光盘|硬盘|移动硬盘)|(光盘|硬盘)$", T.VIDEO_RECORD),

    # --- callbacks, before 记录 and 就业…表
    _rule(r"(回访|电访|访谈|随访|(电话|跟踪).{0,4}(抽查|核查|调查|访问|核实|抽访|跟踪)|抽查核实)", T.CALLBACK_RECORD),

    # --- the pledge and the application
    _rule(r"(灵活就业|自由职业|无固定).{0,6}(承诺书|声明|申报表|登记表|认定表|情况表|证明表|说明)$",
          T.FLEXIBLE_CERTIFICATE),
    _rule(r"(场地|场所|住所|经营地址?|房屋).{0,8}(承诺书|声明|申报|登记表|情况说明|说明|证明|保证书)$",
          T.PREMISES_PROOF),
    _rule(r"真实(性|有效性?|可靠)?.{0,10}(承诺|声明|保证|说明|责任)", T.TRUTHFULNESS_COMMITMENT),
    _rule(r"(承诺书|承诺函|保证书|诚信承诺|信用承诺|承诺|声明书)$", truthfulness_commitment=0.95, other=0.2),
    _rule(r"(补贴|补助|拨款|奖补|经费|资金).{0,14}(申请|申报|请拨|拨付|申领|结算|请示|核拨|兑付|兑现|审批|审核|预算|"
          r"决算)"
          r"(报告|书|表|函|单|请示|审批表|审核表|审批单|汇总表|明细表|花名册|名册|材料)?$", T.SUBSIDY_APPLICATION),
    _rule(r"(申请|申报|拨付|请求|申领|请拨|核拨|兑付|领取).{0,30}(补贴|拨款|补助|培训资金|培训经费|资金|经费|"
          r"培训费).{0,8}$",
          T.SUBSIDY_APPLICATION),
    _rule(r"(补贴|补助).{0,10}" + _LIST + "$", T.SUBSIDY_APPLICATION),
    _rule(r"拨款(申请|报告|单|通知)|资金(申请|拨付)|补贴(申请|公示)", T.SUBSIDY_APPLICATION),

    # --- opening of the class
    _rule(r"(开班|办班|开课|培训班|班次|开学).{0,10}(审批|审核|批复|批准|核准|核定|核查|验收)(表|单|书|意见|意见表|"
          r"意见书|登记表|通知书)?$",
          T.OPENING_APPROVAL),
    _rule(r"同意.{0,40}(开班|举办|开展|办班|开办).{0,30}$|(开班|办班).{0,8}(批复|批准书|核准书|确认书|同意书)$",
          T.OPENING_APPROVAL),
    _rule(r"(培训|教学)(计划|项目|班)?(审批|审核|核准)表$", opening_approval=0.9),
    # what is approved and filed in one form is the approval
    _rule(r"(开班|办班|开课|开学).{0,4}(审批|核准|批准)[、及和与]?(备案|报备|登记|确认)(表|书|单)$",
          T.OPENING_APPROVAL),
    _rule(r"(开班|办班|开课|开学).{0,6}(备案|报备|登记|情况|信息|确认)(登记)?(表|函|书|单|册)?$",
          opening_report=0.9, opening_approval=0.55),
    _rule(r"(开班|办班|开课|开学).{0,8}(申请|报告|请示|备案|方案)(报告|书|函)?$", T.OPENING_REPORT),
    _rule(r"(开班|办班|开课|开学).{0,8}(申请|申报|报告)(表|单|登记表)$", opening_report=1.0, opening_approval=0.2),
    _rule(r"(关于|拟|申请).{0,40}(开班|举办|开办|开展|办班|开设|组织).{0,40}(申请|报告|请示|备案|函|报备)$",
          T.OPENING_REPORT),
    _rule(r"(举办|开办|开设).{0,30}班.{0,6}(申请|报告|请示|备案)(表|书)?$", T.OPENING_REPORT),

    # --- employment: agreements, contracts, proofs
    _rule(r"(订单|定单|定向).{0,12}(学员|人员)?.{0,4}(名单|花名册|名册)$", trainee_roster=1.0, order_agreement=0.7),
    _rule(r"灵活就业(人员)?.{0,6}(名单|花名册|名册|汇总表|一览表|明细表)$",
          flexible_certificate=0.9, employment_summary=0.8),
    _rule(r"(证明|佐证|相关|就业|支撑)(材料|资料)$", T.OTHER),
    _rule(r"(订单|定单|定向)(式|班|型)?.{0,16}(协议|合同|意向|协定)(书)?$", T.ORDER_AGREEMENT),
    _rule(r"培训服务期|服务期协议|保密协议|竞业", T.OTHER),
    _rule(r"(租赁|租房|承租|出租|租用|转租|租借|房租|租店|借用).{0,4}" + _DEED + "$|租约$", T.PREMISES_PROOF),
    _rule(r"(校企|用工|就业|培训|企业|联合|合作|委托|三方|人才).{0,6}(合作|委托|联合|三方|代培|安置|输送).{0,8}(协议|"
          r"合同|意向)(书)?$",
          T.ORDER_AGREEMENT),
    _rule(r"(委托|联合|合作|三方|校企).{0,8}(培训|办班|办学|就业|用工)?.{0,4}(协议|合同)(书)?$", T.ORDER_AGREEMENT),
    _rule(r"(培训|办班)(服务)?(协议|合同)(书)?$", order_agreement=0.7, other=0.6),
    _rule(r"劳动.{0,8}" + _DEED + r"(书|通用|范本|样本|文本)*$", T.LABOUR_CONTRACT),
    _rule(r"(劳务|用工|聘用|聘任|雇佣|雇用|录用|上岗|临时工|实习|务工|岗位|员工|非全日制).{0,6}" + _DEED + "$",
          T.LABOUR_CONTRACT),
    _rule(r"就业(安置|意向)?(协议|合同)(书)?$", labour_contract=0.7, order_agreement=0.7),
    _rule(r"(培训|教学|办学|学校|教室|实训|实操).{0,6}(场地|场所|用房|房屋).{0,8}(证明|合同|协议|情况|说明|照片)?$",
          other=0.7, premises_proof=0.6),
    _rule(r"(场地|场所|房屋|门面|店面|商铺|门市|摊位|厂房|铺面|用房|门店|店铺|土地|大棚|库房|柜台|经营地|营业地).{0,12}"
          r"(证明|证明书|合同|协议|合同书|协议书|声明|承诺书|说明|契约|使用权|权属)$", T.PREMISES_PROOF),
    _rule(r"不动产权|房产证|房屋所有权|产权证|产权证明|无偿使用|土地使用证|使用权证", T.PREMISES_PROOF),
    _rule(r"营业执照|工商户执照|^执照$|登记证书?副本", T.BUSINESS_LICENCE),
    _rule(r"就业(情况|信息)?证明(材料|资料)?(汇总|清单|目录)", employment_summary=0.6, catalogue=0.6),
    _rule(r"(灵活就业|务工|从业|用工|就业|在职|工作|上岗|在岗|劳务|雇佣|雇用|自由职业|收入|打工|创业|劳动关系|聘用|"
          r"工资).{0,10}"
          r"(证明|证明书|证明信|证明表|证明单|情况说明)$", T.FLEXIBLE_CERTIFICATE),

    # --- lists of the trainees that are no plain roster
    _rule(r"(岗位|就业)推荐", other=0.6, employment_summary=0.7),
    _rule(r"(就业|创业)(?!技能|培训|前|创业|导向|服务|局).{0,14}" + _LIST + "$", T.EMPLOYMENT_SUMMARY),
    _rule(r"(就业|创业)(情况|去向|结果|落实)$", T.EMPLOYMENT_SUMMARY),
    _rule(r"(证书|发证|颁证|领证|取证|持证|获证|拿证|办证|合格证|结业证|资格证|等级证).{0,12}"
          r"(登记表|登记册|登记簿|登记|发放表|发放单|花名册|名册|名单|领取表|领取单|签领表|签收表|签收单|签领单|"
              r"汇总表|台账|统计表|一览表|明细表|清单|"
          r"记录|记录表|领取|公示|信息表|情况表|发放册|册|表)$", T.CERTIFICATE_REGISTER),
    _rule(r"(成绩|分数|得分|(考核|鉴定|考试|考评|评定|评价|认定|结业)(结果|评定|成绩)).{0,10}"
          r"(册|表|单|汇总|登记|公示|簿|名单|花名册|报告|台账|统计|一览)?$", T.SCORE_SHEET),
    _rule(r"(考试|考核|鉴定|结业).{0,4}(汇总表|登记表|统计表|一览表|花名册|名册)$", T.SCORE_SHEET),
    _rule(r"(结业|合格).{0,4}(人员|学员)?.{0,4}(名单|花名册|名册|登记表)$", score_sheet=0.8, certificate_register=0.6),

    # --- exams
    _rule(r"(评分|评分记录|评判|评价记录|实操记录|考核记录|操作记录|鉴定记录|考试记录)(表|单|标准|细则|册)?$",
          T.EXAM_PAPER),
    _rule(r"(试卷|试题|答题卡|答题纸|答卷|考卷|考题|测试题|测验题?|试题卷|题库|标准答案|参考答案|答案|练习题|作业)"
          r"[A-Da-d一二三四甲乙]?卷?$", T.EXAM_PAPER),
    _rule(r"(理论|实操|技能|结业|知识|期末|操作|毕业|考核|水平).{0,6}(考试|考核|测试|测试卷|考核题|考试题|鉴定|"
          r"考核卷|题|卷)[A-Da-d]?卷?$",
          T.EXAM_PAPER),

    # --- payroll
    _rule(r"(工资|薪资|薪酬|薪金|劳务费|报酬|工薪|薪水).{0,10}(表|单|册|明细|条|清单|发放|结算|签领|记录|领取|台账|"
          r"汇总|凭证)$", T.PAYROLL),

    # --- attendance
    _rule(r"(学员|学生|培训班|班级|参训|课堂|上课|听课|教学|培训(人员|学员|考勤|签到|期)|理论课|实操课|"
          r"[0-9一二三四五六七八九十]期).{0,16}"
          r"(考勤|签到|出勤|点名|签退|打卡|到课|出席|签名).{0,8}$", T.TRAINING_ATTENDANCE),
    _rule(r"(员工|职工|工人|部门|车间|月份|年|月|公司|厂|店|部|超市|合作社|酒店|饭店|中心|企业|单位|用工|门市|家政|"
          r"物业|集团|院|场).{0,10}"
          r"(考勤|出勤|打卡|刷卡|出工|记工|上班).{0,8}$", work_attendance=1.0, training_attendance=0.45),
    _rule(r"班(考勤|签到|出勤|点名|签退).{0,8}$", T.TRAINING_ATTENDANCE),
    _rule(r"(签到|签退|签名|点名|报到)(登记)?(表|册|簿|单|记录|本|卡)?(表)?$",
          training_attendance=1.0, work_attendance=0.2),
    _rule(r"(考勤|出勤|打卡|刷卡|缺勤)(登记|记录|统计|汇总|情况|签到|明细|月报|报)*(表|册|簿|卡|单|本|记录|台账|汇总|"
          r"情况)?$",
          training_attendance=0.75, work_attendance=0.75),
    _rule(r"(出工|记工|工时|上班).{0,4}(表|簿|册|记录)$", T.WORK_ATTENDANCE),

    # --- teaching
    _rule(r"(教学|培训|授课|班级|上课|课堂|实训|班|班务|实习|课程|日常|每日|管理|教师)(日志|日记|记录|实录|"
          r"情况记录)(表|册|本|簿|单|台账)*$",
          T.TEACHING_LOG),
    _rule(r"(日志|班志)(表|册|本|簿)?$", T.TEACHING_LOG),
    _rule(r"课表$|(课程|课时|日程|上课|授课|排课|课目).{0,6}(表|安排|日程|一览)$|"
          r"(教学|培训|授课|上课|课程).{0,4}(进度|日程|时间|课程|安排).{0,4}(表|安排|计划|日程)$|(教学|培训|课程|"
              r"课时)安排$", T.TIMETABLE),
    _rule(r"(考核|考试|就业|鉴定|应急|防控|评价)(实施|工作)?(方案|计划)$", T.OTHER),
    _rule(r"(教学|培训|授课|实训|办班|课程|实施|学习|教育|班)(实施|工作|教学|项目)?(及|与|和|、)?.{0,6}"
          r"(计划|方案|大纲|纲要|计划书|方案书|设计|计划表|标准|教学内容)(及|与|和|、)?.{0,8}$", T.TRAINING_PLAN),
    _rule(r"(教学|培训)?(计划|大纲|方案)(书|表)?$", T.TRAINING_PLAN),

    # --- rosters
    _rule(_TRAINEES + r".{0,16}" + _LIST + "$", T.TRAINEE_ROSTER),
    _rule(r"(花名册|名册|学员册|名单|人员信息表|信息采集表|人员登记表|人员一览表)$", T.TRAINEE_ROSTER),

    # --- certificates and identity cards
    _rule(r"身份证(?!号|明号|件号|登记)", T.ID_CARD_COPY),
    _rule(r"(职业技能等级|职业资格|专项职业能力|技能等级|职业能力|结业|合格|培训|技能|操作|上岗|特种作业|等级|专业能力)"
          r".{0,6}(证书|证|证明|证明书)(复印件|查询|查询结果|信息|样本)?$", T.CERTIFICATE_COPY),
    _rule(r"证书(复印件|查询|查询结果|信息|扫描件|影印件|粘贴页)?$", certificate_copy=0.9, other=0.2),

    # --- the file itself
    _rule(r"备忘|说明$", T.OTHER),
    _rule(r"(目录|目次|卷内文件|文件清单|材料清单|资料清单|档案清单)(表|清单)?$", T.CATALOGUE),
    _rule(r"(封面|封皮|卷皮|卷宗|案卷|档案盒|档案袋)$", T.COVER),
    _rule(r"(培训|班|学校|教学|技能|资料|期|项目)?.{0,12}(档案|一期一档|一班一档|归档资料|归档材料|资料汇编|材料汇编|"
          r"档案资料|档案材料|"
          r"验收资料|验收材料|培训资料|培训材料|申报资料|申报材料)(册|卷|盒)?$", cover=0.9),

    # --- the last resorts: a genre without a subject
    _rule(r"^(合同|协议|合同书|协议书)$", labour_contract=0.5, premises_proof=0.5, order_agreement=0.5),
    _rule(r"证明(书|信)?$", flexible_certificate=0.8, premises_proof=0.5, other=0.2),
    _rule(r"(申请|报告|请示|申请书|申请表)$", opening_report=0.5, subsidy_application=0.5, other=0.4),
    _rule(r"审批表$|审核表$|批复$", opening_approval=0.5, subsidy_application=0.4, other=0.3),
)

# Words that a slip of the reader may have damaged by one character; four or more characters, so that
# 师资表 is never repaired to 工资表.
TITLE_WORDS: tuple[str, ...] = (
    "劳动合同", "劳动合同书", "营业执照", "租赁合同", "租赁协议", "用工协议", "灵活就业证明", "就业证明",
    "务工证明", "从业证明", "场地证明", "场所证明", "工资发放表", "工资明细表", "工资结算表", "职工工资表",
    "员工工资表", "员工考勤表", "职工考勤表", "学员考勤表", "学员签到表", "考勤登记表", "学员花名册",
    "就业花名册", "花名册", "成绩汇总表", "成绩登记表", "成绩册", "证书发放登记表", "发放登记表",
    "就业情况汇总表", "情况汇总表", "卷内目录", "卷内文件目录", "档案封面", "开班报告", "开班申请",
    "开班申请表", "开班审批表", "培训计划", "教学计划", "教学大纲", "教学日志", "培训日志", "课程安排表",
    "课程表", "理论试卷", "理论考试试卷", "真实性承诺书", "补贴资金申请", "补贴申请表", "拨款申请",
    "电话回访记录", "回访记录", "影像资料清单", "光盘标签", "订单式培训协议", "职业技能等级证书",
    "专项职业能力证书", "培训合格证", "结业证书", "居民身份证", "身份证复印件", "学员名册", "学员名单",
    "培训协议",
)

_BRACKETED = re.compile(r"[(\[【《<][^()\[\]【】《》<>]{0,24}[)\]】》>]$")
# a list that its bracket calls a certificate
_CERTIFIES = re.compile(r"(?:名册|名单|表)[((](?:及|暨)?(?:灵活)?(?:就业|务工|从业)?证明[))]$")
_ENCLOSING = re.compile(r"^[《【\[「“\"](.+)[》】\]」”\"]$")
_ATTACHMENT = re.compile(r"^(附件|附表|附录|表)[一二三四五六七八九十0-9\-—.]*[::、.]?|^[0-9]{1,2}[、.](?![0-9])|"
    r"^[一二三四五六七八九十]{1,2}、")
_TAIL = re.compile(
    r"((19|20)[0-9]{2}[年./\-]?([0-9]{1,2}月?)?([0-9]{1,2}日?)?份?|[0-9]{1,2}月份?|"
        r"第[0-9一二三四五六七八九十]+[页期册卷份次]|共[0-9]+页|"
    r"N[oO][.:]?[0-9]*|[0-9]{1,4}/[0-9]{1,4}|[-—_·.,:;、*※#|~\s]+|[0-9]{1,4})$"
)
CONTINUED = re.compile(r"续表|续页|接上页|接前页|[(](续|续前|续[0-9一二三四五六七八九十]+|接上表)[)]|^续|续$")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=4096)
def compact(text: str) -> str:
    """Half-width forms and simplified characters, no white space."""
    return _SPACES.sub("", simplified(unicodedata.normalize("NFKC", text)))


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """A title line without what may stand around the title: brackets,
    dates, attachment numbers, page counts."""
    title = compact(text).strip("-—_·.,:;、*※#|~★☆●■□◆")
    title = _ATTACHMENT.sub("", title)
    while True:
        enclosed = _ENCLOSING.match(title)
        shorter = enclosed.group(1) if enclosed else _TAIL.sub("", _BRACKETED.sub("", title))
        if shorter == title or not shorter:
            return title
        title = shorter


_LONG_WORDS = tuple(word for word in sorted(TITLE_WORDS, key=len, reverse=True) if len(word) >= 4)


@lru_cache(maxsize=4096)
def repair(title: str) -> str:
    """The title with one damaged title word mended: the longest whose other characters all agree."""
    for word in _LONG_WORDS:
        slips = 2 if len(word) >= 7 else 1
        for start in range(len(title) - len(word), -1, -1):
            piece = title[start : start + len(word)]
            if 0 < Hamming.distance(piece, word, score_cutoff=slips) <= slips:
                return title[:start] + word + title[start + len(word) :]
    return title


def _look_up(title: str) -> tuple[int, Shares] | None:
    for rank, rule in enumerate(TITLE_RULES):
        if rule.pattern.search(title):
            return rank, rule.shares
    return None


_SECTION = re.compile(
    r"^([(]?[一二三四五六七八九十]{1,3}[)]?、?|第[一二三四五六七八九十]{1,3}[章节条部]分?|"
    r"[(]?[0-9]{1,2}[)、.])(?![0-9期年月])"
)
_SENTENCE = re.compile(r"[。,;:!?]|[0-9][.、)]|[.、)][0-9]")


@lru_cache(maxsize=4096)
def _shares(text: str) -> tuple[Shares, float]:
    title = clean(text)
    if not 2 <= len(title) <= 60:
        return {}, 0.0
    if _CERTIFIES.search(compact(text)) and "学员" not in title:
        return {T.FLEXIBLE_CERTIFICATE: 1.0}, 1.0
    found = _look_up(title)
    if found and not (T.TRAINEE_ROSTER in found[1] and title[-1] == "表"):
        return found[1], 1.0
    # Any 学员…表 may be a roster, so a damaged title must not pass for one unmended.
    mended = repair(title)
    better = _look_up(mended) if mended != title else None
    if better and (not found or better[0] < found[0]):
        return better[1], 0.8
    return (found[1], 1.0) if found else ({}, 0.0)


def title_shares(text: str) -> tuple[Shares, float]:
    """What a title line says: shares by type, and 1.0 for a clean match, less for one that had to be
    mended, is numbered as a section's heading or stands in a sentence, 0.0 for none."""
    shares, strength = _shares(text)
    if _SECTION.match(compact(text)):
        strength *= 0.4
    if compact(text).endswith(("。", ";", ",")):
        return shares, 0.0
    if not _SENTENCE.search(clean(text)):
        return shares, strength
    return shares, 0.0 if compact(text).startswith(("附", "注")) else 0.4 * strength
