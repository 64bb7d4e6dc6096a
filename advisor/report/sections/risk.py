"""How sure the answer is: the chance of payback, the spread of the money, what would change the verdict."""

import math
from collections.abc import Sequence

from advisor.core.findings import SwitchingValue
from advisor.report.case import ReportedCase
from advisor.report.document import Block, Bullets, Column, Heading, Note, Paragraph, Table
from advisor.risk.actions import ActionTable
from advisor.risk.simulation import Simulation
from advisor.risk.summary import PAYBACK_LIMIT, Risk, information
from advisor.text import risk_phrases as words
from advisor.text.headline_phrases import chance_text

MOST_SWITCHING = 3


def risk_section(case: ReportedCase) -> list[Block]:
    """Odds from many draws on one page; nothing where the money is unknown."""
    t, found, risk, table = case.t, case.advice.simulation, case.advice.risk, case.advice.actions
    headline = case.advice.headline
    if found is None or risk is None or table is None or headline is None or not headline.serves:
        return []
    said = t("word.sentences", first=chance_text(headline, t), second=_figures(case, risk))
    if failing := words.failing_text(1 - risk.chance, t):
        said = t("word.sentences", first=said, second=failing)
    return [
        Heading(t("risk.report.heading")),
        Paragraph(said),
        *_actions(case, table, risk),
        *_switching_values(case),
        *_against(case),
        Bullets((*(words.finding_text(each, t) for each in case.examined.findings), *_to_find_out(case, found, table))),
        Note(words.draws_text(risk, t)),
    ]


def _figures(case: ReportedCase, risk: Risk) -> str:
    t = case.t
    p10, p50, p90 = (case.money(value) for value in (risk.npv.p10, risk.npv.p50, risk.npv.p90))
    return t(
        "risk.report.figures",
        positive=words.share_text(t, risk.positive_share),
        within=words.share_text(t, risk.within_limit_share),
        months=t.number(PAYBACK_LIMIT, 0),
        request=words.thousand_text(risk, case.currency, t),
        **{"p10": p10, "p50": p50, "p90": p90},
    )


def _switching_values(case: ReportedCase) -> list[Block]:
    """The nearest values that change the verdict, and which numbers cannot."""
    t = case.t
    nearest = nearest_switches(case.examined.turning, MOST_SWITCHING)
    alone = words.alone_text(case.examined.switching_values, case.currency, t)
    if not nearest:
        none = t("ui.switching.none")
        return [Paragraph(t("word.sentences", first=none, second=alone) if alone else none)]
    shares = (2.1, 1.6, 1.6, 1.4, 1.1, 0.9)
    columns = tuple(
        Column(title, "left" if k in (0, 3) else "right", share)
        for k, (title, share) in enumerate(zip(words.switching_columns(t), shares, strict=True))
    )
    rows = tuple(words.switching_row(switch, case.currency, t) for switch in nearest)
    return [Table(t("risk.report.switching"), columns, rows, alone)]


def _against(case: ReportedCase) -> list[Block]:
    """The argument about most money against the verdict, and what would settle it."""
    if not case.examined.arguments:
        return []
    t, first = case.t, case.examined.arguments[0]
    against = case.notice(first.says)
    if case.examined.can_settle(first):
        settled = t("ui.settled_by", text=t(f"report.settled.{first.settled_by}"))
        against = t("word.sentences", first=against, second=settled)
    return [Paragraph(t("risk.report.against", text=against))]


def nearest_switches(found: Sequence[SwitchingValue], most: int) -> list[SwitchingValue]:
    """Those that change the verdict, the nearest first."""
    return sorted(found, key=_away)[:most]


def _away(switch: SwitchingValue) -> float:
    """How far a switch is; last where the number is zero now, from which there is no share."""
    return math.inf if switch.distance is None else abs(switch.distance)


def _to_find_out(case: ReportedCase, found: Simulation, table: ActionTable) -> list[str]:
    """The number most worth knowing, and whether a trial pays."""
    t, a = case.t, case.assumptions
    facts = [words.fact_text(known, case.currency, t) for known in case.examined.facts]
    unknown = case.advice.assessment.evidence.next_to_find
    first = facts or [words.first_text(information(found), unknown, case.currency, t)]
    return [*first, words.pilot_text(a, table, t)]


def _actions(case: ReportedCase, table: ActionTable, risk: Risk) -> list[Block]:
    """Everything that can be done next, compared in the same draws."""
    t = case.t
    shares = (2.0, 1.35, 1.35, 1.35, 1.35, 1.05, 1.25, 1.05, 0.9)
    columns = tuple(
        Column(title, "right" if k else "left", share)
        for k, (title, share) in enumerate(zip(words.action_columns(t), shares, strict=True))
    )
    rows = tuple(words.action_row(row, table, case.currency, t) for row in table.rows)
    read = words.actions_read(table, case.assumptions, risk, t)
    note = t("word.sentences", first=read, second=t("risk.report.percentiles"))
    return [Table(t("risk.heading.actions"), columns, rows, note)]
