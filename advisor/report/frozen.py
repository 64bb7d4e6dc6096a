"""A report as it was: the document of blocks as values of JSON and back, for any renderer of a later release."""

import base64
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from advisor.report import document as blocks
from advisor.report.document import Document
from advisor.scenario import Logo

KIND = "kind"
KINDS = {
    each.__name__: each
    for each in (
        *(blocks.Heading, blocks.Paragraph, blocks.Verdict, blocks.KeyFigure, blocks.KeyFigures, blocks.Particular),
        *(blocks.Particulars, blocks.Approval, blocks.Bullets, blocks.Sources, blocks.Column, blocks.Table),
        *(blocks.Chart, blocks.Note, blocks.PageBreak),
    )
}
"""Every part of a document by its name. A field that is added later has a default, so that old reports are read."""


def frozen(document: Document) -> dict[str, Any]:
    """The document as values of JSON."""
    told = {each.name: getattr(document, each.name) for each in fields(document)}
    logo = document.logo
    return {
        **told,
        "date": document.date.isoformat(),
        "blocks": [_frozen(block) for block in document.blocks],
        "labels": dict(document.labels),
        "logo": logo and {"kind": logo.kind, "content": base64.b64encode(logo.content).decode()},
    }


def thawed(value: Mapping[str, Any]) -> Document:
    """The document behind such values."""
    logo = value["logo"]
    told = {
        "date": date.fromisoformat(value["date"]),
        "blocks": tuple(_thawed(block) for block in value["blocks"]),
        "logo": logo and Logo(logo["kind"], base64.b64decode(logo["content"])),
    }
    return Document(**{**value, **told})


def _frozen(value: object) -> Any:
    if is_dataclass(value):
        parts = {each.name: _frozen(getattr(value, each.name)) for each in fields(value)}
        return {KIND: type(value).__name__, **parts}
    return [_frozen(each) for each in value] if isinstance(value, tuple) else value


def _thawed(value: Any) -> Any:
    if isinstance(value, dict):
        parts = {name: _thawed(part) for name, part in value.items() if name != KIND}
        return KINDS[value[KIND]](**parts)
    return tuple(_thawed(each) for each in value) if isinstance(value, list) else value
