"""说明.txt: what a package holds and what it may be used for, for the people who open it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sharing.cutting import Cut
from sharing.store import Release

NOTICE = "说明.txt"


def _rows(made: Cut) -> list[str]:
    if not made.grant.rows:
        return ["  全部行"]
    kinds = {"in": "等于", "starts_with": "开头为"}
    return [
        f"  {made.contract.by_name[r.column].title_cn}（{r.column}）"
        f"{kinds[r.operator]} {'、'.join(r.values)}"
        for r in made.grant.rows
    ]


def notice(made: Cut, release: Release, rows: int, made_at: datetime, replaces: Path | None) -> str:
    """The text of a package's 说明.txt; `replaces` is the package under the grant of before."""
    grant, contract = made.grant, made.contract
    columns = [
        f"  {name}  {column.title_cn}" + (f"（{note}）" if note else "")
        for name, column, note in made.columns
    ]
    minors = "包含" if grant.includes_minors else "不包含"
    return "\n".join(
        [
            f"{contract.title_cn}（{grant.product}）",
            f"接收方：{grant.consumer_title_cn}（{grant.consumer}）",
            f"批准文号：{grant.approval_no}",
            f"用途：{grant.purpose}（{grant.purpose_kind}）",
            f"授权期限：{grant.valid_from} 至 {grant.valid_until}",
            f"依据发布：第 {release.number} 号，业务日期 {release.business_date}",
            f"制作时间：{made_at:%Y-%m-%d %H:%M:%S}（北京时间）",
            f"行数：{rows}",
            *([f"授权变更后重新制作，替代数据包 {replaces.name}"] if replaces else []),
            "",
            "列：",
            *columns,
            "行的范围：",
            *_rows(made),
            f"  {minors}未满 14 周岁人员",
            "",
            (
                "文件：data.parquet 与 data.csv 内容相同。"
                "data.csv 为 UTF-8 编码（无 BOM），逗号分隔，"
                "所有值加双引号，空值为不加引号的空。"
                "用 Excel 打开时请选“数据—自文本/CSV”，并将各列设为文本。"
            ),
            "核验：tongchuan package verify <本文件夹>，需要数据局的公钥。",
            "仅限上述用途使用，不得转交第三方；授权期满后应当删除。",
            "",
        ]
    )
