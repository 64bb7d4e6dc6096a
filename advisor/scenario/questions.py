"""The user's answers: one field a question, with its unit, bounds and group beside it.

``None`` means "not answered"; :mod:`advisor.assumptions` then takes the sourced default.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self, cast, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from advisor.core.notices import InputError, Issue
from advisor.core.records import Role
from advisor.core.units import CURRENCIES
from advisor.scenario import choices
from advisor.scenario.actual_record import ActualsRecord
from advisor.scenario.faults import issue_of
from advisor.scenario.hours_of_week import HOURS, plain_hours, recorded
from advisor.scenario.measurement import Measurement
from advisor.scenario.question import Question
from advisor.scenario.reading import LARGEST_RATE, read_answers
from advisor.scenario.report_fields import plain_logo
from advisor.scenario.sign_off import SIGN_OFF, GateRecord, faults_of_gates
from advisor.scenario.values import Day, plain_number, plain_range, plain_shape, plain_text, quoted

LONGEST_NAME = 120
LONGEST_SHAPE = 1_000
"""Of the text of a model of one's own, which has some twenty fields."""
MOST_ISSUES = 20
REQUIRED = ("daily_requests", "quality_need", "budget")
"""Questions without whose answers there is no verdict; every page shows them."""


def _number(group: str, unit: str, low: float, high: float, *, whole: bool = False, role: Role = "fact") -> Any:
    """A numeric question: bounds inclusive, in the unit."""
    return Field(
        default=None,
        ge=low,
        le=high,
        multiple_of=1 if whole else None,
        json_schema_extra={"group": group, "unit": unit, "role": role},
    )


def _choice(group: str, unit: str = "choice") -> Any:
    return Field(default=None, json_schema_extra={"group": group, "unit": unit})


def _text(group: str) -> Any:
    return Field(default=None, json_schema_extra={"group": group, "unit": "text"})


Num = Annotated[float | None, BeforeValidator(plain_number)]
Rate = Annotated[float, BeforeValidator(plain_number), Field(gt=0, le=LARGEST_RATE)]
Owner = Annotated[str, BeforeValidator(plain_text), Field(max_length=LONGEST_NAME)]
Text = Annotated[str | None, BeforeValidator(plain_text), Field(max_length=LONGEST_NAME)]
Model = Annotated[str | None, BeforeValidator(plain_shape), Field(max_length=LONGEST_SHAPE)]
Hours = Annotated[str | None, BeforeValidator(plain_hours)]
LARGEST_MONEY = 1e12


