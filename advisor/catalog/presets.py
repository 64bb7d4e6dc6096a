"""Ready-made sets of answers, and what is special about some of them."""

from typing import Any

from pydantic import Field, model_validator

from advisor.catalog.fields import Article, Id, Kind, Record, Words, refusal
from advisor.catalog.records import Source, check_address


class FieldNote(Record):
    """What is special about one answer of a preset; ``kind`` and ``source`` where they are not the preset's."""

    note: Words
    kind: Kind | None = None
    source: Source | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "FieldNote":
        if (self.kind is None) != (self.source is None):
            raise refusal("kind and source do not stand together", "give both, or neither where the preset's hold")
        if self.kind is not None and self.source is not None:
            check_address(self.kind, self.source)
        return self


class PresetRecord(Record):
    """A ready-made set of answers. The answers themselves are checked by ``Scenario``."""

    id: Id
    order: int
    title: Words
    summary: Words
    article: Article | None = None
    compare_with: Id | None = None
    kind: Kind
    source: Source
    answers: dict[str, Any]
    notes: tuple[Words, ...] = Field(default=(), strict=False)
    field_notes: dict[str, FieldNote] = Field(default_factory=dict)
