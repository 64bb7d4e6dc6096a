"""A team's own evaluation: kinds of scores, the gate, slices, the items missing, and the answers it gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.catalog.catalog import Catalog
from advisor.core.notices import InputError
from advisor.evidence.evaluation import evaluate_scores, evaluation_template, read_scores
from advisor.evidence.results_table import template
from advisor.scenario import Scenario

MARGIN = 0.03
CASE = {"daily_requests": 20_000, "quality_need": "high", "budget": 40_000}


def table(pairs, slices=None) -> bytes:
    rows = [(*pair, slices[k]) if slices else pair for k, pair in enumerate(pairs)]
    return template(("score_today", "score_tuned", "slice")[: 3 if slices else 2], rows).encode()


def judged(content: bytes, catalog: Catalog, margin: float = MARGIN, **how):
    return evaluate_scores(read_scores(content, "scores.csv", **how), catalog, margin)


def answers(gained: int, lost: int, both: int, neither: int) -> list[tuple[int, int]]:
    return [(0, 1)] * gained + [(1, 0)] * lost + [(1, 1)] * both + [(0, 0)] * neither


def test_the_example_can_be_read(catalog: Catalog) -> None:
    found = judged(evaluation_template().encode(), catalog)
    assert (found.whole.items, found.gate, len(found.slices)) == (4, "open", 2)


@pytest.mark.parametrize("words", [("yes", "no"), ("true", "false"), ("pass", "fail"), ("是", "否"), ("1", "0")])
def test_right_and_wrong_in_words(catalog: Catalog, words: tuple[str, str]) -> None:
    right, wrong = words
    found = judged(table([(right, right), (wrong, right)]), catalog)
    assert (found.kind, found.whole.gained, found.whole.today) == ("right_or_wrong", 1, 0.5)


def test_a_gate_is_answered_only_where_it_is_decided(catalog: Catalog) -> None:
    passed = judged(table(answers(20, 12, 328, 40)), catalog).records
    failed = judged(table(answers(5, 45, 405, 45)), catalog).records
    opened = judged(table(answers(2, 1, 33, 4)), catalog).records
    assert passed["gate_result"].value == "passed"
    assert failed["gate_result"].value == "failed"
    assert not {"gate_result", "evaluation_items"} & opened.keys()


def test_the_answers_make_a_case_with_their_records(catalog: Catalog) -> None:
    found = judged(table(answers(20, 12, 328, 40)), catalog)
    case = Scenario.from_answers(CASE).with_measured(found.records)
    assert case.quality_difference == pytest.approx(0.02)
    assert case.success_share == pytest.approx(0.85)
    assert (case.evaluation_items, case.evaluation_set, case.gate_result) == (400, "yes", "passed")
    record = case.record_of("quality_difference")
    assert record is not None
    assert record.low < 0.02 < record.high
    assert record.title == "scores.csv (n = 400)"


def test_a_rating_needs_its_scale_and_says_nothing_of_good_answers(catalog: Catalog) -> None:
    content = table([(4, 5), (3, 3), (5, 5), (2, 3)] * 10)
    with pytest.raises(InputError) as caught:
        judged(content, catalog)
    assert [(i.field, i.code, i.params["line"]) for i in caught.value.issues] == [
        ("score_today", "evaluation_scale_not_said", 2)
    ]
    found = judged(content, catalog, scale=(1.0, 5.0))
    assert (found.kind, found.whole.difference) == ("rating", pytest.approx(0.125))
    assert "quality_difference" not in found.records
    assert found.records["gate_result"].value == "passed"
    good = judged(content, catalog, scale=(1.0, 5.0), good=4.0)
    assert (good.kind, good.whole.today, good.whole.tuned) == ("right_or_wrong", 0.5, 0.5)


def test_few_scores_in_between_do_not_decide(catalog: Catalog) -> None:
    found = judged(table([(0.5, 0.7), (0.25, 0.5)]), catalog)
    assert found.gate == "open"
    assert {"evaluation_few_items", "evaluation_partial_credit"} <= {notice.code for notice in found.notices}
    assert judged(table([(0.5, 0.7), (0.25, 0.5)] * 15), catalog).gate == "passed"


def test_scores_that_all_change_alike_are_open_with_the_reason(catalog: Catalog) -> None:
    found = judged(table([(0.5, 0.6)] * 30), catalog)
    assert (found.gate, found.whole.low, found.whole.missing) == ("open", None, None)
    assert "evaluation_no_spread" in {notice.code for notice in found.notices}


def test_a_failed_slice_fails_the_gate(catalog: Catalog) -> None:
    pairs = answers(30, 5, 900, 65) + answers(0, 40, 60, 0)
    found = judged(table(pairs, ["common"] * 1000 + ["rare"] * 100), catalog)
    assert [(part.name, part.status) for part in found.slices] == [("common", "passed"), ("rare", "failed")]
    assert (found.whole.status, found.gate) == ("passed", "failed")


def test_one_slice_of_many_that_looks_failed_by_chance_stays_open(catalog: Catalog) -> None:
    """A slice whose p-value is between 0.05 / 20 and 0.05 fails alone and not among twenty."""
    bad = answers(0, 12, 78, 10)
    alone = judged(table(bad, ["bad"] * 100), catalog).slices[0]
    assert alone.status == "failed"
    assert 0.05 / 20 < alone.p_failed < 0.05
    pairs, names = list(bad), ["bad"] * 100
    for k in range(19):
        pairs += answers(10, 8, 72, 10)
        names += [f"other {k}"] * 100
    among = judged(table(pairs, names), catalog)
    assert next(part for part in among.slices if part.name == "bad").status == "open"
    assert among.gate != "failed"


def test_items_without_both_scores_are_told_and_left_out(catalog: Catalog) -> None:
    found = judged(b"score_today,score_tuned\n1,1\n1,\n,0\n0,1\n", catalog)
    assert found.whole.items == 2
    assert [n.params for n in found.notices if n.code == "evaluation_left_out"] == [{"count": 2}]


def test_with_the_items_missing_it_is_mostly_decided(catalog: Catalog) -> None:
    """As many items as it said are missing, drawn as the first ones went: about the power of 80 %, and not by luck."""
    first = judged(table(answers(3, 2, 85, 10)), catalog)
    assert first.gate == "open"
    items = 100 + (first.whole.missing or 0)
    random = np.random.default_rng(9)
    decided = 0
    for _ in range(200):
        gained, lost, both, neither = random.multinomial(items, [0.03, 0.02, 0.85, 0.1])
        decided += judged(table(answers(gained, lost, both, neither)), catalog).gate == "passed"
    assert decided / 200 >= 0.75


@pytest.mark.parametrize(
    ("content", "field", "code", "line"),
    [
        (b"a,b\n1,2\n", "score_today", "results_column_missing", None),
        (b"score_today,score_tunedd\n1,1\n", "score_tunedd", "unknown_field_near", None),
        (b"score_today,score_tuned\n1,x\n", "score_tuned", "results_no_number", 2),
        (b"score_today,score_tuned\n1,nan\n", "score_tuned", "results_no_number", 2),
        (b"score_today,score_tuned\n1,1e999\n", "score_tuned", "results_outside", 2),
        (b"score_today,score_tuned\n1,1\n0,7\n", "score_tuned", "evaluation_scale_not_said", 3),
        (b"item,score_today,score_tuned\nq,1,1\nq,0,1\n", "item", "evaluation_item_twice", 3),
        (b"score_today,score_tuned\n1,\n", "file", "evaluation_no_pairs", None),
        (b"score_today,score_tuned\n", "file", "table_empty", None),
        (b"", "file", "table_empty", None),
        (b"score_today,score_tuned\n1,\x07\n", "file", "table_not_utf8", 2),
    ],
)
def test_a_faulty_table_is_told_by_column_and_line(catalog: Catalog, content, field, code, line) -> None:
    with pytest.raises(InputError) as caught:
        judged(content, catalog)
    issue = caught.value.issues[0]
    assert (issue.field, issue.code, issue.params.get("line")) == (field, code, line)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_swapping_the_models_turns_the_difference(pairs) -> None:
    from tests.evidence.conftest import CATALOG

    there = judged(table([(int(a), int(b)) for a, b in pairs]), CATALOG).whole
    back = judged(table([(int(b), int(a)) for a, b in pairs]), CATALOG).whole
    assert there.difference == pytest.approx(-back.difference)
    assert (there.gained, there.lost) == (back.lost, back.gained)
    assert there.low == pytest.approx(-back.high, abs=1e-9)
