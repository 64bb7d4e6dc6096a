"""A case with everything that hangs on it as one file of JSON, and back as a case of whoever takes it in; several
cases as one ZIP of such files.
"""

import base64
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, insert, select, update

from advisor.core.archives import ZIP_FAULTS
from advisor.core.notices import InputError, Issue
from advisor.core.places import file_stem
from advisor.store import tables
from advisor.store.access import case_row, new_id, plain_text, record
from advisor.store.cases import begin
from advisor.store.database import Store
from advisor.store.records import Actor
from advisor.store.rows import FIRST_PREVIOUS, digest

FORM = "advisor-case-1"
CASE_FIELDS = ("name", "status", "tags")
NOTE_FIELDS = ("assumption", "text", "told_by", "at", "by")
REVISION_FIELDS = tuple(c.name for c in tables.revisions.columns if c.name != "case_id")
FILE, ZIP_BEGINS = "FILE", b"PK\x03\x04"
MOST_FILES, LARGEST_UNPACKED_MB = 2000, 200
"""What a ZIP may hold: a small one may unpack to more than a machine holds."""
Exported = tuple[dict[str, str], list[dict[str, Any]], list[dict[str, str]]]
"""Case, revisions and notes of a file."""


def exported(store: Store, actor: Actor, case_id: str) -> str:
    """The case, every revision with its hash, and the notes, as JSON."""
    return _as_text(_whole(store, actor, case_id))


def _whole(store: Store, actor: Actor, case_id: str) -> dict[str, Any]:
    r, n = tables.revisions, tables.notes
    with store.reading() as connection:
        case = case_row(connection, actor, case_id)
        revisions = connection.execute(select(r).where(r.c.case_id == case_id).order_by(r.c.number)).mappings().all()
        notes = connection.execute(select(n).where(n.c.case_id == case_id).order_by(n.c.at)).mappings().all()
    return {
        "form": FORM,
        "case": {name: getattr(case, name) for name in CASE_FIELDS},
        "revisions": [_told({name: row[name] for name in REVISION_FIELDS}) for row in revisions],
        "notes": [{name: row[name] for name in NOTE_FIELDS} for row in notes],
    }


def _as_text(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def packed(store: Store, actor: Actor, case_ids: Iterable[str]) -> bytes:
    """These cases as a ZIP with a file of JSON each, named by the case and the beginning of its id."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for case_id in case_ids:
            told = _whole(store, actor, case_id)
            archive.writestr(f"{file_stem(told['case']['name'])}-{case_id[:8]}.json", _as_text(told))
    return buffer.getvalue()


def imported(store: Store, actor: Actor, content: bytes) -> str:
    """Keep an exported case as one of the user's own, its history unchanged; its new id.

    Raises :class:`InputError` for what is no such file, or whose chain is broken.
    """
    return _kept(store, actor, [_read(content, FILE)])[0]


def taken_in(store: Store, actor: Actor, content: bytes) -> tuple[str, ...]:
    """Keep the case of a file, or those of a ZIP, all of them or none; their new ids. Raises :class:`InputError`."""
    if content.startswith(ZIP_BEGINS):
        return _kept(store, actor, [_read(text, name) for name, text in _unpacked(content)])
    return (imported(store, actor, content),)


def _kept(store: Store, actor: Actor, found: Iterable[Exported]) -> tuple[str, ...]:
    with store.writing() as connection:
        return tuple(_keep(connection, actor, *each) for each in found)


def _keep(
    connection: Connection,
    actor: Actor,
    case: dict[str, str],
    revisions: list[dict[str, Any]],
    notes: list[dict[str, str]],
) -> str:
    case_id = begin(connection, actor, case["name"], json.loads(case["tags"]), case["status"])
    connection.execute(insert(tables.revisions), [{**row, "case_id": case_id} for row in revisions])
    if notes:
        rows = [{**note, "id": new_id(), "case_id": case_id} for note in notes]
        connection.execute(insert(tables.notes), rows)
    last = {"latest": revisions[-1]["number"], "head": revisions[-1]["hash"]}
    connection.execute(update(tables.cases).where(tables.cases.c.id == case_id).values(**last))
    record(connection, actor, case_id, "imported", revisions=len(revisions))
    return case_id


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of JSON in a ZIP; others are left out."""
    left, found = LARGEST_UNPACKED_MB * 10**6, 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist()[: MOST_FILES + 1]:
                if not entry.filename.endswith(".json"):
                    continue
                with archive.open(entry) as file:
                    text = file.read(left + 1)
                left, found = left - len(text), found + 1
                if left < 0 or found > MOST_FILES:
                    raise _refused("store_zip_too_large", FILE, files=MOST_FILES, megabytes=LARGEST_UNPACKED_MB)
                yield entry.filename[-100:], text
    except InputError:
        raise
    except ZIP_FAULTS:
        raise _refused("store_bad_zip", FILE) from None
    if not found:
        raise _refused("store_bad_zip", FILE)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "pdf": None if row["pdf"] is None else base64.b64encode(row["pdf"]).decode()}


def _read(content: bytes, file: str) -> Exported:
    """What a ``file`` holds, each field of the kind that its column holds."""
    try:
        told = json.loads(content)
        if told["form"] != FORM:
            raise _refused("store_no_export", file)
        case = {name: _text(told["case"][name]) for name in CASE_FIELDS}
        revisions = [_row(row) for row in told["revisions"]]
        notes = [{name: _text(note[name]) for name in NOTE_FIELDS} for note in told["notes"]]
        is_list = all(isinstance(tag, str) for tag in json.loads(case["tags"]))
    except InputError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _refused("store_no_export", file) from None
    if not revisions or not is_list:
        raise _refused("store_no_export", file)
    previous = FIRST_PREVIOUS
    for number, row in enumerate(revisions, 1):
        if (row["number"], row["previous"], row["hash"]) != (number, previous, digest(row)):
            raise _refused("store_export_broken", file, name=plain_text(case["name"], "NAME"), number=number)
        previous = row["hash"]
    return case, revisions, notes


def _row(told: dict[str, Any]) -> dict[str, Any]:
    if type(told["number"]) is not int:
        raise ValueError("a number")
    pdf = None if told["pdf"] is None else base64.b64decode(told["pdf"], validate=True)
    texts = {name: _text(told[name]) for name in REVISION_FIELDS if name not in ("number", "pdf")}
    for name in ("evidence", "prices", "headline", "report"):
        json.loads(texts[name])
    return {**texts, "number": told["number"], "pdf": pdf}


def _text(value: object) -> str:
    """A text that both databases hold."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("a text")
    value.encode()
    return value


def _refused(code: str, field: str, **params: object) -> InputError:
    return InputError([Issue(field, code, params)])
