"""First page, a decision memo: for whom, what is asked for, figures as ranges, why, what to do next, a line to sign."""

from advisor.decision.rules import INSTEAD, tone_of
from advisor.report.case import FINGERPRINT, ReportedCase
from advisor.report.document import (
    Block,
    Bullets,
    Column,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Particular,
    Particulars,
    Table,
    Verdict,
)
from advisor.report.sections.sign_off import sign_off_section
from advisor.scenario import REQUIRED, STEP_OWNER
from advisor.text.headline_phrases import chance_text, headline_cards, headline_text
from advisor.text.memo_phrases import Ask, StepRow, ask_of, beside_ask, look_again, range_cards, step_rows
from advisor.text.phrases import assumption_text, field_label, verdict_label

NAMED = ("prepared_for", "prepared_by", "company")


def decision_section(case: ReportedCase) -> list[Block]:
    """Everything that whoever decides must see."""
    t, found, asked = case.t, case.advice.recommendation, ask_of(case.memo, case.t)
    reason, *further = [case.notice(n) for n in found.reasons if n.code != INSTEAD] or [""]  # the ask says it
    if sentence := beside_ask(case.memo, t):
        reason = t("word.sentences", first=sentence, second=reason)
    told = (*further, *(case.notice(n) for n in found.advice))
    steps = step_rows(case.memo, t)
    why: list[Block] = [Bullets(told)] if told else []
    return [
        Particulars((*_names(case), *_asked(case, asked), *_needs(case))),
        Verdict(tone_of(found), verdict_label(t, found), asked.sentence, reason),
        *_figures(case),
        *_outlook(case),
        *why,
        *_steps(case, steps),
        *sign_off_section(case),
    ]


def _names(case: ReportedCase) -> list[Particular]:
    given = ((name, getattr(case.told, name)) for name in NAMED)
    return [Particular(field_label(case.t, name), value) for name, value in given if value]


def _asked(case: ReportedCase, asked: Ask) -> list[Particular]:
    """The amount and the days, and what tells this case and its data from others."""
    t, a = case.t, case.assumptions
    amount = t("memo.asked.nothing") if asked.now is None else case.money(asked.now)
    if asked.then is not None:
        amount = t("memo.asked.then", now=case.money(asked.now), then=case.money(asked.then))
    data = a.catalog_version[:FINGERPRINT]  # the foot of the page has the whole: two lines here cost a second page
    version = t("memo.version", case=case.fingerprint, catalog=data)
    facts = [Particular(t("memo.asked"), amount)] if case.advice.headline is not None and case.serves else []
    label = t("memo.version.linked") if case.link else t("memo.version.label")
    return [*facts, Particular(t("memo.again"), t.date(look_again(case.memo))), Particular(label, version, case.link)]


def _needs(case: ReportedCase) -> list[Particular]:
    """The three answers everything starts from."""
    rows = case.assumptions
    return [
        Particular(field_label(case.t, name), assumption_text(case.t, rows[name], case.currency)) for name in REQUIRED
    ]


def _figures(case: ReportedCase) -> list[Block]:
    """Three figures as ranges; of a case without requests its cost alone."""
    found, a, t = case.advice.headline, case.assumptions, case.t
    if found is None:
        return []
    cards = range_cards(found, a, t) or headline_cards(found, a, t)
    return [KeyFigures(tuple(KeyFigure(*card) for card in cards))]


def _outlook(case: ReportedCase) -> list[Block]:
    """The chance of payback, and what tuning brings where it works and where it does not."""
    found, t = case.advice.headline, case.t
    if found is None or not found.serves:
        return []
    said = t("word.sentences", first=chance_text(found, t), second=headline_text(found, case.currency, t))
    return [Paragraph(said)]


def _with_facts(case: ReportedCase, step: StepRow) -> str:
    """How a step is done; with the facts most worth finding out where finding them out is the step."""
    names = [field_label(case.t, fact.id) for fact in case.examined.facts] if step.id == "find_out_facts" else []
    if not names:
        return step.text
    first = case.t("memo.these_first", names=case.names(names))
    return case.t("word.sentences", first=first, second=step.text)


def _steps(case: ReportedCase, steps: tuple[StepRow, ...]) -> list[Block]:
    """What to do next; what nobody has said stays empty, to be filled in."""
    if not steps:
        return []
    t, owners = case.t, case.told.owners or {}
    columns = (
        Column(t("report.column.step"), share=5.8),
        Column(t("memo.column.owner"), share=1.6),
        Column(t("memo.column.cost"), "right", 1.0),
        Column(t("memo.column.by"), "right", 1.5),
    )
    rows = tuple(
        (
            t("report.step", title=step.title, text=_with_facts(case, step)),
            owners.get(STEP_OWNER + step.id, ""),
            "–" if step.cost is None else case.money(step.cost),
            "" if step.by is None else t.date(step.by),
        )
        for step in steps
    )
    return [Heading(t("report.heading.next")), Table("", columns, rows, t("memo.steps.note"))]
