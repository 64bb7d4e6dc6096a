"""A bill of materials of the product in the form of CycloneDX: what an installation brings, from where, under what.

``python -m tests.supply.sbom FILE`` writes it; ``make sbom`` writes ``build/sbom.json``. Twice is the same.
"""

import sys
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import advisor
from tests.supply.licences import licensed
from tests.supply.lock import Locked, needs, pins, runtime

PRODUCT = "finetune-advisor"


def bill() -> str:
    """The bill as JSON: each package with its licence, what it needs, and the hashes of the files of its release."""
    held = {name: row for name, row in runtime().items() if row.needed_here}
    components = {name: component(row) for name, row in held.items()}
    product = Component(
        name=PRODUCT, version=advisor.__version__, type=ComponentType.APPLICATION, bom_ref=BomRef(PRODUCT)
    )
    bom = Bom(components=components.values(), metadata=BomMetaData(component=product))
    bom.metadata.timestamp = None  # type: ignore[assignment]
    bom.serial_number = uuid5(
        NAMESPACE_URL, repr([(name, row.version, sorted(row.hashes)) for name, row in sorted(held.items())])
    )
    bom.register_dependency(product, [components[canonicalize_name(Requirement(pin).name)] for pin in pins()[0]])
    for name, each in components.items():
        wanted = {canonicalize_name(Requirement(line).name) for line in needs(name, "")}
        bom.register_dependency(each, [components[other] for other in sorted(wanted)])
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def component(row: Locked) -> Component:
    place = PackageURL("pypi", name=row.name, version=row.version)
    return Component(
        name=row.name,
        version=row.version,
        type=ComponentType.LIBRARY,
        purl=place,
        bom_ref=BomRef(str(place)),
        licenses=[LicenseFactory().make_from_string(licensed(row.name).licence)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in sorted(row.hashes)],
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(bill(), encoding="utf-8")
