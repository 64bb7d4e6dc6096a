"""Records of ``data/rules/decision.yaml``: thresholds, the order of the rules, correlations between inputs."""

from typing import Annotated

from pydantic import Field, model_validator

from advisor.catalog.fields import Count, Id, Kind, Positive, Record, Share, Text, Words, refusal
from advisor.catalog.records import Source


class Matrix(Record):
    """Requests/day that separate the bands of the volume matrix; ``article_*`` as article 001 prints them."""

    low: Positive
    high: Positive
    article_low: Positive
    article_high: Positive

    @model_validator(mode="after")
    def _ascends(self) -> "Matrix":
        if self.low > self.high or self.article_low > self.article_high:
            raise refusal("low exceeds high in matrix", "exchange them")
        return self


class PaybackBand(Record):
    """Verdict for a payback below so many months."""

    verdict: Text
    below_months: Positive
    article_below_months: Positive


class Rule(Record):
    """One decision rule: its number, its short name and its basis."""

    id: Id
    name: Text
    basis: Text


class Limits(Record):
    """Thresholds of the rules beside matrix and bands. Shares are fractions of the draws."""

    fewest_examples: Count
    advised_examples: Count
    nearly_same_share: Share
    wait_months: Positive
    facts_change_days: Count


class CorrelationRecord(Record):
    """Two inputs with a Gaussian rank correlation between their draws."""

    first: Id
    second: Id
    value: Annotated[float, Field(gt=-1, lt=1)]
    why: Words


class DecisionRules(Record):
    """The thresholds of the decision, its rules in the order they are tried, and the correlations between inputs."""

    matrix: Matrix
    bands: Annotated[tuple[PaybackBand, ...], Field(min_length=1, strict=False)]
    limits: Limits
    rules: Annotated[tuple[Rule, ...], Field(min_length=1, strict=False)]
    correlations: Annotated[tuple[CorrelationRecord, ...], Field(strict=False)] = ()
    price_stale_after_days: Count
    fewest_offers: Count
    kind: Kind | None = None
    source: Source

    @model_validator(mode="after")
    def _is_consistent(self) -> "DecisionRules":
        months = [band.below_months for band in self.bands]
        if months != sorted(set(months)):
            raise refusal(f"below_months {months} do not ascend in bands", "order the bands, each threshold once")
        ids = [rule.id for rule in self.rules]
        if len(ids) != len(set(ids)):
            raise refusal("an id stands twice in rules", "give each rule its own id")
        return self
