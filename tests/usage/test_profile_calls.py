"""Lengths, shares, times and repeats, by numbers one can add up by hand, and why each may not be known."""

from datetime import datetime

import pytest

from advisor.core.notices import InputError
from tests.usage.tables import at, daily, hourly, measured, value

AZURE_HOUR = """
18:15:46.680590,374,44
18:20:56.443302,857,117
18:26:16.092233,1212,406
18:31:04.753826,1139,412
18:35:49.261819,181,230
18:39:49.975818,242,14
18:43:25.617930,1247,401
18:46:39.366000,420,187
18:50:01.175535,1098,407
18:53:38.787926,206,183
18:58:08.446301,2161,100
19:02:29.290908,8,110
19:08:21.551236,1056,417
"""
"""From the conversation trace of 16 November 2023 in Azure/AzurePublicDataset (CC-BY); Patel et al., "Splitwise:
Efficient generative LLM inference using phase splitting", ISCA 2024. Moment, prompt tokens, answer tokens."""


def every_hour(*rows, hours=1):
    """Each of these rows, one a minute, from the same hour."""
    return [{"ts": at(0, 0, 60 * k), **row} for k, row in enumerate(rows * hours)]


class TestMeans:
    def test_means_of_a_request(self):
        found = measured(
            every_hour({"input_tokens": 100, "output_tokens": 10}, {"input_tokens": 300, "output_tokens": 30})
        )
        assert (value(found, "input_tokens"), value(found, "output_tokens")) == (200, 20)
        assert found.figures["input_tokens"].rows == 2

    def test_a_bucket_weighs_with_its_requests(self):
        rows = [
            {"ts": at(0), "bucket_seconds": 3_600, "requests": 9, "input_tokens": 900},
            {"ts": at(0), "bucket_seconds": 3_600, "requests": 1, "input_tokens": 1_100},
        ]
        assert value(measured(rows), "input_tokens") == 200

    def test_means_are_over_the_rows_that_report_them(self):
        found = measured(every_hour({"input_tokens": 100}, {"input_tokens": 300, "output_tokens": 40}))
        assert (value(found, "input_tokens"), value(found, "output_tokens")) == (200, 40)
        assert found.figures["output_tokens"].rows == 1

    def test_reasoning_is_left_out_where_it_is_told(self):
        rows = every_hour({"output_tokens": 100, "output_reasoning_tokens": 70}, {"output_tokens": 500})
        found = measured(rows)
        assert value(found, "output_tokens_without_reasoning") == 30
        assert value(found, "output_tokens") == 300

    def test_tokens_without_a_count_of_requests_give_no_mean_but_shares(self):
        found = measured(daily(3, lambda day: None, input_tokens=100, cache_read_tokens=25, output_tokens=1))
        assert found.not_known["input_tokens"] == "requests_not_counted"
        assert found.not_known["batch_share"] == "not_reported"
        assert value(found, "cached_input_share") == 0.25
        assert found.models[0].requests is None
        assert found.models[0].input_tokens is None

    def test_the_cached_share_is_over_the_rows_that_report_the_cache(self):
        rows = every_hour({"input_tokens": 100, "cache_read_tokens": 40}, {"input_tokens": 900})
        found = measured(rows)
        assert value(found, "cached_input_share") == 0.4
        assert found.figures["cached_input_share"].rows == 1
        assert measured(every_hour({"input_tokens": 900})).not_known["cached_input_share"] == "not_reported"

    def test_shares_of_batch_and_failures(self):
        rows = every_hour({"batch": True, "ok": True}, {"batch": False, "ok": False}, {"batch": False}, {})
        found = measured(rows)
        assert value(found, "batch_share") == pytest.approx(1 / 3)
        assert value(found, "failure_share") == 0.5

    def test_requests_answered_by_the_gateway_call_no_model(self):
        rows = every_hour({"input_tokens": 100, "output_tokens": 5, "cost": 1.0, "cost_kind": "billed"})
        kept = {"input_tokens": 9_000, "output_tokens": 5, "cost": 0.0, "cost_kind": "billed"}
        found = measured([*rows, {"ts": at(0, 0, 5), "served_from_response_cache": True, **kept}])
        assert value(found, "response_cache_share") == 0.5
        assert (value(found, "input_tokens"), value(found, "cost_per_request")) == (100, 1)
        assert value(found, "input_tokens_p99") == 100
        assert (found.rows, found.requests) == (2, 1)
        assert "usage_response_cache_left_out" in [n.code for n in found.notices]


