"""The whole result as JSON: raw numbers, ``null`` where nobody knows, never NaN or infinity.

Keys of the object, in order. A later version may add keys; ``schema_version`` rises when one changes its meaning.

- ``schema_version``, ``product_version``, ``catalog_version``, ``as_of``, ``currency``, ``language``
- ``scenario``: the answers, as a scenario file holds them
- ``verdict``, ``rule``, ``matrix``, ``calculator``, ``conflict``, ``deciding`` (metric ids), ``next_steps``
- ``headline``: ``chance`` that the quality gate passes, then ``payback``, ``npv``, ``npv_if_passed``,
  ``npv_if_failed``, ``monthly_savings`` (at today's volume and prices), ``averaged_savings`` (of the horizon, by its
  months), ``roi`` and ``investment``, each ``{unit, p10, p50, p90, mean, as_entered}``; payback, savings and roi are
  where the gate passes, ``npv`` over both results; ``investment_p80``,
  ``chances_in_ten`` within ``chance_months``, ``unpaid_share`` (not paid back within the horizon, where the gate
  passes), ``horizon``, ``draws``, ``standard_error`` of the mean npv
- ``first_test``: ``{option, model, cost, chance, gain, worth}`` of the untested model worth testing before anything
  else, or ``null``; ``gain`` is what a pass is worth beyond the recommended action
- ``actions``: ``{id, recommended, admissible, why_not, mean, p10, p50, p90, chance_of_loss, at_risk, delay_months,
  go_share, go_mean}``, net present values against the best without tuning; ``chance_of_loss`` is given a go.
  ``look_up_first`` knows the drawn facts that nobody stated and of which either end moves anything compared, all else
  as drawn; ``wait`` the drawn yearly rates
- ``reasons``, ``notices``: ``{code, severity, params, text}``; the text is in ``language``
- ``metrics``: by id ``{value, unit, status}``; besides ``exit_month``, ``break_even_intervals`` as
  ``[from, to or null]`` and ``band_requests`` as ``{below_months, requests}``
- ``options``: ``today``, ``baseline`` (the best without tuning, which may be the same) and ``tuned``, each
  ``{id, one_time_cost, steady_monthly_cost, monthly_cost, line_items, success_share}``
- ``alternatives``: ``{id, in, state, tunes, is_case, is_baseline, route, name, reasons, one_time, monthly,
  cost_per_request, cost_per_success, npv_against_today, npv_against_baseline, npv_p10, npv_p90, today_p10, today_p90,
  payback_months, payback_status, test_cost, test_gain, test_chance, answers}``; ``state`` is ``in``, ``untested`` (only
  a test speaks against it; what that costs and a pass would bring beyond the recommended action) or ``ruled_out``;
  ``npv_p10`` and ``npv_p90`` are against the baseline, ``answers`` is what to change in the scenario to take a way
  over, ``null`` goes back to the default
- ``risk``: ``npv`` and ``cost_per_request`` as ``{p10, p50, p90, mean, share_positive}``, ``payback_months`` as
  ``{p10, p50, p90}`` (``null``: never within the horizon) where the quality gate passes, which has the ``chance``;
  ``as_entered_share`` (of those, draws worth less than the case as it stands), over both results of the gate
  ``positive_share``, ``within_limit_share`` (paid back
  within ``limit_months``), ``back_share``, ``if_passed`` as ``{payback_p50, positive_share, within_limit_share}``,
  ``chances_in_ten`` within ``chance_months``, ``investment_p50`` and
  ``investment_p80`` over the future numbers alone, ``investment_p80_with_facts`` over all, ``evpi``, ``draws``,
  ``seed``, ``standard_error``, ``correlations`` as ``{first, second, value}``
- ``facts_to_find``: where the verdict is ``look_up_first``, up to three open facts as ``{id, variance_share, worth}``
- ``flips``: ``{id, value, low, high, flips_at, verdict, chance, distance}``; at ``flips_at``, the nearest to
  ``value`` of those found between ``low`` and ``high``, the verdict is ``verdict``; ``null`` where there is none. Four
  places on either side are looked at and the first that differs is halved; ``chance``: share of the draws beyond it
- ``findings``: ``{id, answer, verdict}``: open answers that would change the verdict, and to what
- ``counter_case``: ``{code, severity, params, text, settled_by, money}``, the argument about most money first
- ``ladder``: requests a day: ``you``, from where ``serving`` and the ``project`` break even (``null``: at none), and
  ``verdicts`` as ``{from, verdict}``, each holding from there on; ``null`` where nothing is served
- ``monthly_requests``; ``cash_flows`` and ``cumulative``: tuning against ``baseline``; index 0 is today, outflow
  negative, end of month
- ``assumptions``: ``{id, value, unit, kind, source, url, date, set_by, low, high, role, shape, note, announced,
  follows}``; a number with a ``shape`` is drawn: ``value`` is the median, of ``three_point`` the mode of a PERT;
  ``low`` and ``high`` are the ends, of a ``lognormal`` the 5 % and 95 % points, of an ``estimate`` (a lognormal too)
  the 10 % and 90 % points; ties hold between numbers that are drawn. The note is by language; ``announced`` are
  later values of a price as ``{on, value}``, counted from the month in which ``on`` lies; a number that ``follows``
  ``{id, constant, slope}`` and is not drawn itself is ``constant + slope x id`` where that one is drawn, a fraction
  then between 0 and 1
- ``sign_off``: what was decided at the stage gates, or ``null``: ``{stopped_at, decided, gates_of_plan, planned,
  released, gates}``, each gate ``{id, number, owner, spent, criterion, due, decision, decided_on, decided_by, released,
  remark}``; ``number`` is ``null`` of a gate that the plan has no more, ``planned`` is the money of the whole plan
- ``missing``: items whose price nobody knows; then ``metrics``, ``options``, ``risk`` and the flows are ``null``
  and there are no ``alternatives``
- ``walk``: steps from the compared preset, ``{id, investment, monthly_savings, npv, payback_months, payback_status}``
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

import numpy as np

from advisor import __version__
from advisor.core.findings import SwitchingValue
from advisor.core.notices import Notice
from advisor.core.records import METRICS, Assumption, LineItem, Metrics, OptionResult
from advisor.costs.sign_off import SignOff
from advisor.decision.advice import Advice
from advisor.decision.alternatives import Alternative
from advisor.decision.bridge import Step
from advisor.decision.counter_case import Argument
from advisor.decision.examination import UNEXAMINED, Examination
from advisor.decision.volume_ladder import VolumeLadder
from advisor.report.sign_off import sign_off_record
from advisor.risk.actions import Action, ActionTable
from advisor.risk.headline import Figure, Headline
from advisor.risk.simulation import DIMENSIONS
from advisor.risk.summary import PAYBACK_LIMIT, Risk, share_below
from advisor.scenario import role_of
from advisor.text.i18n import Translator, translations
from advisor.text.phrases import (
    notice_text,
    option_name,
)

RESULT_SCHEMA_VERSION = 3


def render_json(
    advice: Advice,
    t: Translator,
    walk: Iterable[Step] = (),
    examined: Examination = UNEXAMINED,
    signed: SignOff | None = None,
) -> str:
    """The result as JSON text, ending in a newline."""
    record = result_record(advice, t, walk, examined, signed)
    return json.dumps(record, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def result_record(
    advice: Advice,
    t: Translator,
    walk: Iterable[Step] = (),
    examined: Examination = UNEXAMINED,
    signed: SignOff | None = None,
) -> dict[str, Any]:
    """The result as plain values, in the order the module's description gives."""
    a, found, said = advice.assessment.assumptions, advice.assessment, advice.recommendation
    e = found.economics
    record: dict[str, Any] = {
        "schema_version": RESULT_SCHEMA_VERSION,
        "product_version": __version__,
        "catalog_version": a.catalog_version,
        "as_of": a.on,
        "currency": a.currency,
        "language": t.language,
        "scenario": advice.scenario.answers(),
        "verdict": said.verdict,
        "rule": said.rule,
        "matrix": said.matrix,
        "calculator": said.calculator,
        "conflict": said.conflict,
        "deciding": said.deciding,
        "next_steps": said.next_steps,
        "reasons": [_notice(n, t, a.currency) for n in said.reasons],
        "headline": advice.headline and _headline(advice.headline),
        "first_test": advice.first_test and {**asdict(advice.first_test), "worth": advice.first_test.worth},
        "actions": advice.actions and [_action(row, advice.actions, t, a.currency) for row in advice.actions.rows],
        "metrics": found.metrics and _metrics(found.metrics),
        "options": e and {"today": _option(e.today), "baseline": _option(e.baseline), "tuned": _option(e.tuned)},
        "alternatives": [_alternative(row, t, a.currency) for row in examined.alternatives],
        "risk": advice.risk and _risk(advice.risk, advice),
        "facts_to_find": [asdict(known) for known in examined.facts],
        "flips": [_switching_value(value) for value in examined.switching_values],
        "findings": [asdict(finding) for finding in examined.findings],
        "counter_case": [_argument(argument, t, a.currency) for argument in examined.arguments],
        "ladder": examined.ladder and _ladder(examined.ladder),
        "monthly_requests": e and e.monthly_requests,
        "cash_flows": e and e.cash_flows,
        "cumulative": e and np.cumsum(e.cash_flows),
        "assumptions": [_assumption(row) for row in a.values()],
        "notices": [_notice(n, t, a.currency) for n in found.notices],
        "sign_off": sign_off_record(signed),
        "missing": found.missing,
        "walk": [asdict(step) for step in walk],
    }
    return {key: plain(value) for key, value in record.items()}


