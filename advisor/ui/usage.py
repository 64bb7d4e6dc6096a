"""From your own logs and bills: what was found in them, what is not known and why, and what that changes in the case.

What is uploaded goes to a folder of its own that is gone when it is read; only the profile, which holds no text of a
prompt, stays with the session.
"""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from advisor import charts
from advisor.core.notices import InputError, Issue
from advisor.text import usage_phrases
from advisor.text.i18n import Translator
from advisor.text.phrases import field_label, joined
from advisor.ui import heavy, layout, state, take_over, usage_columns, works
from advisor.ui.tables import stacked_table
from advisor.ui.workers import Turn
from advisor.usage.answers import measured_answers, remarks
from advisor.usage.intake import LARGEST_MAPPING_BYTES, wish_of
from advisor.usage.readers import FORMATS
from advisor.usage.readers.decimals import DECIMAL_MARKS
from advisor.usage.readers.moments import DATE_ORDERS
from advisor.usage.records import UsageProfile
from advisor.usage.salt import installation_salt
from advisor.usage.summary import dump_profile

FOUND, FAULTS, CHOSEN, READ = "usage.found", "usage.faults", "usage.chosen", "usage.read"
"""Keys of the session. ``READ`` counts what was read: each time the fields are new, and the files in them are gone."""
UNKNOWN = "usage.unknown"
"""Which files have a table that is not recognised, and its headings, until they are read."""
SUFFIXES = ("csv", "tsv", "json", "jsonl", "ndjson", "parquet", "gz", "zst", "txt", "log")
MAPPINGS = ("yaml", "yml", "json")
RECOGNISED = ""
ALL = ""
"""All requests, where one use case may be chosen; a field that held no value would ask for one."""
MOST_USE_CASES = 5
"""Each is measured while the files are there."""
CARDS = ("daily_requests", "input_tokens", "output_tokens", "cached_input_share", "batch_share", "peak_factor")
UNSAFE = re.compile(r"[^\w.\- ]")


@dataclass(frozen=True)
class FoundUsage:
    """Profiles by use case, under ``None`` that of all requests."""

    profiles: Mapping[str | None, UsageProfile]


def draw() -> None:
    t = state.translator()
    st.title(t("page.usage.title"))
    st.markdown(t("page.usage.intro"))
    _upload(t)
    layout.faults(st.session_state.get(FAULTS, ()), t)
    found = st.session_state.get(FOUND)
    if isinstance(found, FoundUsage):
        _tell(_chosen(found, t), t)


def _upload(t: Translator) -> None:
    """Files, their format, and a mapping for those that are not recognised."""
    largest = int(st.get_option("server.maxUploadSize"))
    with st.form("usage", border=True):
        key = f"w.usage.files.{st.session_state.setdefault(READ, 0)}"
        files = st.file_uploader(t("page.usage.files"), SUFFIXES, accept_multiple_files=True, key=key)
        st.caption(t("page.usage.largest", size=largest))
        unknown, headings = st.session_state.get(UNKNOWN, ((), ()))
        named = usage_columns.ask(headings, t) if headings else None
        with st.expander(t("page.usage.how")):
            form = st.selectbox(
                t("page.usage.format"),
                (RECOGNISED, *FORMATS),
                key=f"w.usage.format.{t.language}",
                format_func=lambda name: t(f"usage.format.{name}") if name else t("page.usage.recognised"),
            )
            dates = st.selectbox(
                t("page.usage.dates"),
                (RECOGNISED, *DATE_ORDERS),
                key=f"w.usage.dates.{t.language}",
                format_func=lambda order: t(f"usage.dates.{order or 'told'}"),
            )
            decimal = st.selectbox(
                t("page.usage.decimal"),
                (RECOGNISED, *DECIMAL_MARKS),
                key=f"w.usage.decimal.{t.language}",
                format_func=lambda mark: t(f"usage.decimal.{mark or 'told'}"),
            )
            key = f"w.usage.mapping.{st.session_state[READ]}"
            mapping = st.file_uploader(t("page.usage.mapping"), MAPPINGS, key=key)
            st.caption(t("page.usage.mapping_help"))
            st.code(t("page.usage.mapping_example"), language="yaml")
        if st.form_submit_button(t("page.usage.read"), type="primary", icon=":material/search:"):
            read = _Reading(
                form or None, dates or None, decimal or None, mapping, named if unknown == _ids(files) else None
            )
            _read(files, read, t)


@dataclass(frozen=True)
class _Reading:
    """What is chosen beside the files; ``None`` where they tell it themselves."""

    form: str | None
    dates: str | None
    decimal: str | None
    mapping: UploadedFile | None
    named: bytes | None


def _ids(files: Sequence[UploadedFile]) -> tuple[tuple[str, int], ...]:
    return tuple((file.name, file.size) for file in files)


