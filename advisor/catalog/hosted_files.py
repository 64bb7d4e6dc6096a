"""Files about hosted models in a folder of the reader's: the price list as last read, and contracts of their own."""

import json
from typing import NoReturn

from pydantic import ValidationError

from advisor.catalog.data_files import DataFiles
from advisor.catalog.hosted_book import HostedContract, SavedPrices
from advisor.catalog.hosted_prices import is_hosted, offered_models, price_book, read_providers
from advisor.catalog.own_hosted import NOTHING_OWN, OwnHosted
from advisor.catalog.reader import build, entries
from advisor.core.notices import DataError, nearest

SAVED = "prices/hosted.json"
CONTRACTS = "prices/hosted_contracts.yaml"
FEWEST_OFFERED = 0.5
"""Share of the models offered for choice that a price list has to hold: with fewer it is of something else."""


def own_hosted(data: DataFiles) -> OwnHosted:
    """The newest saved price list, unless the bundled release is newer, and every contract."""
    saved = [
        saved_prices(folder.bytes_of(SAVED), f"{folder.label}/{SAVED}") for folder in data.own if SAVED in folder.unread
    ]
    newest = max(saved, key=lambda each: each.read_on or price_book().source.retrieved, default=NOTHING_OWN)
    if newest.read_on is None or newest.read_on <= price_book().source.retrieved:
        newest = NOTHING_OWN
    contracts = []
    for file, raw in data.take_own(CONTRACTS):
        for name, entry in entries(raw, "contracts", file):
            contract = build(HostedContract, entry, file, name)
            data.claim(f"contract from {contract.effective_from}", contract.model, file)
            if not is_hosted(contract.model, newest):
                near = nearest(contract.model, offered_models())
                mend = f"did you mean {' or '.join(near)}?" if near else "write provider/model as the page Prices does"
                raise DataError(file, contract.model, "no hosted model has this id", mend)
            contracts.append(contract)
    if not contracts:
        return newest
    return OwnHosted(newest.read_on, newest.url, newest.listed, tuple(contracts))


def saved_prices(content: bytes, file: str) -> OwnHosted:
    """A saved price list as prices. Raises :class:`DataError` where it cannot be used."""
    try:
        saved = SavedPrices.model_validate(json.loads(content, parse_constant=_refuse))
        listed = read_providers(saved.providers)
    except (ValueError, RecursionError) as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        mend = "update the prices again, or delete the file"
        raise DataError(file, "whole file", f"is no saved price list, {told.splitlines()[0][:200]}", mend) from None
    held = sum(each in listed for each in offered_models())
    if held < FEWEST_OFFERED * len(offered_models()):
        fault = f"holds {held} of the {len(offered_models())} models offered for choice"
        raise DataError(file, "whole file", fault, "update the prices again, or delete the file")
    return OwnHosted(saved.retrieved, saved.url, {k: v for k, v in listed.items() if k not in saved.kept})


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