class Scenario(BaseModel):
    """Answers of one case. Money is in ``currency``; fractions are 0-1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    daily_requests: Num = _number("need", "requests/day", 0, 1e9)
    quality_need: choices.QualityNeed | None = _choice("need")
    budget: Num = _number("need", "money", 0, LARGEST_MONEY, role="choice")
    use_case: choices.UseCase | None = _choice("need")
    current_monthly_bill: Num = _number("need", "money/month", 0, LARGEST_MONEY)

    title: Text = _text("case")
    currency: choices.Currency | None = _choice("case")
    as_of: Day = _choice("case", "date")
    preset: Text = _text("case")

    prepared_for: Text = _text("report")
    prepared_by: Text = _text("report")
    company: Text = _text("report")
    logo: Annotated[str | None, BeforeValidator(plain_logo)] = _text("report")

    input_tokens: Num = _number("traffic", "tokens/request", 0, 2_000_000)
    output_tokens: Num = _number("traffic", "tokens/request", 0, 1_000_000)
    long_prompt_share: Num = _number("traffic", "fraction", 0, 1)
    long_prompt_tokens: Num = _number("traffic", "tokens/request", 0, 2_000_000)
    static_prompt_share: Num = _number("traffic", "fraction", 0, 1)
    cache_hit_share: Num = _number("traffic", "fraction", 0, 1)
    cached_input_share: Num = _number("traffic", "fraction", 0, 1)
    batch_share: Num = _number("traffic", "fraction", 0, 1)
    volume_growth: Num = _number("traffic", "fraction/year", -0.99, 100, role="future")

    current_model: Text = _choice("current")
    current_cost_per_request: Num = _number("current", "money/request", 0, 1e6)
    current_fixed_monthly_cost: Num = _number("current", "money/month", 0, LARGEST_MONEY)
    current_input_price: Num = _number("current", "money/Mtok", 0, 1e6)
    current_cached_input_price: Num = _number("current", "money/Mtok", 0, 1e6)
    current_cache_write_price: Num = _number("current", "money/Mtok", 0, 1e6)
    current_output_price: Num = _number("current", "money/Mtok", 0, 1e6)
    batch_discount: Num = _number("current", "fraction", 0, 1)
    cached_batch_discount: Num = _number("current", "fraction", 0, 1)
    list_price_discount: Num = _number("current", "fraction", 0, 0.99)
    api_price_decline: Num = _number("current", "fraction/year", -1, 0.99, role="future")

    model_size: choices.ModelSize | None = _choice("tuned")
    open_model: Model = _choice("tuned")
    method: choices.Method | None = _choice("tuned")
    serving_route: choices.ServingRoute | None = _choice("tuned")
    tuned_output_tokens: Num = _number("tuned", "tokens/request", 0, 1_000_000, role="future")
    tuned_cost_per_request: Num = _number("tuned", "money/request", 0, 1e6)
    tuned_input_price: Num = _number("tuned", "money/Mtok", 0, 1e6)
    tuned_output_price: Num = _number("tuned", "money/Mtok", 0, 1e6)
    tuned_model: Text = _choice("tuned")
    managed_route: Text = _choice("tuned")
    prompt_removed_share: Num = _number("tuned", "fraction", 0, 1, role="future")
    fallback_share: Num = _number("tuned", "fraction", 0, 1, role="future")
    check_cost_per_request: Num = _number("tuned", "money/request", 0, 1e6)

    rental_term: choices.RentalTerm | None = _choice("serving")
    monthly_discount: Num = _number("serving", "fraction", 0, 0.99)
    serving_gpu: Text = _choice("serving")
    serving_precision: choices.Precision | None = _choice("serving")
    answer_speed: Num = _number("serving", "tokens/s", 0.1, 10_000, role="choice")
    gpus_per_replica: Num = _number("serving", "GPU", 1, 1024, whole=True, role="choice")
    serving_gpu_price: Num = _number("serving", "money/GPU/h", 0, 1e6, role="future")
    serving_card_price: Num = _number("serving", "money", 0, LARGEST_MONEY)
    serving_power_kw: Num = _number("serving", "kW", 0, 1e5)
    replica_tokens_per_second: Num = _number("serving", "tokens/s", 1, 1e9)
    reference_input_tokens: Num = _number("serving", "tokens/request", 0, 2_000_000)
    reference_output_tokens: Num = _number("serving", "tokens/request", 1, 1_000_000)
    prefill_work_share: Num = _number("serving", "fraction", 0, 1)
    peak_factor: Num = _number("serving", "share", 1, 1000)
    target_utilisation: Num = _number("serving", "fraction", 0.01, 1, role="choice")
    min_replicas: Num = _number("serving", "replicas", 0, 10_000, whole=True, role="choice")
    hosting_price_decline: Num = _number("serving", "fraction/year", -1, 0.99, role="future")

    data_preparation_hours: Num = _number("project", "hours", 0, 1e6, role="future")
    bought_examples: Num = _number("project", "examples", 0, 1e9, role="choice")
    example_price: Num = _number("project", "money/example", 0, 1e6)
    engineer_hours: Num = _number("project", "hours", 0, 1e6, role="future")
    evaluation_items: Num = _number("project", "items", 0, 1e8, role="choice")
    evaluation_minutes: Num = _number("project", "minutes/item", 0, 1e4, role="future")
    hourly_rate: Num = _number("project", "money/h", 0, 1e6)
    contingency_share: Num = _number("project", "fraction", 0, 5, role="choice")
    other_one_time_cost: Num = _number("project", "money", 0, LARGEST_MONEY)

    training_source: choices.TrainingSource | None = _choice("training")
    tuning_objective: choices.Objective | None = _choice("training")
    training_examples: Num = _number("training", "examples", 0, 1e9, role="choice")
    training_epochs: Num = _number("training", "epochs", 0, 1000, role="choice")
    example_tokens: Num = _number("training", "tokens/example", 1, 2_000_000)
    sequence_tokens: Num = _number("training", "tokens", 16, 2_000_000, whole=True, role="choice")
    training_gpu: Text = _choice("training")
    training_gpus: Num = _number("training", "GPU", 1, 100_000, whole=True, role="choice")
    training_tokens_per_second: Num = _number("training", "tokens/s", 0.1, 1e9)
    evaluation_share: Num = _number("training", "fraction", 0, 10, role="choice")
    startup_hours: Num = _number("training", "hours", 0, 1000)
    training_hours: Num = _number("training", "hours", 0, 1e6)
    training_runs: Num = _number("training", "runs", 0, 1e4, role="future")
    training_gpu_price: Num = _number("training", "money/GPU/h", 0, 1e6, role="future")
    managed_training_price: Num = _number("training", "money/Mtok", 0, 1e6)
    card_price: Num = _number("training", "money", 0, LARGEST_MONEY)
    card_residual_share: Num = _number("training", "fraction", 0, 1, role="future")
    card_life_years: Num = _number("training", "years", 0.1, 50, role="choice")
    card_hours_per_year: Num = _number("training", "hours/year", 1, 8784, role="future")
    machine_power_kw: Num = _number("training", "kW", 0, 1e5)
    electricity_price: Num = _number("training", "money/kWh", 0, 1e4)
    power_overhead: Num = _number("training", "share", 1, 10)

    ops_hours: Num = _number("upkeep", "hours/month", 0, 1e5, role="future")
    other_monthly_cost: Num = _number("upkeep", "money/month", 0, LARGEST_MONEY)
    retrain_every_months: Num = _number("upkeep", "months", 0, 600, whole=True, role="choice")
    retrain_cost_share: Num = _number("upkeep", "fraction", 0, 10, role="future")

    success_share: Num = _number("quality", "fraction", 0.01, 1)
    quality_difference: Num = _number("quality", "fraction", -1, 1, role="future")
    cost_per_failure: Num = _number("quality", "money/failure", 0, LARGEST_MONEY)
    retry_share: Num = _number("quality", "fraction", 0, 1)
    review_share: Num = _number("quality", "fraction", 0, 1, role="choice")
    tuned_review_share: Num = _number("quality", "fraction", 0, 1, role="choice")
    review_minutes: Num = _number("quality", "minutes/item", 0, 1e4)

    optimise_hours: Num = _number("alternatives", "hours", 0, 1e6, role="future")
    trim_share: Num = _number("alternatives", "fraction", 0, 1, role="choice")
    potential_cache_share: Num = _number("alternatives", "fraction", 0, 1, role="future")
    deferrable_share: Num = _number("alternatives", "fraction", 0, 1)
    repeat_share: Num = _number("alternatives", "fraction", 0, 0.99)
    cheaper_model: Text = _choice("alternatives")
    cheaper_model_passes: choices.YesNo | None = _choice("alternatives")
    switch_hours: Num = _number("alternatives", "hours", 0, 1e6, role="future")
    retrieved_tokens: Num = _number("alternatives", "tokens/request", 0, 1_000_000)
    retrieval_hours: Num = _number("alternatives", "hours", 0, 1e6, role="future")
    retrieval_monthly_cost: Num = _number("alternatives", "money/month", 0, LARGEST_MONEY)

    data_rights: choices.YesNo | None = _choice("readiness")
    hosting_allowed: choices.HostingAllowed | None = _choice("readiness")
    failure_kind: choices.FailureKind | None = _choice("readiness")
    facts_change_days: Num = _number("readiness", "days", 0, 36_500)
    prompt_tried: choices.YesNo | None = _choice("readiness")
    prompt_meets_bar: choices.YesNo | None = _choice("readiness")
    examples_available: Num = _number("readiness", "examples", 0, 1e9)
    evaluation_set: choices.YesNo | None = _choice("readiness")
    gate_result: choices.GateResult | None = _choice("readiness")
    team_skill: choices.YesNo | None = _choice("readiness")
    gate_success_share: Num = _number("readiness", "fraction", 0, 1, role="future")
    pilot_cost: Num = _number("readiness", "money", 0, LARGEST_MONEY, role="choice")
    pilot_reliability: Num = _number("readiness", "fraction", 0.5, 1, role="choice")
    pilot_months: Num = _number("readiness", "months", 0, 60, role="choice")
    look_up_hours: Num = _number("readiness", "hours", 0, 1e4, role="choice")
    loss_tolerance: Num = _number("readiness", "fraction", 0, 1, role="choice")
    other_model_pass_share: Num = _number("readiness", "fraction", 0, 1, role="future")

    deploy_months: Num = _number("time", "months", 0, 600, role="future")
    ramp_months: Num = _number("time", "months", 0, 600, role="future")
    horizon_months: Num = _number("time", "months", 1, 120, whole=True, role="choice")
    discount_rate: Num = _number("time", "fraction/year", 0, 10, role="choice")
    days_per_month: Num = _number("time", "days/month", 1, 31, role="choice")
    hours_per_month: Num = _number("time", "hours/month", 1, 744, role="choice")

    exchange_rates: dict[str, Rate] | None = _text("case")
    owners: dict[str, Owner] | None = _text("case")
    sign_off: dict[str, GateRecord] | None = _text("case")
    actuals: ActualsRecord | None = _text("case")
    ranges: dict[str, Annotated[tuple[float, float], BeforeValidator(plain_range)]] | None = _text("case")
    measured: dict[str, Measurement] | None = _text("case")
    hours_of_week: Hours = _text("case")

    @property
    def missing(self) -> tuple[str, ...]:
        """Required questions that are not answered yet."""
        return tuple(name for name in REQUIRED if getattr(self, name) is None)

    @property
    def base_currency(self) -> str:
        return self.currency or CURRENCIES[0]

    def answers(self) -> dict[str, Any]:
        """What has been answered, in the order of the questions."""
        return self.model_dump(exclude_none=True, mode="json")

    def with_(self, **changes: object) -> Self:
        """The same case with something else in it, validated again. Raises :class:`InputError`.

        A monthly bill tells the price of a request, which stays where only the requests change: the bill follows them.
        """
        changed = type(self).from_answers({**self.answers(), **changes})
        if self.current_monthly_bill is None or changes.keys() & {"current_monthly_bill"}:
            return changed
        return changed.corrected("current_monthly_bill", self._bill_at(changed.daily_requests))

    def corrected(self, name: str, value: object) -> Self:
        """The same case with one answer put right and every other as it was told. Raises :class:`InputError`."""
        return type(self).from_answers({**self.answers(), name: value})

    def with_measured(self, records: Mapping[str, Measurement]) -> Self:
        """The case with answers that were measured and what each rests on; a range told before gives way to theirs.

        Raises :class:`InputError`.
        """
        ranges = {name: ends for name, ends in (self.ranges or {}).items() if name not in records}
        kept = {**(self.measured or {}), **records}
        told = {name: record.model_dump(exclude_none=True, mode="json") for name, record in kept.items()}
        values = {name: record.value for name, record in records.items()}
        return type(self).from_answers({**self.answers(), **values, "ranges": ranges or None, "measured": told})

    def _bill_at(self, daily_requests: float | None) -> float:
        """The bill at another number of requests a day: what is flat stays, the rest is in proportion to them."""
        bill, before = self.current_monthly_bill or 0.0, self.daily_requests
        if not before or not daily_requests or daily_requests == before:
            return bill
        flat = min(self.current_fixed_monthly_cost or 0.0, bill)
        return flat + (bill - flat) * daily_requests / before

    @classmethod
    def from_answers(cls, answers: Mapping[str, object]) -> Self:
        """Read and validate raw answers. Raises :class:`InputError` naming every faulty field."""
        read, faults = read_answers({k: v for k, v in answers.items() if v is not None}, QUESTIONS)
        try:
            scenario = cls.model_validate(read)
        except ValidationError as error:
            faults += [issue_of(dict(e), QUESTIONS) for e in error.errors(include_url=False)]
        else:
            faults += [*scenario._faults_of_rates(), *faults_of_gates("owners", scenario.owners)]
            faults += faults_of_gates(SIGN_OFF, scenario.sign_off)
            faults += [*scenario._faults_of_ranges(), *scenario._faults_of_measured()]
            if not faults:
                return scenario
        raise InputError(faults[:MOST_ISSUES])

    def _faults_of_rates(self) -> Iterator[Issue]:
        """Rates are units of a known currency for one dollar, so the dollar's own rate can only be 1."""
        rates = self.exchange_rates or {}
        foreign = set(rates) - set(CURRENCIES)
        if foreign:
            params = {"value": quoted(min(foreign)), "known": ", ".join(CURRENCIES)}
            yield Issue("exchange_rates", "unknown_currency", params)
        if rates.get(CURRENCIES[0], 1) != 1:
            yield Issue("exchange_rates", "not_per_dollar", {"value": rates[CURRENCIES[0]]})

    def _faults_of_ranges(self) -> Iterator[Issue]:
        """What the user knows of a number: from low to high, inside the bounds of the question."""
        for name, (low, high) in (self.ranges or {}).items():
            question = QUESTIONS.get(name)
            if question is None or question.low is None or question.high is None:
                yield Issue("ranges", "range_of_no_number", {"value": quoted(name)})
            elif not question.low <= low <= high <= question.high:
                yield Issue(name, "range_out_of_order", {"low": low, "high": high})

    def _faults_of_measured(self) -> Iterator[Issue]:
        """Records of questions that exist; a sampling error lies around a number, inside its bounds."""
        for name, record in (self.measured or {}).items():
            question, low, high = QUESTIONS.get(name), record.low, record.high
            if question is None:
                yield Issue("measured", "measured_no_question", {"value": quoted(name)})
            elif low is None and high is None:
                continue
            elif question.low is None or question.high is None or not isinstance(record.value, float):
                yield Issue("measured", "range_of_no_number", {"value": quoted(name)})
            elif low is None or high is None or not question.low <= low <= record.value <= high <= question.high:
                yield Issue(name, "range_out_of_order", {"low": low, "high": high})

    def record_of(self, name: str) -> Measurement | None:
        """What the answer was measured on; ``None`` where it is another one by now."""
        record = (self.measured or {}).get(name)
        answer = recorded(getattr(self, name)) if name == HOURS else getattr(self, name)
        return record if record is not None and record.value == answer else None


def _question(name: str, info: FieldInfo) -> Question:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    limits = {type(m).__name__: m for m in info.metadata}
    bound = {key: getattr(limits[kind], key) if kind in limits else None for kind, key in (("Ge", "ge"), ("Le", "le"))}
    literals = [a for a in get_args(info.annotation) if getattr(a, "__origin__", None) is Literal]
    choices = tuple(str(c) for literal in literals for c in get_args(literal))
    return Question(
        name,
        str(extra["group"]),
        str(extra["unit"]),
        bound["ge"],
        bound["le"],
        "MultipleOf" in limits,
        choices,
        cast("Role | None", extra.get("role")),
    )


QUESTIONS: Mapping[str, Question] = {name: _question(name, info) for name, info in Scenario.model_fields.items()}


def role_of(name: str) -> Role | None:
    """Role of a number; what nobody is asked, such as an exchange rate, is a fact."""
    return QUESTIONS[name].role if name in QUESTIONS else "fact"


GROUPS: tuple[str, ...] = tuple(dict.fromkeys(q.group for q in QUESTIONS.values()))
