"""The volume ladder in words: where serving and the project break even, and how the quick rule relates to it."""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Protocol

from advisor.text.i18n import Translator

FIGURES, MOST_FIGURES = 2, 9
"""Significant figures of a volume in a sentence: more are not known, and only part two volumes that are near."""

FEWEST_BETWEEN = 3
"""Verdicts between two volumes, from which on it is told that they come and go there."""


class Ladder(Protocol):
    """What is told of a ladder; volumes in requests a day, ``None`` where it is at none."""

    @property
    def you(self) -> float: ...
    @property
    def serving(self) -> float | None: ...
    @property
    def project(self) -> float | None: ...
    @property
    def verdicts(self) -> tuple[tuple[float, str], ...]: ...


def quick_rule_text(cell: str, ladder: Ladder | None, t: Translator, *, volume_known: bool = True) -> str:
    """What article 001's matrix says at this volume, and from which volumes the whole cost says that it pays."""
    if not volume_known:
        return t("quick_rule.no_volume")
    says = t("quick_rule.says", cell=t(f"matrix.{cell}.label"))
    if ladder is None:
        return t("word.sentences", first=says, second=t("quick_rule.no_ladder"))
    if ladder.project is None and ladder.serving is None:
        return t("word.sentences", first=says, second=t("quick_rule.never"))
    project, serving = (_from(each, ladder, t) for each in (ladder.project, ladder.serving))
    if ladder.project is not None and ladder.project > _lowest(ladder):
        project = t("ladder.from_day", requests=t.number(told_volume(ladder.project, ladder.you)))
    return t("word.sentences", first=says, second=t("quick_rule.against", project=project, serving=serving))


def ladder_lines(ladder: Ladder, t: Translator) -> tuple[str, ...]:
    """You, both break-evens, and every verdict with the volume from which it holds."""
    return (*mark_words(ladder, t).values(), *verdict_lines(ladder, t))


def verdict_lines(ladder: Ladder, t: Translator) -> tuple[str, ...]:
    """Every verdict with the volume from which it holds, or below which the first one does."""
    starts = [start for start, _ in ladder.verdicts[1:]]
    told = [told_volume(start, ladder.you, starts) for start in starts]
    least = t("ladder.below", requests=t.number(told[0])) if told else t("ladder.all")
    volumes = (least, *(t("ladder.from", requests=t.number(volume)) for volume in told))
    return tuple(
        t("ladder.band", verdict=t(f"verdict.{verdict}.label"), volume=volume)
        for (_, verdict), volume in zip(ladder.verdicts, volumes, strict=True)
    )


def unsettled_text(ladder: Ladder, t: Translator) -> str:
    """Between which volumes verdicts come and go, which no list of them tells; empty where they follow one another."""
    starts, verdicts = [start for start, _ in ladder.verdicts], [verdict for _, verdict in ladder.verdicts]
    again = [k for k, verdict in enumerate(verdicts) if verdicts.count(verdict) > 1]
    if not again:
        return ""
    first, end = again[0] + 1, min(again[-1] + 1, len(starts) - 1)
    if end - first < FEWEST_BETWEEN:
        return ""
    low, high = (t.number(told_volume(starts[k], ladder.you, starts[1:])) for k in (first, end))
    between = dict.fromkeys(t(f"verdict.{verdict}.label") for verdict in verdicts[first:end])
    names = t("chart.list").join(between)
    return t("ladder.unsettled", low=low, high=high, count=t.number(end - first + 1), verdicts=names)


def mark_words(ladder: Ladder, t: Translator) -> dict[str, str]:
    """Words beside the marks of a picture of the ladder."""
    places = {"serving": ladder.serving, "project": ladder.project}
    said = {"you": t("ladder.mark.you", requests=t.number(ladder.you))}
    return said | {mark: t(f"ladder.mark.{mark}", volume=_from(each, ladder, t)) for mark, each in places.items()}


def rounded_up(volume: float, figures: int = FIGURES) -> float:
    """A volume to so many significant figures, never below itself. [requests/day]"""
    step = 10.0 ** max(floor(log10(volume)) - figures + 1, 0)
    return ceil(volume / step - 1e-9) * step


def told_volume(volume: float, you: float, others: Sequence[float] = ()) -> float:
    """A volume rounded up, never past the case's own, nor so that another one reads the same. [requests/day]"""
    for figures in range(FIGURES, MOST_FIGURES):
        told = rounded_up(volume, figures)
        if not volume <= you < told and told not in [rounded_up(each, figures) for each in others if each != volume]:
            return told
    return rounded_up(volume, MOST_FIGURES)


def _lowest(ladder: Ladder) -> float:
    return ladder.verdicts[0][0]


def _from(start: float | None, ladder: Ladder, t: Translator) -> str:
    """From which requests a day, to what is known of it."""
    if start is None:
        return t("ladder.nowhere")
    if start <= _lowest(ladder):
        return t("ladder.everywhere")
    return t("ladder.from", requests=t.number(told_volume(start, ladder.you)))
