"""The user's answers: the questions, and the files that keep them."""

from advisor.scenario.actual_record import ActualsRecord
from advisor.scenario.choices import ServingRoute, TrainingSource
from advisor.scenario.files import LONGEST_FILE_BYTES, dump_scenario, json_schema, parse_scenario, read_scenario
from advisor.scenario.gone import without_gone
from advisor.scenario.hours_of_week import HOURS, hours_answer, hours_shape, is_hours
from advisor.scenario.measurement import Measurement
from advisor.scenario.question import Question
from advisor.scenario.questions import (
    GROUPS,
    LONGEST_NAME,
    QUESTIONS,
    REQUIRED,
    Scenario,
    role_of,
)
from advisor.scenario.report_fields import (
    ABOUT_REPORT,
    BESIDE_THE_CASE,
    LONGEST_LOGO_BYTES,
    STEP_OWNER,
    Logo,
    has_letters,
    logo_of,
    logo_text,
)
from advisor.scenario.sign_off import GateRecord
from advisor.scenario.values import quoted

__all__ = [
    "ABOUT_REPORT",
    "BESIDE_THE_CASE",
    "GROUPS",
    "HOURS",
    "LONGEST_FILE_BYTES",
    "LONGEST_LOGO_BYTES",
    "LONGEST_NAME",
    "QUESTIONS",
    "REQUIRED",
    "STEP_OWNER",
    "ActualsRecord",
    "GateRecord",
    "Logo",
    "Measurement",
    "Question",
    "Scenario",
    "ServingRoute",
    "TrainingSource",
    "dump_scenario",
    "has_letters",
    "hours_answer",
    "hours_shape",
    "is_hours",
    "json_schema",
    "logo_of",
    "logo_text",
    "parse_scenario",
    "quoted",
    "read_scenario",
    "role_of",
    "without_gone",
]
