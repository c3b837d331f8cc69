"""The table of contents of a class archive."""

from __future__ import annotations

from archive_verify.documents.kind import DocumentType, cues, no_fields, patterns
from archive_verify.model import DocType

CATALOGUE = DocumentType(
    type=DocType.CATALOGUE,
    titles=patterns(r"(卷内)?(文件|档案|材料)?目录(表)?"),
    cues=cues(**{
        r"责任者|责任人": 1.5,
        r"文号|文件编号|文件号": 1.5,
        r"(文件|材料|资料|案卷|卷内)?(题名|标题|名称)": 0.8,
        r"页号|页次|起止页|页码|所在页|张号": 1.6,
        r"页数|张数|份数": 0.8,
        r"顺序号|顺号": 1.5,
        r"卷内": 2.0,
        r"目录": 1.0,
        r"备注": 0.2,
        r"签字": -0.5,
        r"身份证号": -1.0,
    }),
    extract=no_fields,
)
