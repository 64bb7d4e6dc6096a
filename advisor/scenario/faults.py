"""What pydantic finds wrong with an answer, as issues."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from advisor.core.notices import Issue
from advisor.scenario.actual_record import ACTUALS, actuals_issue
from advisor.scenario.hours_of_week import hours_issue
from advisor.scenario.question import Question
from advisor.scenario.report_fields import logo_issue
from advisor.scenario.sign_off import SIGN_OFF, sign_off_issue
from advisor.scenario.values import quoted

_ISSUE_CODES = {
    "greater_than_equal": "below_minimum",
    "greater_than": "not_positive",
    "less_than_equal": "above_maximum",
    "multiple_of": "not_whole",
    "literal_error": "unknown_choice",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "string_type": "not_a_text",
    "unprintable": "unprintable",
    "dict_type": "not_a_table",
    "float_type": "not_a_number",
    "not_a_number": "not_a_number",
    "not_a_range": "not_a_range",
    "tuple_type": "not_a_range",
    "nan": "nan",
    "too_fine": "too_fine",
    "infinite": "infinite",
}


def issue_of(error: Mapping[str, Any], questions: Mapping[str, Question]) -> Issue:
    """A pydantic error as an :class:`Issue`: field, code and the parameters of its message."""
    field = str(error["loc"][0]) if error["loc"] else "file"
    if field == SIGN_OFF and len(error["loc"]) > 1:
        return sign_off_issue(error)
    if field == ACTUALS:
        return actuals_issue(error)
    if "logo" in error["type"]:
        return logo_issue(error["type"])
    if error["type"].startswith("hours_"):
        return hours_issue(error["type"], error.get("ctx", {}))
    code = _ISSUE_CODES.get(error["type"], "not_a_date" if error["type"].startswith("date") else "not_usable")
    ctx = error.get("ctx", {})
    params: dict[str, object] = {"value": quoted(error.get("input"))}
    if code == "below_minimum":
        params["minimum"] = ctx.get("ge")
    elif code == "above_maximum":
        params["maximum"] = ctx.get("le")
    elif code == "unknown_choice":
        params["known"] = ", ".join(questions[field].choices)
    elif code == "too_long":
        params["maximum"] = ctx.get("max_length")
        params["value"] = len(str(error.get("input")))
    elif code == "unknown_field":
        near = get_close_matches(field, questions, n=1, cutoff=0.6)
        return Issue(
            quoted(field) or '""', "unknown_field_near" if near else "unknown_field", {"near": near[0] if near else ""}
        )
    return Issue(field, code, params)
