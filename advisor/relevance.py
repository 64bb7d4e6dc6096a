"""Which questions matter for a case, by the routes it takes; nothing is computed here."""

from advisor.catalog.loader import Catalog
from advisor.scenario import QUESTIONS, Scenario

NOT_ASSUMPTIONS = frozenset({"title", "as_of", "preset", "currency", "exchange_rates"})

OWN_CARD = frozenset(
    [
        "card_price",
        "card_residual_share",
        "card_life_years",
        "card_hours_per_year",
        "machine_power_kw",
        "electricity_price",
        "power_overhead",
    ]
)
RENTED_TRAINING = frozenset({"training_gpu_price"})
# Questions that only this route needs. `tune` lists the same names as what its serving item rests on, and the two
# may part: a question both routes share leaves this set and stays there.
RENTED_SERVING = frozenset(
    [
        "serving_gpu",
        "serving_precision",
        "answer_speed",
        "gpus_per_replica",
        "serving_gpu_price",
        "replica_tokens_per_second",
        "reference_input_tokens",
        "reference_output_tokens",
        "prefill_work_share",
        "peak_factor",
        "target_utilisation",
        "min_replicas",
        "hours_per_month",
    ]
)
ESTIMATED_TRAINING = frozenset(
    [
        "training_examples",
        "training_epochs",
        "example_tokens",
        "sequence_tokens",
        "training_tokens_per_second",
        "evaluation_share",
        "startup_hours",
    ]
)
"""What the hours of a run follow from, unless they are given."""
HOSTED_SERVING = frozenset({"tuned_model", "tuned_input_price", "tuned_output_price"})
TOKENS = frozenset({"input_tokens", "output_tokens", "static_prompt_share"})
CURRENT_MODEL = frozenset(
    [
        "current_model",
        "current_input_price",
        "current_cached_input_price",
        "current_cache_write_price",
        "current_output_price",
        "batch_discount",
        "cached_batch_discount",
        "batch_share",
        "cache_hit_share",
    ]
)


def relevant_questions(scenario: Scenario, catalog: Catalog) -> frozenset[str]:
    """Questions whose answer can change this case's result; the others are left out of form, ledger and report."""

    def choice(name: str) -> object:
        return getattr(scenario, name) or catalog.parameter(name).value

    idle: set[str] = set(RENTED_TRAINING if choice("training_source") == "own_card" else OWN_CARD)
    idle |= ESTIMATED_TRAINING if scenario.training_hours is not None else set()
    route = choice("serving_route")
    idle |= RENTED_SERVING if route != "rented_gpu" else set()
    idle |= HOSTED_SERVING if route != "hosted" else set()
    idle |= {"tuned_cost_per_request"} if route != "own_figure" else {"prompt_removed_share"}
    if scenario.current_cost_per_request is not None:
        idle |= CURRENT_MODEL
        idle |= TOKENS if route == "own_figure" else set()
    price = scenario.card_price if choice("training_source") == "own_card" else scenario.training_gpu_price
    if scenario.training_hours is not None and price is not None and scenario.training_gpu is None:
        idle |= {"training_gpu"}
    trained = scenario.training_hours is not None and scenario.training_gpus is not None
    trained = trained and (scenario.training_gpu is not None or "training_gpu" in idle)
    if trained and (route != "rented_gpu" or scenario.replica_tokens_per_second is not None):
        idle |= {"open_model"}
    return frozenset(QUESTIONS) - idle - NOT_ASSUMPTIONS
