"""Models and cards as hubs, drivers and tables write them."""

import pytest

from advisor.catalog.loader import load_catalog
from advisor.engineering.descriptions import Architecture
from advisor.engineering.from_catalog import card_named, cards, model_named, models, with_named_shape
from advisor.engineering.prediction import Prediction
from advisor.engineering.validation.model_rows import architecture
from advisor.engineering.validation.predictions import predict
from advisor.engineering.validation.serving_model import model_of
from advisor.engineering.validation.tables import TABLES, read_table

CATALOG = load_catalog()
MODELS, CARDS = models(CATALOG), cards(CATALOG)


SIZES = [
    ("mistralai/Mistral-Nemo-Instruct-2407", 12.2, 12.2),
    ("Mistral Small 3.2", 23.6, 23.6),
    ("mistral-small:22b", 22, 22),
    ("c4ai-command-r-plus", 103.8, 103.8),
    ("CohereLabs/c4ai-command-r7b-12-2024 7B", 7, 7),
    ("gpt2", 0.124, 0.124),
    ("GPT-2 XL", 1.56, 1.56),
    ("microsoft/phi-2", 2.78, 2.78),
    ("DeepSeek-V3.2-Exp", 671, 37),
    ("DeepSeek V2 Lite", 15.7, 2.4),
    ("MiniMaxAI/MiniMax-M2", 228.7, 10),
    ("Kimi K2.5", 1026, 32),
]


@pytest.mark.parametrize(("label", "params_b", "active_b"), SIZES)
def test_the_size_of_a_model_is_known_by_its_name_where_the_name_has_no_number(
    label: str, params_b: float, active_b: float
) -> None:
    trained = architecture({"model": label})
    assert isinstance(trained, Architecture)
    served = model_of({"model": label}, {})
    assert served is not None
    for found in (trained, served):
        assert (found.params / 1e9, found.active_params / 1e9) == pytest.approx((params_b, active_b))


@pytest.mark.parametrize("label", ["Mistral Small", "Mistral Large", "GLM-5.1", "Step-3.5-Flash", "codestral-mamba"])
def test_a_name_of_several_sizes_or_an_unknown_one_has_no_size(label: str) -> None:
    assert architecture({"model": label}) == "no_params"
    assert model_of({"model": label}, {}) is None


@pytest.mark.parametrize(
    ("label", "id_"),
    [
        ("Qwen/Qwen3-8B", "qwen3-8b"),
        ("unsloth/Qwen3-8B-bnb-4bit", "qwen3-8b"),
        ("Qwen3-8B-Base", "qwen3-8b"),
        ("Qwen/Qwen3-4B", "qwen3-4b-2507"),
        ("Qwen/Qwen3-30B-A3B-Instruct-2507-FP8", "qwen3-30b-a3b-2507"),
        ("meta-llama/Llama-3.3-70B-Instruct", "llama-3.3-70b"),
        ("llama-3.3-70b", "llama-3.3-70b"),
        ("unsloth/Meta-Llama-3.1-8B-Instruct-unsloth-bnb-4bit", "llama-3.1-8b"),
        ("meta-llama/Meta-Llama-3-8B", "llama-3.1-8b"),
        ("meta-llama/Llama-4-Maverick-17B-128E-Instruct", "llama-4-maverick"),
        ("meta-llama/Llama-2-7b-chat-hf", "llama-2-7b"),
        ("google/gemma-3-27b-it", "gemma-3-27b"),
        ("google/gemma-4-31B-it", "gemma-4-31b"),
        ("openai/gpt-oss-20b", "gpt-oss-20b"),
        ("unsloth/gpt-oss-20b-bnb-4bit", "gpt-oss-20b"),
        ("deepseek-ai/DeepSeek-R1", "deepseek-v3-0324"),
        ("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", "deepseek-r1-distill-qwen-32b"),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "mixtral-8x7b"),
        ("mistralai/Mistral-7B-Instruct-v0.3", "mistral-7b-v0.3"),
        ("microsoft/Phi-3-mini-4k-instruct", "phi-3-mini"),
        ("microsoft/phi-4", "phi-4"),
        ("zai-org/GLM-4.5-Air-FP8", "glm-4.5-air"),
        ("moonshotai/Kimi-K2-Thinking", "kimi-k2"),
        ("Qwen/Qwen2.5-7B-Instruct-AWQ", "qwen2.5-7b"),
        ("Qwen3-30B-A3B-Q4_K_M.gguf", "qwen3-30b-a3b"),
        ("deepseek-ai/DeepSeek-V3", "deepseek-v3-0324"),
        ("Llama-4-Scout (109B MoE, 17B active)", "llama-4-scout"),
        ("Qwen3-8B (bf16, thinking off)", "qwen3-8b"),
        ("Llama 3.1 (70B)", "llama-3.1-70b"),
        ("Qwen3-8B (pruned to 5.2B)", None),
        ("my-own-model-8b", None),
        ("Qwen", None),
        ("", None),
    ],
)
def test_a_model_is_found_by_the_name_that_hubs_give_it(label: str, id_: str | None) -> None:
    found = model_named(MODELS, label)
    assert (found.id if found else None) == id_


