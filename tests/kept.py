"""What is frozen of a case, without its report, which takes seconds to write."""

import json
from datetime import date

from advisor.assumptions.given import cleared_answers
from advisor.decision.advice import advise
from advisor.decision.repricing import frozen_headline, frozen_numbers
from advisor.scenario import Scenario, dump_scenario
from advisor.store.records import Content
from tests.cases import catalog


def content(case: Scenario, day: date) -> Content:
    """The case as it is kept on a day."""
    found = advise(case, catalog(), day)
    told = frozen_headline(found), frozen_numbers(found.assessment.assumptions)
    headline, numbers = json.loads(json.dumps(told, allow_nan=False))
    return Content(
        answers=dump_scenario(case, "yaml", cleared_answers(case, catalog())),
        as_of=found.assessment.assumptions.on,
        language="en",
        product_version="1",
        catalog_version=catalog().version,
        evidence={},
        prices=numbers,
        headline=headline,
        report={"title": "", "blocks": []},
    )