class TestLongPrompts:
    def test_the_limit_is_that_of_the_model(self):
        """Terra of OpenAI costs more above 272,000 tokens, a model that is not known is held against 200,000."""
        terra, unknown = {"provider": "openai", "model": "gpt-6.1-terra"}, {"model": "our-own"}
        rows = every_hour(
            {**terra, "input_tokens": 250_000},
            {**terra, "input_tokens": 272_000},
            {**terra, "input_tokens": 300_000},
            {**unknown, "input_tokens": 250_000},
        )
        found = measured(rows)
        assert value(found, "long_prompt_share") == 0.5
        assert value(found, "long_prompt_tokens") == 275_000

    def test_no_long_prompt_has_no_length(self):
        found = measured(every_hour({"input_tokens": 200_000}))
        assert value(found, "long_prompt_share") == 0
        assert found.not_known["long_prompt_tokens"] == "no_long_prompt"

    def test_sums_hide_long_prompts(self):
        found = measured(hourly(2, input_tokens=10_000_000))
        assert found.not_known["long_prompt_share"] == "buckets_not_requests"
        assert found.not_known["long_prompt_tokens"] == "buckets_not_requests"


class TestQuantiles:
    def test_the_smallest_value_that_so_many_do_not_exceed(self):
        found = measured(every_hour(*({"input_tokens": k, "latency_ms": 10.0 * k} for k in range(1, 101))))
        assert [value(found, f"input_tokens_{q}") for q in ("p50", "p90", "p95", "p99")] == [50, 90, 95, 99]
        assert value(found, "latency_ms_p95") == 950
        assert found.not_known["ttft_ms_p50"] == "not_reported"

    def test_sums_have_no_quantiles(self):
        found = measured(hourly(2, input_tokens=1_000))
        assert found.not_known["input_tokens_p50"] == "buckets_not_requests"

    def test_a_row_that_stands_for_many_requests_weighs_as_many(self):
        rows = every_hour({"requests": 9, "input_tokens": 900}, {"requests": 1, "input_tokens": 500})
        found = measured(rows)
        assert (value(found, "input_tokens_p90"), value(found, "input_tokens_p95")) == (100, 500)


