"""Hosted models by the names that people give them, where only one can be meant."""

from collections.abc import Collection

from advisor.catalog.hosted_prices import known_models

ROUTER = "openrouter/"
"""Its ids hold the maker of a model before its name."""
VERSION_ENDS = ("", "-0", "-latest")
"""How a maker may end a name that others write without."""


def models_called(name: str) -> tuple[str, ...]:
    """Ids of the models of this name, with provider or without; of several, that of the maker, whom OpenRouter names.

    ``GPT 5 mini`` and ``gpt-5-mini`` are one name, as are ``Claude Haiku 4.5`` and ``claude-haiku-4-5``.
    """
    known = known_models()
    if (own := _in_list_of_maker(name.strip().casefold(), known)) is not None:
        return (own,)
    wanted = _bare(name)
    routed = (each for each in known if each.startswith(ROUTER) and _bare(each.rpartition("/")[2]) == wanted)
    of_makers = (_in_list_of_maker(key.removeprefix(ROUTER), known) for key in routed)
    found = [each for each in known if _bare(each.partition("/")[2]) == wanted]
    return tuple(dict.fromkeys(each for each in of_makers if each is not None)) or tuple(found)


def _in_list_of_maker(model_id: str, known: Collection[str]) -> str | None:
    """Id in the maker's own list of a model as others write it: 4.5 may be 4-5 there, and 4 may be 4-0."""
    plain = model_id.replace(".", "-")
    return next((each for each in (model_id, *(f"{plain}{end}" for end in VERSION_ENDS)) if each in known), None)


def _bare(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum() or letter == ".")
