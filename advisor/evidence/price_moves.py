"""What an update of prices changed, in words: a line for each source, the prices that moved, and the case with them."""

from advisor.decision.advice import Advice
from advisor.price_sources.answers import PriceMove, SourceAnswer
from advisor.text.i18n import Translator
from advisor.text.phrases import verdict_label

MOST_SHOWN = 20
MOVE_COLUMNS = ("what", "before", "now", "change", "since")


def source_line(answer: SourceAnswer, t: Translator) -> str:
    """How many prices a source told, of which day, and how many of them are other ones than before."""
    moved = [move for move in answer.moves if move.old is not None and move.kept is None]
    counts = {
        "read": t.number(answer.read, 0),
        "moved": t.number(len(moved), 0),
        "new": t.number(sum(move.old is None for move in answer.moves), 0),
        "kept": t.number(sum(move.kept is not None for move in answer.moves), 0),
    }
    told = t("update.source_line", source=answer.source, date=t.date(answer.as_of), **counts)
    if answer.missing:
        told = t("word.sentences", first=told, second=t("update.missing", sellers=", ".join(answer.missing)))
    return told


def shown_moves(answer: SourceAnswer) -> tuple[PriceMove, ...]:
    """The first of the moves that are told."""
    return moves_told(answer)[:MOST_SHOWN]


def moves_told(answer: SourceAnswer) -> tuple[PriceMove, ...]:
    """The moves of a source: what was kept first, then the largest; prices that are new are only counted."""
    told = [move for move in answer.moves if move.old is not None]
    return tuple(sorted(told, key=lambda move: (move.kept is None, -abs(move.change or 0.0), move.subject)))


def move_row(move: PriceMove, t: Translator) -> tuple[str, ...]:
    """The cells of one move, by ``MOVE_COLUMNS``."""
    if move.change is None:
        change = t("update.gone_cell")
    else:
        change = t.percent(move.change, 1)
        if move.kept is not None:
            change = t("update.kept_cell", change=change)
    return move.subject, _price(move.old, move, t), _price(move.new, move, t), change, t.date(move.on)


def _price(value: float | None, move: PriceMove, t: Translator) -> str:
    return t.number(value) if value is None else f"{t.number(value)} {move.unit}"


def effect_lines(before: Advice, after: Advice, t: Translator) -> tuple[str, ...]:
    """The verdict of a case and its value with the prices before and after."""
    old, new = (verdict_label(t, each.recommendation) for each in (before, after))
    lines = [t("update.verdict_stays", verdict=new) if old == new else t("update.verdict_turns", old=old, new=new)]
    values = [each.assessment.metrics for each in (before, after)]
    if values[0] is not None and values[1] is not None:
        currency = after.assessment.assumptions.currency
        was, now = (t.money(each.npv, currency) for each in values if each is not None)
        lines.append(t("update.value", old=was, new=now))
    return tuple(lines)
