"""A usage log or a training set that is handed to the wrong command is called by its name there, with what it says."""

from pathlib import Path

import pytest

from advisor.text.i18n import Translator
from advisor.text.languages import languages

EXPORT = (
    "start_time,end_time,num_model_requests,model,input_tokens,output_tokens,input_cached_tokens\n"
    "1759622400,1759708800,412,gpt-5-mini-2025-08-07,1130872,298114,402176\n"
)
TRACE = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9,396,109\n"
PAGES = '{"object":"page","data":[{"results":[{"input_tokens":5000,"output_tokens":1000,"num_model_requests":10}]}]}'
FOCUS = "ChargePeriodStart,ChargeCategory,BilledCost,BillingCurrency\n2026-10-01T00:00:00Z,Usage,0.30,USD\n"
CHAT = '{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}\n' * 2
ALPACA = '[{"instruction":"Sort","input":"","output":"a"},{"instruction":"Sort","input":"","output":"b"}]'
PAIRS = "prompt,completion\nhi,hello\nbye,goodbye\n"
LOGS = {
    "export.csv": (EXPORT, "openai_usage", ("412", "724")),
    "export-de.csv": (EXPORT.replace(",", ";"), "openai_usage", ("412", "724")),
    "trace.csv": (TRACE, "trace", ("385", "76")),
    "pages.json": (PAGES, "openai_usage", ("500", "100")),
    "bill.csv": (FOCUS, "bill", ()),
}
SETS = {
    "chat.jsonl": (CHAT, "chat_examples", ("2",)),
    "alpaca.json": (ALPACA, "instruction_examples", ("2",)),
    "one.jsonl": (CHAT[: len(CHAT) // 2], "chat_examples", ("1",)),
    "pairs.csv": (PAIRS, "prompt_examples", ("2",)),
}
DOORS = {
    **{(*command, name): file for name, file in LOGS.items() for command in (("assess",), ("portfolio",))},
    **{("predict", "memory", name): LOGS[name] for name in ("export.csv", "export-de.csv", "trace.csv")},
    **{("dataset", name): LOGS[name] for name in ("export.csv", "trace.csv", "bill.csv")},
    **{(command, name): file for name, file in SETS.items() for command in ("assess", "portfolio", "usage")},
    **{("predict", "speed", name): file for name, file in SETS.items()},
}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("door", DOORS, ids=" ".join)
def test_a_file_in_the_wrong_place_is_called_by_its_name(
    run, tmp_path: Path, door: tuple[str, ...], language: str
) -> None:
    content, kind, says = DOORS[door]
    path = tmp_path / door[-1]
    path.write_text(content, encoding="utf-8")
    _, err = run(*door[:-1], str(path), "--language", language, code=2)
    assert len(err.splitlines()) == 1
    assert Translator(language)(f"word.log.{kind}") in err
    assert all(each in err for each in says)
    assert err.count(Translator(language)("word.file")) == 1
