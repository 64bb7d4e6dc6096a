"""The bridge between two cases keeps its bars, however long their names are."""

import re

from advisor.charts.comparison import build_bridge_chart
from advisor.decision.comparison import bridge_between
from advisor.report.charts_svg import chart_to_svg
from advisor.report.comparison import bridge_rows
from advisor.text.i18n import Translator
from tests.cases import DAY, catalog, preset

NARROW = 300
T = Translator("en")


def drawn_width(name: str) -> float:
    bridge = bridge_between(preset("extraction"), preset("extraction", ops_hours=30), catalog(), DAY)
    assert bridge is not None
    chart = build_bridge_chart(bridge_rows(bridge, "Now", name, T), bridge, "USD", T).properties(width=NARROW)
    found = re.search(r'<svg[^>]* width="([\d.]+)"', chart_to_svg(chart, "en"))
    assert found is not None
    return float(found[1])


def test_a_name_wider_than_the_picture_is_cut_and_does_not_push_its_bars_away() -> None:
    assert drawn_width("Invoice mail triage of the Hamburg office, revision 12 (Nov 20, 2026)") == drawn_width("Next")
