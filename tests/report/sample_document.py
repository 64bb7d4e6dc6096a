"""A report in both languages that uses every block, for the tests of the renderers."""

import datetime

from advisor.report.document import (
    Block,
    Bullets,
    Chart,
    Column,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Table,
    Verdict,
)

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="160" viewBox="0 0 640 160">'
    '<path d="M0 140L640 20" stroke="#0072B2" fill="none"/>'
    '<text x="20" y="30" font-family="Noto Sans SC" font-size="12">{label}</text></svg>'
)


def sample(language: str) -> Document:
    """The sample report."""
    return _english() if language == "en" else _chinese()


def _cash(total: str) -> tuple[tuple[str, ...], ...]:
    months = ((str(month), "−$1,900", f"${7000 + month:,}", "") for month in range(25))
    return (*months, (total, "−$97,600", "$177,600", "$80,000"))


def _english() -> Document:
    blocks: tuple[Block, ...] = (
        Verdict(
            "good", "Go ahead", "Fine-tune an 8B model. The money comes back in month 10.", "The API costs 3 × more."
        ),
        KeyFigures(
            (
                KeyFigure("Net present value", "$68,400", "80 % range −$9,000 to $141,000"),
                KeyFigure("Money back", "Month 10"),
                KeyFigure("Money at risk", "$61,250 ≈ €52,800", "Deepest point: month 2"),
            )
        ),
        Heading("Why"),
        Paragraph(
            "The hosted API charges $3.00 per million input tokens; below 13,000 requests a day it stays cheaper."
        ),
        Bullets(("Volume decides.", "Quality holds: 91 % equal or better.", "Three weeks up front → $14,400.")),
        Chart(SVG.format(label="Money back in month 10"), "Cumulative saving", "A line that crosses zero in month 10."),
        Heading("Costs"),
        Table(
            "Cash flow by month",
            (Column("Month"), Column("Paid", "right"), Column("Saved", "right"), Column("Net", "right")),
            _cash("Total"),
            "Before tax, month-end.",
            total_row=True,
        ),
        PageBreak(),
        Heading("Where the numbers come from", 3),
        Table(
            "Assumptions",
            (
                Column("Name", share=3),
                Column("Value", "right"),
                Column("Unit"),
                Column("Kind"),
                Column("Source", share=2),
            ),
            tuple((f"GPU hour {n}", f"{2 + n / 100:.2f}", "USD/GPU/h", "Published", "Price page") for n in range(120)),
        ),
        Verdict("poor", "Do not", "Stay with the hosted API."),
        Verdict("fair", "Close", "Wait a quarter."),
        Verdict("unknown", "Not known", "Prices are missing."),
        Note("16,384 draws, seed 7."),
    )
    return Document(
        "Should we fine-tune?",
        "Northwind Trading · 20 November 2026",
        "en",
        "Northwind Trading",
        datetime.date(2026, 11, 20),
        "Estimates, not an offer.",
        blocks,
        {"page": "Page {page} of {pages}"},
    )


def _chinese() -> Document:
    blocks: tuple[Block, ...] = (
        Verdict("good", "建议推进", "对 8B 模型做 LoRA 微调，第 10 个月回本。", "托管接口的费用是它的三倍。"),
        KeyFigures(
            (KeyFigure("净现值", "¥68.4 万", "80% 区间：−¥9,000 至 ¥141,000"), KeyFigure("回本时间", "第 10 个月"))
        ),
        Heading("理由"),
        Paragraph(
            "每百万输入词元 3.00 美元；“固定月费”不含人力——由喆、镕两位同事负责，低于每天 13,000 次请求时更便宜。"
        ),
        Bullets(("流量起决定作用。", "质量达标：91% 相当或更好。")),
        Chart(SVG.format(label="第 10 个月回本"), "累计节省", "折线在第 10 个月穿过零线。"),
        Heading("成本与喆"),
        Table(
            "逐月现金流",
            (Column("月份"), Column("支出", "right"), Column("节省", "right"), Column("净额", "right")),
            _cash("合计"),
            "税前，月末。",
            total_row=True,
        ),
        Note("16,384 次抽样，种子 7。"),
    )
    return Document(
        "客服回复是否应微调模型？",
        "北风贸易 · 2026年11月20日",
        "zh",
        "北风贸易",
        datetime.date(2026, 11, 20),
        "为估算值，不构成要约。",
        blocks,
        {"page": "第 {page} 页，共 {pages} 页"},
    )


def hostile(text: str) -> Document:
    """A document with ``text`` wherever text can stand."""
    blocks: tuple[Block, ...] = (
        Verdict("fair", text, text, text),
        KeyFigures((KeyFigure(text, text, text), KeyFigure("A", "B"), KeyFigure("C", "D"), KeyFigure("E", "F"))),
        Heading(text),
        Heading(text, 9),
        Paragraph(text),
        Bullets((text,)),
        Table(text, (Column(text), Column(text, "right", 0.3), Column("")), ((text, text, ""),), text, total_row=True),
        Chart(SVG.format(label="a"), text, text),
        Note(text),
    )
    return Document(text, text, "en", text, datetime.date(2026, 1, 1), text, blocks)
