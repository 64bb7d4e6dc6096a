"""Which questions matter for a case, by the routes it takes; nothing is computed here."""

from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_prices import hosted_price, price_book_date
from advisor.core.notices import UnknownId
from advisor.scenario import ABOUT_REPORT, BESIDE_THE_CASE, HOURS, QUESTIONS, Scenario

FACTS = frozenset(
    [
        "caching_write_price",
        "cacheable_prompt_tokens",
        "cheaper_input_price",
        "cheaper_cached_input_price",
        "cheaper_cache_write_price",
        "cheaper_output_price",
        "cheaper_batch_discount",
        "cheaper_cached_batch_discount",
        "managed_hosting_fee",
        "within_hour_factor",
    ]
)
"""Numbers of the model that nobody is asked for: they follow from what is named."""
NOT_ASSUMPTIONS = frozenset(
    [
        *("title", "as_of", "preset", "currency", "exchange_rates", "ranges", "owners", "measured", HOURS),
        *(*ABOUT_REPORT, *BESIDE_THE_CASE),
    ]
)

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
MANAGED_TRAINING = frozenset({"managed_training_price"})
OWN_MACHINES = frozenset(
    [
        "training_gpu",
        "training_gpus",
        "training_hours",
        "training_tokens_per_second",
        "tuning_objective",
        "sequence_tokens",
        "evaluation_share",
        "startup_hours",
    ]
)
"""Questions about machines that a managed tuning service answers itself."""
OWN_SERVING = frozenset({"serving_card_price", "serving_power_kw"})
KEPT_CARDS = frozenset({"card_residual_share", "card_life_years", "electricity_price", "power_overhead"})
"""What cards of one's own cost, whether they train or serve."""
BY_MACHINES = ("rented_gpu", "own_card")
"""Routes that serve on machines, which are counted for the volume."""
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
        "tuning_objective",
        "example_tokens",
        "sequence_tokens",
        "training_tokens_per_second",
        "evaluation_share",
        "startup_hours",
    ]
)
"""What the hours of a run follow from, unless they are given."""
HOSTED_SERVING = frozenset({"tuned_model", "tuned_input_price", "tuned_output_price"})
TOKENS = frozenset({"input_tokens", "output_tokens", "static_prompt_share", "tuned_output_tokens"})
READING = frozenset({"tuned_review_share", "review_minutes"})
TRIAL = frozenset({"gate_success_share", "pilot_cost", "pilot_reliability", "pilot_months"})
"""Questions about a trial, relevant until one has been run."""
BY_THE_MONTH = frozenset({"monthly_discount"})
CHEAPER_CALL = frozenset(
    [
        "optimise_hours",
        "trim_share",
        "potential_cache_share",
        "deferrable_share",
        "repeat_share",
        "cheaper_model",
        "cheaper_model_passes",
        "retrieved_tokens",
        "retrieval_hours",
        "retrieval_monthly_cost",
        "switch_hours",
    ]
)
"""What can be said of a call only where its tokens are known."""
CURRENT_MODEL = frozenset(
    [
        "current_model",
        "current_input_price",
        "current_cached_input_price",
        "current_cache_write_price",
        "current_output_price",
        "batch_discount",
        "cached_batch_discount",
        "list_price_discount",
        "cached_input_share",
        "long_prompt_share",
        "long_prompt_tokens",
        "batch_share",
        "cache_hit_share",
    ]
)


def relevant_questions(scenario: Scenario, catalog: Catalog) -> frozenset[str]:
    """Questions whose answer can change this case's result; the others are left out of form, ledger and report."""

    def choice(name: str) -> object:
        return getattr(scenario, name) or catalog.parameter(name).value

    route, training = choice("serving_route"), choice("training_source")
    idle: set[str] = _idle_training(scenario, str(training))
    idle |= RENTED_SERVING if route not in BY_MACHINES else set()
    idle |= {"serving_gpu_price"} if route != "rented_gpu" else set()
    idle |= OWN_SERVING if route != "own_card" else set()
    idle -= KEPT_CARDS if route == "own_card" else set()
    idle |= HOSTED_SERVING if route != "hosted" else set()
    idle |= {"tuned_cost_per_request"} if route != "own_figure" else {"prompt_removed_share"}
    if route == "own_figure" and ("example_tokens" in idle or scenario.example_tokens is not None):
        idle |= {"tuned_output_tokens"}
    idle |= READING if scenario.review_share is None else set()
    idle |= TRIAL if scenario.gate_result is not None else set()
    if training != "rented" and route != "rented_gpu":
        idle |= {"rental_term"}
    if "rental_term" in idle or choice("rental_term") == "hour":
        idle |= BY_THE_MONTH
    if training == "rented" and choice("rental_term") == "month":
        idle -= {"hours_per_month"}
    if scenario.current_cost_per_request is not None:
        idle |= CURRENT_MODEL | CHEAPER_CALL
        idle |= TOKENS if route == "own_figure" else set()
        idle |= {"retry_share"} if route != "hosted" else set()
        idle -= {"switch_hours"} if route == "rented_gpu" else set()
    idle |= _idle_long_prompts(scenario, str(choice("current_model")))
    trained = training == "managed" or (scenario.training_hours is not None and scenario.training_gpus is not None)
    trained = trained and (scenario.training_gpu is not None or "training_gpu" in idle)
    served = all(
        getattr(scenario, name) is not None for name in ("serving_gpu", "gpus_per_replica", "replica_tokens_per_second")
    )
    if trained and (route not in BY_MACHINES or served):
        idle |= {"open_model"}
    return frozenset(QUESTIONS) - idle - NOT_ASSUMPTIONS


def _idle_long_prompts(scenario: Scenario, model: str) -> set[str]:
    """Questions about long prompts, idle where today's model charges the same for them."""
    if scenario.long_prompt_share is not None:
        return set()
    try:
        tier = hosted_price(model, scenario.as_of or price_book_date()).long_prompt_above
    except UnknownId:  # told where its price is looked up
        tier = None
    return {"long_prompt_tokens"} if tier is not None else {"long_prompt_share", "long_prompt_tokens"}


def _idle_training(scenario: Scenario, source: str) -> set[str]:
    """Questions about training that this way of training does not ask."""
    idle: set[str] = set(OWN_CARD if source != "own_card" else set()) | set(
        RENTED_TRAINING if source != "rented" else set()
    )
    if source == "managed":
        return idle | OWN_MACHINES
    idle |= MANAGED_TRAINING
    idle |= ESTIMATED_TRAINING if scenario.training_hours is not None else set()
    price = scenario.card_price if source == "own_card" else scenario.training_gpu_price
    if scenario.training_hours is not None and price is not None and scenario.training_gpu is None:
        idle |= {"training_gpu"}
    return idle
