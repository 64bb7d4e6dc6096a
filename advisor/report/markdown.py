"""The report as plain Markdown, to read, to mail and to compare in tests.

A chart is told by its caption and its alt text.
"""

import re

from advisor.report.document import (
    Approval,
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Particulars,
    Sources,
    Table,
    Verdict,
)

BLANK = "\\_" * 12
HEAD = 2
"""Lines of a table before its first row."""
SIGNS = {"good": "✓", "fair": "!", "poor": "×", "unknown": "?"}
MARKUP = re.compile(r"([\\`*\[\]<|~])|(?<![^\W_])_|_(?![^\W_])")  # an underscore inside a word marks nothing
LINE_START = re.compile(r"^(\s*)(?:([-+#=>])(?=[\s#=>-]|$)|(\d+)(?=[.)](?:\s|$)))", re.MULTILINE)


def render_markdown(document: Document) -> str:
    """The document as Markdown text, ending in a newline."""
    parts = [f"# {_line(document.title)}", _line(document.subtitle)]
    parts += [_block(block) for block in document.blocks]
    parts += ["---", _line(" · ".join(filter(None, (document.author, document.date.isoformat(), document.footer))))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * min(1 + max(level, 1), 6)} {_line(text)}"
        case Paragraph(text):
            return _text(text)
        case Verdict(tone, label, sentence, reason):
            lines = [f"**{SIGNS[tone]} {_line(label)}**", f"**{_line(sentence)}**", _line(reason)]
            return "\n>\n".join(f"> {line}" for line in lines if line)
        case KeyFigures(items):
            return "\n".join(
                f"- {_line(it.label)}: **{_line(it.value)}**" + (f" ({_line(it.note)})" if it.note else "")
                for it in items
            )
        case Particulars(items):
            return "\n".join(f"- {_line(it.label)}: {_linked(it.value, it.link)}" for it in items)
        case Approval(text, lines):
            return "\n\n".join([_line(text), *(f"{_line(line)}: {BLANK}" for line in lines)])
        case Sources(items):
            return "\n".join(f"- \\[{k}\\] {_line(item)}" for k, item in enumerate(items, start=1))
        case Bullets(items):
            return "\n".join(f"- {_line(item)}" for item in items)
        case Table():
            return _table(block)
        case Chart(_, caption, alt):
            return "\n\n".join(filter(None, (f"**{_line(caption)}**" if caption else "", _text(alt))))
        case Note(text):
            return f"*{_line(text)}*" if text else ""
        case PageBreak():
            return "---"


def _linked(text: str, address: str) -> str:
    """``text`` that leads to a web address, which is escaped already."""
    return f"[{_line(text)}](<{address}>)" if address else _line(text)


def _table(table: Table) -> str:
    """A pipe table between its caption and its note; a topic is a row of its own."""
    rows = [
        [_line(column.title) for column in table.columns],
        ["---:" if column.align == "right" else "---" for column in table.columns],
    ]
    rows += [[_line(cell) for cell in row] for row in table.rows]
    if table.total_row and table.rows:
        rows[-1] = [f"**{cell}**" if cell else "" for cell in rows[-1]]
    for first, topic in reversed(table.topics):
        rows.insert(first + HEAD, [f"**{_line(topic)}**", *[""] * (len(table.columns) - 1)])
    body = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    caption = f"**{_line(table.caption)}**" if table.caption else ""
    return "\n\n".join(filter(None, (caption, body, f"*{_line(table.note)}*" if table.note else "")))


def _text(text: str) -> str:
    """``text`` with its markup characters escaped, so that it reads as written."""
    escaped = MARKUP.sub(lambda found: "\\" + found.group(), text)
    return LINE_START.sub(lambda found: f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\", escaped)


def _line(text: str) -> str:
    """The same on a single line."""
    return " ".join(_text(text).split())
