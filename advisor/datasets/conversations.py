"""A record of any known format as one conversation, or the first fault that keeps it from being trained on."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from advisor.datasets.json_faults import kind_of

SYSTEM, USER, ASSISTANT, TOOL = "system", "user", "assistant", "tool"
ROLES: Mapping[str, str] = {
    **dict.fromkeys(("system", "developer"), SYSTEM),
    **dict.fromkeys(("user", "human"), USER),
    **dict.fromkeys(("assistant", "gpt", "chatgpt", "bot", "model", "function_call"), ASSISTANT),
    **dict.fromkeys(("tool", "function", "observation", "function_response"), TOOL),
}
"""What formats call who speaks."""
PROMPTS = ("prompt", "question", "input", "query", "text")
ANSWERS = ("completion", "response", "answer", "output", "label", "chosen")
INSTRUCTION = "instruction"
MESSAGES, DIALOGUE = "messages", ("conversations", "conversation")
KNOWN_KEYS = frozenset({MESSAGES, *DIALOGUE, INSTRUCTION, *PROMPTS, *ANSWERS, SYSTEM})
LONGEST_QUOTE, MOST_KEYS = 30, 6


class Conversation(NamedTuple):
    """What a model is given and what it is to answer last; ``before`` are the texts between system and answer."""

    kind: str
    system: str
    before: tuple[str, ...]
    answer: str
    messages: int


class Unusable(NamedTuple):
    """The fault of a record by its code, and what was read there."""

    code: str
    read: str = ""


def conversation(record: Any) -> Conversation | Unusable:
    """The conversation in a record, whose format is told by its keys."""
    if not isinstance(record, dict):
        return Unusable("not_an_object", kind_of(record))
    if MESSAGES in record:
        return _dialogue("chat", record[MESSAGES], "role", "content", "")
    for key in DIALOGUE:
        if key in record:
            return _dialogue("sharegpt", record[key], "from", "value", record.get(SYSTEM))
    if INSTRUCTION in record:
        prompt = [record[INSTRUCTION], record.get("input")]
        return _pair("alpaca", record, [text for text in prompt if text], ("output", "response", "completion"))
    prompt_key = next((key for key in PROMPTS if key in record), None)
    if prompt_key is None:
        return _unknown(record)
    kind = "preference" if "chosen" in record and "rejected" in record else "prompt_completion"
    return _pair(kind, record, [record[prompt_key]], ANSWERS)


def _unknown(record: Mapping[Any, Any]) -> Unusable:
    return Unusable("unknown_keys", ", ".join(_quoted(key) for key in list(record)[:MOST_KEYS]))


def _pair(
    kind: str, record: Mapping[str, Any], prompt: Sequence[Any], answers: Sequence[str]
) -> Conversation | Unusable:
    """A prompt and its answer, each a text or the messages of one."""
    answer_key = next((key for key in answers if key in record), None)
    if answer_key is None:
        return _unknown(record)
    answer = record[answer_key]
    if len(prompt) == 1 and isinstance(prompt[0], list):
        after = answer if isinstance(answer, list) else [{"role": ASSISTANT, "content": answer}]
        return _dialogue(kind, [*prompt[0], *after], "role", "content", "")
    if isinstance(answer, list):
        return _dialogue(kind, [{"role": USER, "content": "\n".join(map(str, prompt))}, *answer], "role", "content", "")
    system, texts, said = _text(record.get(SYSTEM)), [_text(each) for each in prompt], _text(answer)
    if system is None or said is None or None in texts:
        return Unusable("bad_message", answer_key if said is None else "prompt")
    before = "\n".join(text for text in texts if text)
    if not before.strip() or not said.strip():
        return Unusable("empty_content", "prompt" if not before.strip() else answer_key)
    return Conversation(kind, system, (before,), said, 3 if system else 2)


def _dialogue(kind: str, given: Any, role_key: str, text_key: str, system: Any) -> Conversation | Unusable:
    if not isinstance(given, list) or not given:
        return Unusable("no_messages", kind_of(given))
    turns: list[tuple[str, str]] = [(SYSTEM, system)] if isinstance(system, str) and system.strip() else []
    for message in given:
        turn = _plain_turn(message, role_key, text_key) or _turn(message, role_key, text_key)
        if type(turn) is Unusable:
            return turn
        turns.append(turn)
    fault = _fault_of_order(tuple(role for role, _ in turns))
    if fault is not None:
        return fault
    first = 1 if turns[0][0] == SYSTEM else 0
    before = tuple(text for _, text in turns[first:-1])
    return Conversation(kind, turns[0][1] if first else "", before, turns[-1][1], len(turns))


def _plain_turn(message: Any, role_key: str, text_key: str) -> tuple[str, str] | None:
    """Role and text of a message of nothing else, which most are; ``None`` where more has to be looked at."""
    if type(message) is not dict or len(message) != 2:
        return None
    said, text = message.get(role_key), message.get(text_key)
    role = ROLES.get(said) if type(said) is str else None
    return None if role is None or type(text) is not str or not text or text.isspace() else (role, text)


def _turn(message: Any, role_key: str, text_key: str) -> tuple[str, str] | Unusable:
    """Role and text of a message; a call of a tool counts as what the model writes."""
    if not isinstance(message, dict):
        return Unusable("bad_message", kind_of(message))
    if role_key not in message and "role" in message:
        role_key, text_key = "role", "content"
    said = message.get(role_key)
    role = ROLES.get(said.strip().casefold()) if isinstance(said, str) else None
    if role is None:
        return Unusable("unknown_role", _quoted(said))
    text = _text(message.get(text_key))
    if text is None:
        return Unusable("bad_message", _quoted(said))
    calls = message.get("tool_calls") or message.get("function_call")
    if calls:
        text = f"{text}\n{json.dumps(calls, ensure_ascii=False, default=str)}" if text else str(calls)
    if not text.strip() and role != TOOL:
        return Unusable("empty_content", _quoted(said))
    return role, text


@lru_cache(1_024)
def _fault_of_order(roles: tuple[str, ...]) -> Unusable | None:
    """System first or not at all, then people and tools before each answer; the last word is the model's."""
    if SYSTEM in roles[1:]:
        return Unusable("system_in_the_middle", str(roles.index(SYSTEM, 1) + 1))
    spoken = roles[1:] if roles[0] == SYSTEM else roles
    if not spoken or spoken[-1] != ASSISTANT:
        return Unusable("last_not_assistant", roles[-1])
    if spoken[0] != USER:
        return Unusable("roles_out_of_order", spoken[0])
    for before, after in pairwise(spoken):
        if (before == after and before != TOOL) or (after == TOOL and before == USER):
            return Unusable("roles_out_of_order", f"{before}, {after}")
    return None


def _text(content: Any) -> str | None:
    """The text of a message's content, pictures and sounds left out; ``None`` where it is neither text nor parts."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, int | float) and not isinstance(content, bool):
        return str(content)
    if not isinstance(content, list):
        return None
    parts = [part if isinstance(part, str) else part.get("text") for part in content if isinstance(part, str | dict)]
    return "\n".join(part for part in parts if isinstance(part, str)) if len(parts) == len(content) else None


def _quoted(said: object) -> str:
    text = str(said)[: LONGEST_QUOTE + 1]
    shown = "".join(c if c.isprintable() else "?" for c in text)
    return shown if len(shown) <= LONGEST_QUOTE else f"{shown[:LONGEST_QUOTE]}..."
