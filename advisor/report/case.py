"""What every section of the report needs: the advice, the catalog, and figures in the reader's language."""

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from advisor.catalog.catalog import Catalog
from advisor.core.notices import Notice
from advisor.core.records import Assumptions, Economics, Metrics, Number
from advisor.decision.advice import Advice
from advisor.decision.examination import Examination, examine
from advisor.decision.old_prices import old_prices
from advisor.scenario import ABOUT_REPORT, BESIDE_THE_CASE, Scenario
from advisor.store.records import CaseNote
from advisor.text.i18n import Translator
from advisor.text.memo_phrases import MemoCase
from advisor.text.phrases import bill_money, metric_text, notice_text

CHART_WIDTH = 640
"""Width of a chart on paper [px]; charts are low, so that a page holds text besides."""
FINGERPRINT = 8
"""Characters that tell one case from another."""


def memo_of(found: Advice) -> MemoCase:
    """What the ask and the next steps are told of."""
    a, following = found.assessment.assumptions, found.assessment.evidence.next_to_find
    old = old_prices(a, [swing.id for swing in found.assessment.evidence.matter])
    return MemoCase(found.recommendation, a, found.headline, found.actions, found.first_test, following, old)


@dataclass(frozen=True)
class ReportedCase:
    """The advice on its way to paper.

    ``about``: the case with what only stands on its report, where the advice was asked for without; ``link`` leads to
    it in the app; ``notes`` are what somebody wrote down about its numbers, where it is a kept case.
    """

    advice: Advice
    catalog: Catalog
    t: Translator
    about: Scenario | None = None
    link: str = ""
    notes: tuple[CaseNote, ...] = ()

    @property
    def language(self) -> str:
        return self.t.language

    @property
    def told(self) -> Scenario:
        return self.about or self.advice.scenario

    @property
    def memo(self) -> MemoCase:
        return memo_of(self.advice)

    @property
    def fingerprint(self) -> str:
        """Tells this case from others: the same answers on the same day give the same."""
        left_out = {*ABOUT_REPORT, *BESIDE_THE_CASE}
        said = {name: value for name, value in self.told.answers().items() if name not in left_out}
        text = json.dumps([said, self.assumptions.on.isoformat()], sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:FINGERPRINT]

    @property
    def assumptions(self) -> Assumptions:
        return self.advice.assessment.assumptions

    @property
    def examined(self) -> Examination:
        return examine(self.advice, self.catalog)

    @property
    def economics(self) -> Economics | None:
        return self.advice.assessment.economics

    @property
    def metrics(self) -> Metrics | None:
        return self.advice.assessment.metrics

    @property
    def serves(self) -> bool:
        """Whether requests are served; without them there is a cost, and nothing that could come back."""
        return self.advice.headline is None or self.advice.headline.serves

    @property
    def currency(self) -> str:
        return self.assumptions.currency

    def money(self, value: Number | None) -> str:
        """Money of one case; an array would be several."""
        return self.t.money(None if value is None else float(np.asarray(value)), self.currency)

    def bill(self, value: Number) -> str:
        """Money of a bill, to the cent at most."""
        return bill_money(self.t, float(np.asarray(value)), self.currency)

    def metric(self, name: str) -> str:
        """A metric as everywhere else; unknown without economics."""
        return (
            self.t("word.unknown") if self.metrics is None else metric_text(self.t, self.metrics, name, self.currency)
        )

    def notice(self, notice: Notice) -> str:
        return notice_text(self.t, notice, self.currency)

    def names(self, texts: list[str]) -> str:
        """Several names in one sentence."""
        return self.t("word.comma").join(texts)