@pytest.mark.parametrize(
    ("label", "id_"),
    [
        ("NVIDIA H100 80GB HBM3", "h100-sxm-80gb"),
        ("NVIDIA H200 141GB HBM3e", "h200-141gb"),
        ("B200", "b200-180gb"),
        ("NVIDIA GeForce RTX 5090", "rtx-5090-32gb"),
        ("A100-SXM4-40GB", "a100-sxm-40gb"),
        ("NVIDIA A100 80GB PCIe", "a100-pcie-80gb"),
        ("8xH100", "h100-sxm-80gb"),
        ("H100-94GB HBM3", "h100-nvl-94gb"),
        ("RTX 5090 80GB", None),
        *((name, "l40s-48gb") for name in ("L40S 48GB PCIe", "PCIe NVIDIA L40S 48 GB", "48GB L40S", "L40S-48GB-PCIe")),
        ("80GB H100 PCIe", "h100-pcie-80gb"),
        ("PCIe H100", "h100-pcie-80gb"),
        ("NVIDIA H100 Tensor Core GPU", "h100-sxm-80gb"),
        ("HBM2e 80 GB SXM4 A100 NVIDIA", "a100-sxm-80gb"),
        ("40GB A100 PCIe", "a100-pcie-40gb"),
        ("AMD Instinct\u2122 192 GB MI300X OAM", "mi300x-192gb"),
        ("24GB GDDR6X RTX 4090", "rtx-4090-24gb"),
        ("H200 PCIe 141GB", None),
        ("H100 96GB", None),
        ("H100 + A100", None),
        ("DGX H100", None),
        ("GB200 NVL72", None),
        ("PCIe", None),
    ],
)
def test_a_card_is_found_by_the_name_that_drivers_give_it(label: str, id_: str | None) -> None:
    found = card_named(CARDS, label)
    assert (found.name if found else None) == id_


def test_blank_columns_of_shape_are_those_of_the_named_model() -> None:
    filled = with_named_shape({"model": "Qwen/Qwen3-8B", "hidden_size": "", "num_layers": "30"}, MODELS)
    assert (filled["params_b"], filled["hidden_size"], filled["num_layers"]) == ("8.191", "4096", "30")


@pytest.mark.parametrize("size", ["4", "16", "eight"])
def test_a_row_of_another_size_stays_as_it_is(size: str) -> None:
    row = {"model": "Qwen/Qwen3-8B", "params_b": size}
    assert with_named_shape(row, MODELS) == row


def test_a_row_that_names_its_model_needs_no_shape() -> None:
    lines = ["method,model,micro_batch,seq_len", "qlora,unsloth/Qwen3-8B-bnb-4bit,1,2048", "qlora,nothing-known,1,2048"]
    found = predict(TABLES["memory"], read_table("\n".join(lines).encode(), TABLES["memory"]).rows, CATALOG)
    assert isinstance(found[0], Prediction)
    assert found[1] == "no_params"
