"""A model that the catalog does not have: its ``config.json`` pasted or chosen as a file."""

import streamlit as st

from advisor.catalog.own_model import config_text, is_own, own_model_text
from advisor.core.notices import InputError
from advisor.ui import changes, state
from advisor.ui.layout import plain

QUESTION = "open_model"
SUFFIXES = ["json"]


def ask(place: str) -> None:
    """The place to paste or choose a configuration, and what was read from the one that is chosen."""
    t = state.translator()
    with st.popover(t("ui.own_model"), icon=":material/data_object:", width="stretch"):
        st.caption(t("ui.own_model_help"))
        draft = state.drafts().get(QUESTION)
        key = f"w.{place}.own_model.text.{t.language}"
        st.session_state[key] = draft.text if draft is not None else ""
        st.text_area(
            t("ui.own_model_text"), key=key, height=160, placeholder=EXAMPLE, on_change=_keep_text, args=(key,)
        )
        key = f"w.{place}.own_model.file.{t.language}"
        st.file_uploader(t("ui.own_model_file"), SUFFIXES, key=key, on_change=_keep_file, args=(key,))
    _tell_own(place)


EXAMPLE = '{"model_type": "qwen3", "hidden_size": 2560, "num_hidden_layers": 36, ...}'


def _tell_own(place: str) -> None:
    """What was read of the chosen model, and the way back to those of the catalog."""
    t, chosen = state.translator(), state.scenario().open_model
    if chosen is None or not is_own(chosen):
        return
    model = state.catalog().model(chosen)
    size, active = (t.number(billions, 1) for billions in (model.params_b, model.active_params_b))
    said = t("ui.own_model_read", model=model.name, size=size, active=active, layers=model.layers)
    said = t("word.sentences", first=said, second=t("ui.own_model_no_price"))
    if model.image_tokens is not None:
        said = t("word.sentences", first=said, second=t("ui.own_model_image", tokens=model.image_tokens))
    st.caption(plain(said))
    key = f"w.{place}.own_model.remove.{t.language}"
    st.button(t("ui.own_model_remove"), key=key, on_click=changes.answer, args=(QUESTION, None))


def _keep_text(key: str) -> None:
    text = str(st.session_state[key]).strip()
    if text:
        _keep(text, text)


def _keep_file(key: str) -> None:
    chosen = st.session_state[key]
    if chosen is not None:
        content = chosen.getvalue()
        try:
            _keep(config_text(content), "")
        except UnicodeDecodeError:  # what is no text is no configuration either
            _keep(content.decode("utf-8", errors="replace"), "")


def _keep(text: str, typed: str) -> None:
    """Take the model into the case where it can be counted; what is wrong with it is told beside the field."""
    try:
        changes.answer(QUESTION, own_model_text(text))
    except InputError as error:
        state.drafts()[QUESTION] = state.RefusedAnswer(typed, error.issues[0])
