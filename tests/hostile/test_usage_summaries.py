"""A usage.json that somebody has altered is read or refused with its place, and what is read can be shown."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.notices import InputError
from advisor.scenario import Scenario
from advisor.text import usage_phrases
from advisor.text.i18n import Translator
from advisor.text.phrases import issue_text, notice_text
from advisor.usage.answers import measured_answers, remarks
from advisor.usage.summary import dump_profile, read_profile
from tests.cases import DAY, catalog
from tests.usage.profiles import usage_profile

WRITTEN = json.loads(dump_profile(usage_profile()))
ODD: st.SearchStrategy[Any] = st.one_of(
    *(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=20)),
    *(st.just([]), st.just({}), st.just([[]]), st.just("2026-02-30"), st.just(1e308), st.just("\u202e")),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to everything in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, each in inner for found in places(each, (*path, key)))]


def altered(path: tuple[Any, ...], odd: Any) -> Any:
    whole = json.loads(json.dumps(WRITTEN))
    if not path:
        return odd
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return whole


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(places(WRITTEN)), ODD)
def test_an_altered_summary_is_shown_or_refused(path: tuple[Any, ...], odd: Any) -> None:
    t, issues = Translator("zh"), []
    try:
        found = read_profile(json.dumps(altered(path, odd)).encode())
    except InputError as refused:
        issues = list(refused.issues)
    if issues:
        assert all(issue_text(t, issue) for issue in issues)
        return
    rows = (usage_phrases.figure_rows, usage_phrases.model_rows, usage_phrases.rejected_rows)
    assert all(list(each(found, t)) is not None for each in rows)
    assert usage_phrases.read_text(found, t)
    case = Scenario()
    case.with_measured(measured_answers(found, case, catalog(), DAY))
    assert all(notice_text(t, notice, "USD") for notice in remarks(found, case, catalog(), DAY))
