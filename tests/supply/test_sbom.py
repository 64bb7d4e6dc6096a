"""The bill of materials has what an installation brings, and is the same twice."""

import json

import advisor
from tests.supply.lock import needed, pins, runtime
from tests.supply.sbom import PRODUCT, bill


def test_the_bill_has_every_package_its_licence_its_hashes_and_what_it_needs() -> None:
    written = bill()
    found = json.loads(written)
    product = found["metadata"]["component"]
    assert (product["name"], product["version"]) == (PRODUCT, advisor.__version__)
    listed = {each["name"]: each for each in found["components"]}
    held = {name: row for name, row in runtime().items() if row.needed_here}
    assert {name: each["version"] for name, each in listed.items()} == {n: row.version for n, row in held.items()}
    assert {name: {h["content"] for h in each["hashes"]} for name, each in listed.items()} == {
        name: row.hashes for name, row in held.items()
    }
    assert [name for name, each in listed.items() if not each["licenses"]] == []
    wanted = {each["ref"]: each.get("dependsOn", []) for each in found["dependencies"]}
    names = {each["bom-ref"]: each["name"] for each in listed.values()}
    assert {names[ref] for ref in wanted[PRODUCT]} == {pin.split("==")[0].split("[")[0].lower() for pin in pins()[0]}
    assert {names[ref] for ref in wanted[listed["anyio"]["bom-ref"]]} == needed(["anyio"]) - {"anyio"}
    assert bill() == written
