"""The picture of the volume ladder and its words: every verdict by name, nothing rounded to the reader's favour."""

import json
import re

import altair as alt
import pytest

from advisor import charts
from advisor.charts.volume_ladder import bands
from advisor.decision.volume_ladder import Rung, VolumeLadder
from advisor.text.i18n import Translator
from advisor.text.ladder_phrases import ladder_lines, quick_rule_text, rounded_up, unsettled_text
from tests.charts.test_charts import LANGUAGES, svg, titles, words_of

EN = Translator("en")
TURNS = ((10.0, "no"), (18_655.0, "look_up_first"), (37_022.0, "caution"), (51_395.0, "yes"))
LADDER = VolumeLadder(40_000.0, (Rung(10.0, -1.0, -1.0, "no"),), 9_360.0, 25_148.0, TURNS)
ALWAYS_SERVES = VolumeLadder(10_000.0, LADDER.rungs, 10.0, 575.0, TURNS)
NEVER = VolumeLadder(5_000.0, LADDER.rungs, None, None, ((10.0, "no"),))


@pytest.mark.parametrize("paper", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ladder", [LADDER, ALWAYS_SERVES, NEVER])
def test_it_is_complete_and_names_every_verdict(ladder: VolumeLadder, language: str, paper: bool) -> None:
    t = Translator(language)
    chart = charts.build_volume_ladder_chart(ladder, t, paper=paper)
    alt.LayerChart.validate(chart.to_dict())
    for width in (340, 1100):
        shown = svg(chart, "#ffffff", width)
        assert "NaN" not in shown
        assert "undefined" not in shown
        assert all(f">{line}<" in shown for line in ladder_lines(ladder, t))


def test_no_word_stays_english() -> None:
    t = Translator("zh")
    chart = charts.build_volume_ladder_chart(LADDER, t)
    said = json.dumps(titles(chart.to_dict()), ensure_ascii=False)
    for text in (said, *words_of(chart), charts.volume_ladder_alt(LADDER, t), quick_rule_text("lora", LADDER, t)):
        assert set(re.findall(r"[A-Za-z]+", text)) <= {"LoRA"}, text


def test_marks_stand_where_they_belong_on_the_logarithmic_scale() -> None:
    rows = charts.build_volume_ladder_chart(LADDER, EN).to_dict()["datasets"]
    places = [rows[mark][0]["share"] for mark in ("serving", "project", "you")]
    assert places == sorted(places)
    own = next(band for band in bands(LADDER, EN) if band.start <= places[-1] < band.end)
    assert own.verdict == LADDER.at(LADDER.you) == "caution"
    assert not rows["project"][0]["there"] or rows["project"][0]["share"] > 0


def test_verdicts_that_are_near_do_not_begin_at_the_same_volume() -> None:
    near = VolumeLadder(
        40_000.0, LADDER.rungs, 9_360.0, 25_148.0, (*TURNS[:2], (107_200.0, "caution"), (109_900.0, "yes"))
    )
    starts = [line.rpartition(" ")[2] for line in ladder_lines(near, EN)[3:]]
    assert starts == ["19,000", "19,000", "108,000", "110,000"]


@pytest.mark.parametrize(
    ("you", "told"), [(58_500.0, "58,300"), (58_240.0, "58,240"), (59_000.0, "59,000"), (58_100.0, "59,000")]
)
def test_a_verdict_that_holds_here_begins_at_no_higher_volume(you: float, told: str) -> None:
    """ "Recommended from about 59,000" stood beside "recommended" at 58,500."""
    ladder = VolumeLadder(you, LADDER.rungs, 58_240.0, 58_240.0, ((10.0, "no"), (58_240.0, "yes")))
    assert all(line.endswith(told) for line in (*ladder_lines(ladder, EN)[1:],))
    assert f"from about {told} requests" in quick_rule_text("strongly", ladder, EN)


def test_a_break_even_at_every_or_no_volume_has_words_and_no_mark() -> None:
    for ladder, words in ((ALWAYS_SERVES, "Running costs alone break even at any volume"), (NEVER, "at no volume")):
        rows = charts.build_volume_ladder_chart(ladder, EN).to_dict()["datasets"]
        assert not rows["serving"][0]["there"]
        assert words in rows["serving"][0]["words"]


def test_the_picture_and_its_description_list_the_same_verdicts_at_the_same_volumes() -> None:
    """However narrow a band is: drawn across, "recommended" began at another volume than in the description."""
    turns = ((10.0, "no"), (59_351.0, "pilot_first"), (111_396.0, "look_up_first"), (132_553.0, "yes"))
    ladder = VolumeLadder(20_000.0, LADDER.rungs, 10_385.0, 59_351.0, turns)
    assert [band.verdict for band in bands(ladder, EN)] == [verdict for _, verdict in turns]
    rows = charts.build_volume_ladder_chart(ladder, EN).to_dict()["datasets"]["list"]
    assert [row["words"] for row in rows] == list(ladder_lines(ladder, EN))
    assert all(row["words"] in charts.volume_ladder_alt(ladder, EN) for row in rows)


@pytest.mark.parametrize(
    ("volume", "shown"), [(8_922.0, 9_000), (37_022.0, 38_000), (38_000.0, 38_000), (7.0, 7), (649_381.0, 650_000)]
)
def test_volumes_are_rounded_up_to_two_figures(volume: float, shown: float) -> None:
    assert rounded_up(volume) == shown


def test_the_quick_rule_is_joined_to_the_ladder_in_one_sentence() -> None:
    says = "Article 001's quick rule says “Fine-tune, strongly advised” at this volume."
    counted = "At today's prices, with the whole cost counted, tuning pays on average"
    assert quick_rule_text("strongly", LADDER, EN) == (
        f"{says} {counted} from about 26,000 requests a day, its running costs alone from about 9,400."
    )
    assert quick_rule_text("strongly", NEVER, EN) == (
        f"{says} At today's prices tuning pays at no volume, not even by its running costs alone."
    )
    assert quick_rule_text("strongly", ALWAYS_SERVES, EN).endswith("its running costs alone at any volume.")
    assert quick_rule_text("strongly", None, EN).startswith(says)
    assert quick_rule_text("ask_quality", None, EN, volume_known=False) == (
        "Article 001's quick rule needs the requests a day."
    )


def with_verdicts(*verdicts: str) -> VolumeLadder:
    starts = (10.0, 83_000.0, 86_000.0, 92_000.0, 99_000.0, 180_000.0)
    return VolumeLadder(40_000.0, LADDER.rungs, None, None, tuple(zip(starts, verdicts, strict=False)))


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        (("no", "not_yet", "no", "not_yet", "look_up_first", "yes"), ("83,000 to 99,000", "4 times")),
        (("no", "not_yet", "no", "not_yet", "no"), ("83,000 to 99,000", "4 times")),
        (("no", "not_yet", "look_up_first", "yes"), ()),
        (("no", "not_yet", "no"), ()),
    ],
)
def test_where_verdicts_come_and_go_is_told_as_one_range(verdicts: tuple[str, ...], told: tuple[str, ...]) -> None:
    said = unsettled_text(with_verdicts(*verdicts), EN)
    assert bool(said) is bool(told)
    assert all(part in said for part in told)
