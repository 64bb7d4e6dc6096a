"""A table as a file, from where it stands: one control, which opens to CSV and to a spreadsheet."""

from collections.abc import Callable, Sequence

import streamlit as st

from advisor.report.csv import table_csv
from advisor.ui import state

Rows = Sequence[Sequence[object]]
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(rows: Rows, columns: Sequence[str], description: str, name: str) -> None:
    """The control; closed it is one element, as the one button is that stood there before."""
    t, key = state.translator(), f"table.{name}.{description}.{state.language()}"
    box = st.popover(t("tables.take"), type="tertiary", icon=":material/download:", key=key, on_change="rerun")
    if not box.open:
        return
    kinds: dict[str, tuple[Callable[[], bytes], str]] = {
        "csv": (_csv(rows, columns), "text/csv"),
        "xlsx": (_xlsx(rows, columns, description), SPREADSHEET),
    }
    for kind, (build, mime) in kinds.items():
        box.download_button(
            t(f"tables.{kind}"),
            data=build,
            file_name=f"{name}.{kind}",
            mime=mime,
            on_click="ignore",
            type="tertiary",
            key=f"{key}.{kind}",
        )


def _csv(rows: Rows, columns: Sequence[str]) -> Callable[[], bytes]:
    return lambda: table_csv(columns, [[_text(cell) for cell in row] for row in rows])


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else "" if cell is None else str(cell)


def _xlsx(rows: Rows, columns: Sequence[str], title: str) -> Callable[[], bytes]:
    on = state.today()

    def build() -> bytes:
        from advisor.report.table_file import table_xlsx

        return table_xlsx(columns, rows, title, on)

    return build
