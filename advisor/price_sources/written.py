"""Records as the files that the catalog reads back."""

from collections.abc import Iterable
from typing import Any

import yaml

from advisor.catalog.records import DatedValue

NOTE = "# Written by `advisor prices update`; the next update writes it anew.\n"
ORDER = ("effective_from", "value", "kind", "source")
SOURCE_ORDER = ("title", "url", "article", "retrieved")


class _Plainly(yaml.SafeDumper):
    """Writes what stands twice twice: an editor of the file should not have to follow references."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def yaml_bytes(content: dict[str, object]) -> bytes:
    """A whole file; dates and numbers are written plainly."""
    return (NOTE + yaml.dump(content, Dumper=_Plainly, sort_keys=False, allow_unicode=True, width=200)).encode()


def history(values: Iterable[DatedValue], new: dict[str, object] | None) -> list[dict[str, object]]:
    """What was published before, with a newer value at its end; of one day the new one counts."""
    told = [each.model_dump(exclude_none=True) for each in values if each.kind != "yours"]
    before = [_in_order({**each, "value": float(each["value"])}) for each in told]
    if new is None:
        return before
    return [*(each for each in before if each["effective_from"] < new["effective_from"]), _in_order(new)]


def _in_order(value: dict[str, Any]) -> dict[str, Any]:
    """The fields of a value as they always stand, so that an update that changes nothing leaves the file as it is."""
    first = [name for name in ORDER if name in value]
    told = {name: value[name] for name in (*first, *(each for each in value if each not in first))}
    source = told["source"]
    return {**told, "source": {name: source[name] for name in SOURCE_ORDER if name in source}}