class TestReuse:
    def test_a_prefix_counts_where_it_was_seen_within_the_window(self):
        """Of 4 x 1,000 tokens, 600 are seen again after 4 minutes and 600 after 40; 3 hours later all is forgotten."""
        row = {"input_tokens": 1_000, "prefix_hash": "a", "block_tokens": 600, "model": "m"}
        found = measured([{"ts": at(0, 0, 60 * minute), **row} for minute in (0, 4, 44, 224)])
        assert value(found, "cacheable_share") == 0.15
        assert value(found, "cacheable_share_hour") == 0.3

    def test_models_share_no_cache(self):
        row = {"input_tokens": 1_000, "prefix_hash": "a", "block_tokens": 600}
        found = measured([{"ts": at(0, 0, k), "model": f"m{k}", **row} for k in range(3)])
        assert value(found, "cacheable_share") == 0

    def test_blocks_of_a_prompt_count_each(self):
        """The second prompt shares its first block of 512 tokens, the third both blocks: 512 and 600 of 3,000."""
        blocks = (["a", "b"], ["a", "c"], ["a", "b"])
        tokens = (600, 1_024, 600)
        rows = [
            {"ts": at(0, 0, 60 * k), "input_tokens": n, "block_hashes": each, "block_tokens": 512}
            for k, (each, n) in enumerate(zip(blocks, tokens, strict=True))
        ]
        found = measured(rows)
        assert value(found, "cacheable_share") == pytest.approx((512 + 600) / 2_224)
        assert value(found, "repeat_share") == pytest.approx(1 / 3)

    def test_a_repeated_prompt_and_a_retry(self):
        rows = [
            {"ts": at(0, 0, 0), "prompt_hash": "a", "ok": False},
            {"ts": at(0, 0, 30), "prompt_hash": "a", "ok": True},
            {"ts": at(0, 0, 40), "prompt_hash": "a", "ok": True},
            {"ts": at(0, 0, 50), "prompt_hash": "b", "ok": False},
            {"ts": at(0, 5, 0), "prompt_hash": "b", "ok": True},
        ]
        found = measured(rows)
        assert value(found, "repeat_share") == 0.6
        assert value(found, "retry_share") == 0.2

    def test_why_reuse_is_not_known(self):
        bare = measured(every_hour({"input_tokens": 5}))
        assert bare.not_known["cacheable_share"] == "no_prefix_hashes"
        assert bare.not_known["repeat_share"] == bare.not_known["retry_share"] == "no_prompt_hashes"
        nameless = measured(every_hour({"input_tokens": 5, "prefix_hash": "a", "prompt_hash": "b"}))
        assert nameless.not_known["cacheable_share_hour"] == "prefix_length_not_reported"
        assert nameless.not_known["retry_share"] == "not_reported"


class TestUseCases:
    ROWS = every_hour(
        {"use_case": "chat", "input_tokens": 10, "key_hash": "k1"},
        {"use_case": "mail", "input_tokens": 30, "key_hash": "k1"},
        {"use_case": "chat", "input_tokens": 20},
        {"key_hash": "k2", "input_tokens": 500},
    )

    def test_calls_are_told_apart_by_tag_or_else_by_key(self):
        assert measured(self.ROWS).by_use_case == {"chat": 2, "key:k2": 1, "mail": 1}

    def test_one_use_case_alone(self):
        found = measured(self.ROWS, use_case="chat")
        assert (value(found, "input_tokens"), found.requests, found.use_case) == (15, 2, "chat")
        assert found.by_use_case == measured(self.ROWS).by_use_case

    def test_another_name_is_refused_with_what_there_is(self):
        with pytest.raises(InputError) as refused:
            measured(self.ROWS, use_case="chats")
        (issue,) = refused.value.issues
        assert (issue.code, issue.params) == ("unknown_id_near", {"value": "chats", "near": "chat"})


class TestNothing:
    def test_no_file_and_no_row(self):
        for found in (measured(None), measured([]), measured([{"ts": at(0), "served_from_response_cache": True}])):
            assert set(found.not_known.values()) == {"no_usage"}
            assert (found.rows, found.figures) == (0, {})


def test_an_hour_of_a_public_trace():
    """Every 1,500th request of the hour: lengths, and nothing about days."""
    read = [line.split(",") for line in AZURE_HOUR.split()]
    rows = [
        {"ts": datetime.fromisoformat(f"2023-11-16T{moment}"), "input_tokens": int(n), "output_tokens": int(m)}
        for moment, n, m in read
    ]
    found = measured(rows)
    assert found.requests == 13
    assert value(found, "input_tokens") == pytest.approx(10_201 / 13)
    assert value(found, "output_tokens_p50") == 187
    assert found.figures["input_tokens"].low is None
    for name in ("daily_requests", "volume_growth", "peak_factor", "weekend_ratio"):
        assert found.not_known[name] == "shorter_than_a_day"
    assert found.not_known["unresolved_share"] == "no_model"
    assert found.not_known["monthly_bill"] == "no_bill"
    assert "usage_too_few_days_for_error" in [n.code for n in found.notices]
