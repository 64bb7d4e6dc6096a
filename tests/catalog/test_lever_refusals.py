"""Levers, plans and tables of articles: records that name each other rightly, and multipliers that say what is left."""

from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.catalog.loader import load_catalog
from advisor.core.notices import DataError

LEVERS, PLANS, ARTICLES = "levers/general.yaml", "plans/example.yaml", "articles/example.yaml"
SPOILED = [
    (LEVERS, "domain: hidden", "domain: hiden", "domain 'hiden' does not exist", "did you mean hidden"),
    (LEVERS, "high: 0.9", "high: 1.4", "multiplier high 1.4 exceeds 1", "what is left"),
    (LEVERS, "low: 0.4", "low: 0.7", "do not ascend", "order"),
    (LEVERS, "domain: hidden", "domain: hidden\n    when: {method: [full]}", "when and otherwise", "say why"),
    (LEVERS, "domain: hidden", "domain: hidden\n    excludes: [other]", "excluded lever 'other' does not exist", "add"),
    (LEVERS, "domain: hidden", "domain: hidden\n    preset: other", "preset 'other' does not exist", "add"),
    (PLANS, "preset: example", "preset: exampel", "preset 'exampel' does not exist", "example"),
    (PLANS, "hours: 1", "hours: -1", "steps[1].hours", ""),
    (PLANS, "currency: USD", "currency: XXX", "currency", ""),
    (ARTICLES, "preset: example", "preset: exampel", "preset 'exampel' does not exist", "example"),
    (ARTICLES, "model: open-7b", "model: open-8b", "model 'open-8b' does not exist", "open-7b"),
    (ARTICLES, "price: cloud/card-80gb", "price: cloud/card", "price 'cloud/card' does not exist", "cloud/card-80gb"),
    (ARTICLES, ", trains: true", "", "not exactly one step trains", "mark the step"),
]


@pytest.mark.parametrize(("file", "old", "new", "fault", "mend"), SPOILED, ids=[case[2] for case in SPOILED])
def test_a_spoiled_record_is_refused(
    data_tree: Callable[..., Path], minimal: dict[str, str], file: str, old: str, new: str, fault: str, mend: str
) -> None:
    assert old in minimal[file]
    with pytest.raises(DataError) as refused:
        load_catalog(data_tree({file: minimal[file].replace(old, new, 1)}))
    assert file in str(refused.value)
    assert fault in str(refused.value)
    assert mend in str(refused.value)


def test_every_lever_changes_an_answer_that_exists() -> None:
    from advisor.scenario import QUESTIONS

    for lever in load_catalog().levers.values():
        named = {*lever.when, *lever.answers, *lever.stated, *([lever.reach] if lever.reach else [])}
        assert named <= set(QUESTIONS), lever.id
        choices = [(QUESTIONS[name].choices, value) for name, value in lever.answers.items()]
        assert all(value in known for known, value in choices), lever.id


def test_exclusions_are_mutual() -> None:
    levers = load_catalog().levers
    assert all(lever.id in levers[other].excludes for lever in levers.values() for other in lever.excludes)
