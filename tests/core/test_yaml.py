"""YAML is read one way: what a scalar becomes, and what is refused however it is read."""

from datetime import date

import pytest

from advisor.core.yaml import YamlFault, read_yaml

SCALARS = "{a: no, b: 12:30, c: 8e9, d: 2026-01-31, e: true, f: ~, g: 010}"
REFUSED = {
    "a key twice": ("a: 1\nb: {c: 1,\n  c: 2}\n", 3, "c"),
    "a key that is a list": ("a: 1\n[b]: 2\n", 2, None),
    "a loop": ("a: &x\n  b: *x\n", 1, None),
    "a Python object": ("a: !!python/object/apply:os.getcwd []\n", 1, None),
    "a merged table": ("a: &x {b: 1}\nc: {!!merge <<: *x}\n", 2, None),
    "a bracket left open": ("a: [1\n", 2, None),
}


def test_scalars_follow_yaml_1_2_or_stay_as_they_are_written() -> None:
    typed = {"a": "no", "b": "12:30", "c": 8e9, "d": date(2026, 1, 31), "e": True, "f": None, "g": "010"}
    assert read_yaml(SCALARS) == typed
    words = {"a": "no", "b": "12:30", "c": "8e9", "d": "2026-01-31", "e": "true", "f": None, "g": "010"}
    assert read_yaml(SCALARS, as_written=True) == words


@pytest.mark.parametrize("as_written", [False, True])
@pytest.mark.parametrize("case", REFUSED)
def test_is_refused_with_its_line(case: str, as_written: bool) -> None:
    text, line, twice = REFUSED[case]
    with pytest.raises(YamlFault) as caught:
        read_yaml(text, as_written=as_written)
    assert (caught.value.line, caught.value.twice) == (line, twice)