def _read(files: Sequence[UploadedFile], reading: _Reading, t: Translator) -> None:
    """Measure what is chosen; what was found before stays where it cannot be read."""
    bar = st.progress(0.0, t("usage.progress"))
    try:
        if not files:
            raise InputError([Issue("file", "usage_no_file", {})])
        mapping = reading.mapping
        if mapping is not None and mapping.size > LARGEST_MAPPING_BYTES:
            raise InputError([Issue("file", "file_too_large", {"maximum": LARGEST_MAPPING_BYTES // 1000})])
        named = reading.named if mapping is None else mapping.getvalue()
        wish = wish_of(reading.form, named, installation_salt(), reading.dates, reading.decimal)

        def tell(part: float) -> None:
            bar.progress(min(max(part, 0.0), 1.0), t("usage.progress"))

        with tempfile.TemporaryDirectory(prefix="usage-") as folder:
            paths = [_kept(Path(folder), k, file) for k, file in enumerate(files)]
            turn = Turn(told=lambda place: bar.progress(0.0, heavy.waits_text(place, t) or t("usage.progress")))
            found = FoundUsage(heavy.of_no_case(turn, works.usage, tell, paths, wish, MOST_USE_CASES))
    except InputError as error:
        st.session_state[FAULTS] = error.issues
        bar.empty()
        if headings := usage_columns.headings(error.issues):
            st.session_state[UNKNOWN] = _ids(files), headings
            st.rerun()  # with the choice of its columns
        return
    st.session_state.update({FOUND: found, FAULTS: (), READ: st.session_state[READ] + 1})
    st.session_state.pop(CHOSEN, None)
    st.session_state.pop(UNKNOWN, None)
    st.rerun()


def _kept(folder: Path, place: int, file: UploadedFile) -> Path:
    """The file under its own name, in a folder of its own, since two may be called alike."""
    own = folder / str(place)
    own.mkdir(mode=0o700)
    path = own / (UNSAFE.sub("_", Path(file.name).name)[-100:].lstrip(".") or "file")
    path.write_bytes(file.getbuffer())
    return path


def _chosen(found: FoundUsage, t: Translator) -> UsageProfile:
    """The profile of the use case that is chosen, or of all."""
    if len(found.profiles) == 1:
        return next(iter(found.profiles.values()))
    names = [name or ALL for name in found.profiles]
    st.session_state.setdefault(CHOSEN, names[0])
    key = f"{CHOSEN}.{t.language}"
    st.session_state[key] = st.session_state[CHOSEN]
    most = found.profiles[None].by_use_case

    def named(name: str) -> str:
        return t("page.usage.all") if name == ALL else t("page.usage.one", name=name, count=t.number(most[name], 0))

    def keep() -> None:
        st.session_state[CHOSEN] = st.session_state[key]

    name = st.selectbox(t("page.usage.use_case"), names, key=key, format_func=named, on_change=keep)
    return found.profiles[None if name == ALL else name]


def _tell(found: UsageProfile, t: Translator) -> None:
    """What was found, what it changes, then everything that was measured."""
    case, catalog, on = state.scenario(), state.catalog(), state.today()
    st.subheader(t("page.usage.found"))
    _read_from(found, t)
    layout.cards(_cards(found, t))
    layout.notices((*found.notices, *remarks(found, case, catalog, on)), t, case.base_currency)
    take_over.draw(measured_answers(found, case, catalog, on), "usage")
    _charts(found, t)
    _table(t("usage.part.measured"), "figure", list(usage_phrases.figure_rows(found, t)), t)
    models = list(usage_phrases.model_rows(found, t))
    if models:
        _table(t("usage.part.models"), "model", models, t)
    rejected = list(usage_phrases.rejected_rows(found, t))
    if rejected:
        _table(t("usage.part.rejected"), "rejected", rejected, t)
    missing = [(reason, t("word.comma").join(names)) for reason, names in usage_phrases.not_known(found, t).items()]
    if missing:
        _table(t("usage.part.not_known"), "not_known", missing, t)
    layout.download(t("page.usage.summary"), lambda: dump_profile(found), "usage.json", "application/json")


def _read_from(found: UsageProfile, t: Translator) -> None:
    """Files, format, period, rows, and the way to forget them."""
    left, right = st.columns([4, 1], vertical_alignment="center")
    left.markdown(layout.plain(joined(usage_phrases.read_text(found, t), t)))
    right.button(t("page.usage.forget"), key=f"w.usage.forget.{t.language}", on_click=_forget, width="stretch")


def _forget() -> None:
    for key in (FOUND, FAULTS, CHOSEN):
        st.session_state.pop(key, None)


def _cards(found: UsageProfile, t: Translator) -> list[tuple[str, str, str]]:
    cards = []
    for name in CARDS:
        if name in found.figures:
            value, interval = usage_phrases.figure_texts(found, name, t)
            cards.append((field_label(t, name), value, interval))
    return cards


def _charts(found: UsageProfile, t: Translator) -> None:
    if len(found.daily) > 1:
        st.subheader(t("page.usage.by_day"))
        picture = charts.build_daily_requests_chart(found.daily, t)
        layout.chart(picture, charts.daily_requests_alt(found.daily, t), t("page.usage.by_day"))
    if found.hours_of_week:
        st.subheader(t("page.usage.by_hour"))
        picture = charts.build_week_chart(found.hours_of_week, t)
        layout.chart(picture, charts.week_alt(found.hours_of_week, t), t("page.usage.by_hour"))


def _table(title: str, kind: str, rows: Sequence[tuple[str, ...]], t: Translator) -> None:
    st.subheader(title)
    stacked_table(rows, [t(f"usage.column.{name}") for name in usage_phrases.COLUMNS[kind]], title, f"usage-{kind}")
