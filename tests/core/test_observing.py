"""What the settings of log and metrics may say."""

import pytest

from advisor.core.notices import InputError
from advisor.core.observing import LOG, METRICS_PORT, log_form, metrics_address


@pytest.mark.parametrize(("said", "form"), [("", "text"), (" json ", "json"), ("full", "full")])
def test_the_form_of_the_log(monkeypatch: pytest.MonkeyPatch, said: str, form: str) -> None:
    monkeypatch.setenv(LOG, said)
    assert log_form() == form


def test_a_form_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LOG, "yaml")
    with pytest.raises(InputError, match="log_form_unknown"):
        log_form()


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("", None),
        ("9100", ("127.0.0.1", 9100)),
        ("0.0.0.0:9100", ("0.0.0.0", 9100)),
        ("[::1]:9100", ("::1", 9100)),
    ],
)
def test_where_metrics_are_read(monkeypatch: pytest.MonkeyPatch, said: str, read: tuple[str, int] | None) -> None:
    monkeypatch.setenv(METRICS_PORT, said)
    assert metrics_address() == read


@pytest.mark.parametrize("said", ["0", "65536", "-1", "x", "9100/", "localhost:9100", "1.2.3:9100", "9100:"])
def test_what_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv(METRICS_PORT, said)
    with pytest.raises(InputError, match="metrics_port_unreadable"):
        metrics_address()
