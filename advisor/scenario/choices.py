"""The answers that a question with a choice allows."""

from typing import Literal

Currency = Literal["USD", "CNY", "EUR", "GBP", "JPY"]
QualityNeed = Literal["normal", "high"]
UseCase = Literal["classification", "extraction", "customer_service", "summaries", "code_completion", "writing_chat"]
ServingRoute = Literal["rented_gpu", "own_card", "hosted", "own_figure"]
TrainingSource = Literal["rented", "own_card", "managed"]
RentalTerm = Literal["hour", "month"]
YesNo = Literal["yes", "no"]
FailureKind = Literal["behaviour", "knowledge", "both", "cost_latency"]
GateResult = Literal["passed", "failed"]
HostingAllowed = Literal["anywhere", "self_hosted"]
ModelSize = Literal["1b", "3b", "7b", "13b", "34b", "70b"]
Method = Literal["lora", "qlora", "full"]
Objective = Literal["sft", "dpo", "kto", "orpo", "grpo", "ppo"]
Precision = Literal["bf16", "fp8", "int4"]