def plain(value: object) -> Any:
    """``value`` as JSON knows it; what is not a finite number is ``None``."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None


def _notice(notice: Notice, t: Translator, currency: str) -> dict[str, object]:
    text = notice_text(t, notice, currency)
    return {"code": notice.code, "severity": notice.severity, "params": notice.params, "text": text}


def _headline(found: Headline) -> dict[str, object]:
    told = {each.name: getattr(found, each.name) for each in fields(found)}
    return {name: value._asdict() if isinstance(value, Figure) else value for name, value in told.items()}


ACTION_FIGURES = (
    *("mean", "p10", "p50", "p90", "chance_of_loss"),
    *("at_risk", "delay_months", "go_share", "go_mean"),
)


def _action(row: Action, table: ActionTable, t: Translator, currency: str) -> dict[str, object]:
    """An action without its draws."""
    told = {name: getattr(row, name) for name in ACTION_FIGURES}
    why_not = None if row.why_not is None else _notice(row.why_not, t, currency)
    chosen = row.id == table.recommended.id
    return {"id": row.id, "recommended": chosen, "admissible": row.why_not is None, "why_not": why_not, **told}


def _metrics(metrics: Metrics) -> dict[str, object]:
    record: dict[str, object] = {
        name: {"value": getattr(metrics, name), "unit": metric.unit, "status": metric_status(metrics, name)}
        for name, metric in METRICS.items()
    }
    record["exit_month"] = metrics.exit_month
    record["break_even_intervals"] = metrics.break_even_intervals
    record["band_requests"] = [{"below_months": m, "requests": r} for m, r in metrics.band_requests.items()]
    return record


def metric_status(metrics: Metrics, name: str) -> str:
    """Why a metric has no number, or ``ok``."""
    if METRICS[name].status:
        return str(getattr(metrics, METRICS[name].status))
    return "undefined" if getattr(metrics, name) is None else "ok"


def _option(option: OptionResult) -> dict[str, object]:
    return {
        "id": option.id,
        "one_time_cost": option.one_time_cost,
        "steady_monthly_cost": option.steady_monthly_cost,
        "monthly_cost": option.monthly_cost,
        "line_items": [_line_item(item) for item in option.line_items],
        "success_share": option.success_share,
    }


def _alternative(row: Alternative, t: Translator, currency: str) -> dict[str, object]:
    reasons = [_notice(notice, t, currency) for notice in row.reasons]
    known = {name.name: getattr(row, name.name) for name in fields(row)}
    name = option_name(t, row.name or row.id)
    return {"id": row.id, "in": row.is_in, "state": row.state, **known, "name": name, "reasons": reasons}


def _argument(argument: Argument, t: Translator, currency: str) -> dict[str, object]:
    return {**_notice(argument.says, t, currency), "settled_by": argument.settled_by, "money": argument.money}


def _ladder(ladder: VolumeLadder) -> dict[str, object]:
    """A ladder without its rungs."""
    verdicts = [{"from": start, "verdict": verdict} for start, verdict in ladder.verdicts]
    return {"you": ladder.you, "serving": ladder.serving, "project": ladder.project, "verdicts": verdicts}


def _risk(risk: Risk, advice: Advice) -> dict[str, object]:
    cost, passed, point = risk.cost_per_request, risk.if_passed, advice.assessment.metrics
    drawn = advice.simulation
    return {
        "npv": risk.npv._asdict(),
        "cost_per_request": cost and cost._asdict(),
        "payback_months": {"p10": risk.payback_p10, "p50": risk.payback_p50, "p90": risk.payback_p90},
        "as_entered_share": share_below(drawn, point.npv) if drawn and point else None,
        "chance": risk.chance,
        "positive_share": risk.positive_share,
        "within_limit_share": risk.within_limit_share,
        "limit_months": PAYBACK_LIMIT,
        "back_share": risk.back_share,
        "if_passed": passed and passed._asdict(),
        "chances_in_ten": risk.chances_in_ten,
        "chance_months": risk.chance_months,
        "investment_p50": risk.investment_p50,
        "investment_p80": risk.investment_p80,
        "investment_p80_with_facts": risk.investment_p80_with_facts,
        "evpi": risk.evpi,
        "draws": risk.sampling.count,
        "seed": risk.sampling.seed,
        "standard_error": risk.standard_error,
        "correlations": [tie._asdict() for tie in risk.sampling.correlations],
    }


def _line_item(item: LineItem) -> dict[str, object]:
    """An item; ``quantity`` and ``cost`` of one ``by_month`` are a list with a number a month."""
    price = None if item.unit_price is None else np.asarray(item.unit_price)
    return {
        "id": item.id,
        "category": item.category,
        "frequency": item.frequency,
        "quantity": item.quantity,
        "unit": item.unit,
        "unit_price": price.item() if price is not None and price.size == 1 else price,
        "cost": item.cost,
        "trend": item.trend,
        "by_month": item.by_month,
        "uses": item.uses,
    }


def _assumption(row: Assumption) -> dict[str, object]:
    source = row.source
    return {
        "id": row.id,
        "value": row.value,
        "unit": row.unit,
        "kind": row.kind,
        "source": source and source.title,
        "url": source and source.url,
        "date": row.effective or (source and source.retrieved),
        "set_by": row.set_by,
        "low": row.low,
        "high": row.high,
        "role": role_of(row.id),
        "shape": row.shape if row.is_uncertain and row.id in DIMENSIONS else None,
        "note": row.note and translations(row.note),
        "announced": [{"on": change.on, "value": change.value} for change in row.announced],
        "follows": row.follows and asdict(row.follows),
    }


def _switching_value(found: SwitchingValue) -> dict[str, object]:
    """A switching value by the names it is published under."""
    said = asdict(found)
    return {"flips_at" if key == "switches_at" else key: value for key, value in said.items()} | {
        "distance": found.distance
    }
