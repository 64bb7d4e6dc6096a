"""The volume scan is remembered; what is remembered must be what the case itself would find."""

from dataclasses import replace
from datetime import date

import pytest

from advisor.assumptions import resolve
from advisor.catalog.loader import load_catalog
from advisor.decision.advice import preset_scenario
from advisor.money.baseline import with_baseline
from advisor.money.break_even_volume import _scan, volume_scan

ON = date(2026, 11, 28)


def test_a_scan_against_one_baseline_is_not_handed_to_another():
    """The same numbers against two alternatives have two break-even volumes, whichever is asked for first."""
    catalog = load_catalog()
    best, _ = with_baseline(resolve(preset_scenario("extraction", catalog), catalog, ON))
    today = replace(best, baseline="keep_as_is")
    assert best.baseline != today.baseline
    _scan.cache_clear()
    alone = volume_scan(best, ())
    _scan.cache_clear()
    other = volume_scan(today, ())
    assert volume_scan(best, ()).intervals == alone.intervals != other.intervals


def test_what_is_remembered_cannot_be_changed_by_who_got_it():
    catalog = load_catalog()
    found = volume_scan(resolve(preset_scenario("extraction", catalog), catalog, ON), (6.0, 12.0))
    with pytest.raises(TypeError):
        found.bands[6.0] = 1.0
