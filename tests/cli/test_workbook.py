"""The workbook from the command line."""

from pathlib import Path

from tests.report.workbook.changed_books import opened


def test_the_command_line_writes_it(run, tmp_path: Path) -> None:
    target = tmp_path / "case.xlsx"
    run("report", "chat", "-o", str(target), "--language", "zh")
    assert opened(target.read_bytes()).sheetnames[0] == "摘要"
