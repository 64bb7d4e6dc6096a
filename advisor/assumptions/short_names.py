"""Models, GPUs, routes and presets by the names that people know them by, where only one can be meant."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from advisor.catalog.catalog import Catalog
from advisor.catalog.hosted_names import models_called, spelt_like, with_words
from advisor.catalog.hosted_prices import is_hosted, offered_models
from advisor.catalog.own_model import is_own, own_model_text
from advisor.core.notices import InputError, Issue, nearest, unknown_id
from advisor.engineering.validation.counted_cards import counted_cards
from advisor.scenario import LONGEST_NAME
from advisor.scenario.names import NO_LABELS, Labels
from advisor.scenario.reading import bare_name
from advisor.scenario.signs import plain_text_of, visible

HOSTED = ("current_model", "tuned_model", "cheaper_model")
GPUS = ("serving_gpu", "training_gpu")
MOST_MEANT = 8
LONGEST_QUOTE = 60
_PARTS = re.compile(r"\s*[,;+&\u3001\uff0c]\s*|\s+(?:and|or)\s+|\s+/\s+|\u548c|\u6216")
"""Between names where one is asked for."""
SAYS_NOTHING = frozenset(
    [
        *("nvidia", "geforce", "rtx", "tesla", "amd", "instinct", "graphics", "gpu", "generation"),
        *("hbm2", "hbm2e", "hbm3e"),
        *("meta", "instruct", "it", "chat", "base", "hf"),
    ]
)
"""Words of a name that tell apart no two records: makers of cards, and kinds of a model of one architecture."""


def id_named(name: str, value: str, catalog: Catalog, labels: Labels = NO_LABELS) -> str:
    """The id that an answer to the question ``name`` stands for. Raises :class:`InputError` with what can be meant."""
    if name == "preset":
        return _preset(value, catalog, labels)
    if name == "open_model" and is_own(value):
        return own_model_text(value)
    if name == "open_model" and names_a_file(value):
        raise InputError([Issue(name, "model_file_elsewhere", {"path": value[:LONGEST_QUOTE]})])
    value = visible(value)
    if not value.isprintable() or len(value) > LONGEST_NAME:  # refused for that, as any text is
        return value
    _check_one_is_named(name, value, catalog)
    if name in HOSTED:
        return _hosted(name, value)
    records = _records(name, catalog)
    if not records or value in records:
        return value
    if (alike := value.strip().casefold()) in records:  # also where each of its words says nothing, as Chat
        return alike
    counted = counted_cards(value) if name in GPUS else None
    if counted is not None and counted[0] == 1:
        return id_named(name, counted[1], catalog)
    if counted is not None:
        raise InputError([_several_cards(name, value, *counted, catalog)])
    return _of_records(name, value, records)


def _preset(value: str, catalog: Catalog, labels: Labels) -> str:
    """A ready-made case by its id, or by its title in any language."""
    value = visible(value)
    if not value.isprintable() or len(value) > LONGEST_NAME or value in catalog.presets:
        return value
    titles = {key: [bare_name(each) for each in labels.translated(p.title)] for key, p in catalog.presets.items()}
    said = bare_name(value)
    same = [key for key, called in titles.items() if said in (bare_name(key), *called)]
    if len(same) == 1:
        return same[0]
    part = [key for key, called in titles.items() if said and any(said in each for each in called)]
    _check_one_is_named("preset", value, catalog)
    return _of_records("preset", value, catalog.presets, part)


def _check_one_is_named(name: str, value: str, catalog: Catalog) -> None:
    """Refuse several names where one is asked for, with the ids of each."""
    parts = _PARTS.split((value.replace("/", ",") if name in GPUS else value).strip())
    if len(parts) < 2 or not all(parts) or not (name in (*HOSTED, *GPUS) or _records(name, catalog)):
        return
    meant = [_meant_by(name, each, catalog) for each in parts]
    if all(meant):
        raise InputError([Issue(name, "several_named", {"value": value[:40], "near": ", ".join(map(str, meant))})])


def _meant_by(name: str, value: str, catalog: Catalog) -> str | None:
    """The id of a name, or those that it can mean; ``None`` where it means nothing."""
    try:
        return id_named(name, value, catalog)
    except InputError as error:
        issue = error.issues[0]
        return str(issue.params["near"]) if issue.code in ("several_ids", "several_cards") else None


def _of_records(name: str, value: str, records: Mapping[str, object], near: Sequence[str] = ()) -> str:
    """The record of this name. Raises :class:`InputError` with those that can be meant, else with what is ``near``."""
    words = _words(value)
    called = {key: (_words(key), _words(_name_of(record))) for key, record in records.items()}
    same = [key for key, names in called.items() if words and words in names]
    same = same or [key for key, names in called.items() if words and "".join(words) in map("".join, names)]
    within = [key for key, names in called.items() if words and _holds({*names[0], *names[1]}, words)]
    if not within:  # labels of benchmarks and drivers, which also give a card the name that several share
        labels = {key: [_words(each) for each in getattr(record, "names", ())] for key, record in records.items()}
        same = same or [key for key, names in labels.items() if words and words in names]
    if len(same) == 1 or (name in GPUS and len(within) == 1):
        return (same or within)[0]
    begun = [key for key, names in called.items() if words and _begin({*names[0], *names[1]}, words)]
    meant = same or (begun if name == "open_model" else within) or _beginning("".join(words), records) or near
    return _refuse(name, value, meant, records, nearest("-".join(words), records))


def _holds(known: Collection[str], words: Iterable[str]) -> bool:
    """Whether a name holds every word; the memory of a card may stand without its unit."""
    return all(word in known or f"{word}gb" in known for word in words)


def _begin(known: Collection[str], words: Iterable[str]) -> bool:
    """Whether every word begins a word of a name, as ``qwen`` does ``qwen2.5``; a number is one."""
    return all(word in known or (word.isalpha() and any(each.startswith(word) for each in known)) for word in words)


def _several_cards(name: str, value: str, count: int, card: str, catalog: Catalog) -> Issue:
    """A number of cards where one is named, as ``8 x H100``."""
    near = _meant_by(name, card, catalog)
    if near is None:
        return unknown_id(name, value, (), _records(name, catalog))
    return Issue(name, "several_cards", {"value": value[:40], "count": str(count), "near": near})


def names_a_file(value: str) -> bool:
    """Whether a text is the path of a ``config.json``; no model has such a name."""
    return value.strip().casefold().endswith(".json") and value.isprintable()


def _records(name: str, catalog: Catalog) -> Mapping[str, object]:
    """The records that can answer the question, by id."""
    if name in GPUS:
        return catalog.gpus
    found: Mapping[str, Mapping[str, object]] = {
        "open_model": catalog.models,
        "managed_route": catalog.routes,
        "preset": catalog.presets,
    }
    return found.get(name, {})


def _name_of(record: object) -> str:
    return str(getattr(record, "name", "") or getattr(record, "title", ""))


def _hosted(name: str, value: str) -> str:
    """A hosted model by its id, or by the name alone that its maker gives it."""
    if is_hosted(value):
        return value
    found = models_called(value)
    if len(found) == 1:
        return found[0]
    offered = offered_models()
    squeezed = _squeezed(value)
    within = [each for each in offered if squeezed and squeezed in _squeezed(each)]
    meant = found or within or with_words(value, offered)
    return _refuse(name, value, meant, offered, spelt_like(value, offered) if not meant else ())


def _refuse(name: str, value: str, meant: Iterable[str], known: Iterable[str], near: Sequence[str] = ()) -> str:
    """Refuse a name with what it can mean, else with what is spelt like it, else with what there is."""
    several = tuple(meant)[:MOST_MEANT]
    if several:
        params = {"value": value[:40], "near": ", ".join(several)}
        raise InputError([Issue(name, "several_ids" if len(several) > 1 else "unknown_id_near", params)])
    raise InputError([unknown_id(name, value, near or nearest(value, known), known)])


def _beginning(squeezed: str, known: Iterable[str]) -> list[str]:
    """Records whose id begins with the text: ``llama3`` with all of Llama 3."""
    return [each for each in known if squeezed and _squeezed(each).startswith(squeezed)]


def _squeezed(text: str) -> str:
    return re.sub(r"[^\w.]|_", "", plain_text_of(text).casefold())


def _words(text: str) -> list[str]:
    """Words that tell records apart, as cards and models are called by people, drivers and model hubs."""
    plain = plain_text_of(text).casefold().rpartition("/")[2]
    plain = re.sub(r"(\d)\s*gi?b?\b", r"\1gb", re.sub(r"\brtx(?=a?\d)", "rtx ", plain))
    words = [re.sub(r"^sxm\d$", "sxm", word) for word in re.findall(r"[\w.]+", plain.replace("_", " "))]
    return [word for word in words if word not in SAYS_NOTHING]
