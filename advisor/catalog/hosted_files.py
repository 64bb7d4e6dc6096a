"""Files about hosted models in a folder of the reader's: the price list as last read, and contracts of their own."""

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn

from pydantic import ValidationError

from advisor.catalog.data_files import DataFiles, FileEntry
from advisor.catalog.hosted_book import HostedContract, PriceList, SavedPrices
from advisor.catalog.hosted_prices import is_hosted, offered_models, price_book, read_providers
from advisor.catalog.own_hosted import NOTHING_OWN, OwnHosted
from advisor.catalog.reader import WHOLE_FILE, build
from advisor.core.notices import DataError, Issue, nearest

SAVED = "prices/hosted.json"
CONTRACTS = "prices/hosted_contracts.yaml"
FEWEST_OFFERED = 0.5
"""Share of the models offered for choice that a price list has to hold: with fewer it is of something else."""


def own_hosted(data: DataFiles) -> OwnHosted:
    """The newest saved price list, unless the bundled release is newer, and every contract."""
    saved = []
    for folder in data.own:
        if SAVED in folder.unread:
            with data.gathering():
                saved.append(saved_prices(folder.bytes_of(SAVED), f"{folder.label}/{SAVED}"))
    newest = max(saved, key=lambda each: each.read_on or price_book().source.retrieved, default=NOTHING_OWN)
    if newest.read_on is None or newest.read_on <= price_book().source.retrieved:
        newest = NOTHING_OWN
    contracts = []
    for file, raw in data.take_own(CONTRACTS):
        for entry in data.listed(raw, "contracts", file):
            with data.gathering():
                contracts.append(_contract(data, entry, newest))
    if not contracts:
        return newest
    return replace(newest, contracts=tuple(contracts))


def _contract(data: DataFiles, entry: FileEntry, newest: OwnHosted) -> HostedContract:
    contract = build(HostedContract, entry.content, entry.file, entry.name, entry.path)
    data.claim(f"contract from {contract.effective_from}", contract.model, entry.file, entry.path)
    if is_hosted(contract.model, newest):
        return contract
    near = nearest(contract.model, offered_models())
    mend = f"did you mean {' or '.join(near)}?" if near else "write provider/model as the page Prices does"
    place = f"{entry.name}, model"
    value = {"value": contract.model[:60]}
    if near:
        issue = Issue(place, "own_not_hosted_near", {**value, "near": ", ".join(near)})
    else:
        issue = Issue(place, "own_not_hosted", value)
    path = (*entry.path, "model")
    raise DataError(entry.file, contract.model, "no hosted model has this id", mend, issue, path=path)


def saved_prices(content: bytes, file: str) -> OwnHosted:
    """A saved price list as prices. Raises :class:`DataError` where it cannot be used."""
    try:
        saved = SavedPrices.model_validate(json.loads(content, parse_constant=_refuse))
        listed = read_providers(saved.providers)
        before = [(each, read_providers(each.providers)) for each in saved.earlier]
    except (ValueError, RecursionError) as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        mend = "update the prices again, or delete the file"
        fault = f"is no saved price list, {told.splitlines()[0][:200]}"
        raise DataError(file, WHOLE_FILE, fault, mend, Issue("file", "own_no_saved_list")) from None
    held = sum(each in listed for each in offered_models())
    if held < FEWEST_OFFERED * len(offered_models()):
        fault = f"holds {held} of the {len(offered_models())} models offered for choice"
        mend = "update the prices again, or delete the file"
        raise DataError(file, WHOLE_FILE, fault, mend, Issue("file", "own_no_saved_list"))
    newest: dict[str, tuple[Any, Any]] = {k: v for k, v in listed.items() if k not in saved.kept}
    days: dict[str, date] = {}
    for each, models in before:
        if each.retrieved > price_book().source.retrieved:
            newest.update(models)
            days |= dict.fromkeys(models, each.retrieved)
    lists = (PriceList(retrieved=saved.retrieved, url=saved.url, providers=saved.providers), *saved.earlier)
    return OwnHosted(saved.retrieved, saved.url, newest, earlier=days, lists=lists)


def kept_lists(held: OwnHosted, models: Collection[str]) -> tuple[PriceList, ...]:
    """Of the lists that are held, what tells these models: of each the list that it stands in now."""
    found = []
    for each in held.lists:
        wanted = {name for name in models if held.day_of(name) == each.retrieved}
        providers = [part for provider in each.providers if (part := _part_of(provider, wanted))["models"]]
        if providers:
            found.append(PriceList(retrieved=each.retrieved, url=each.url, providers=providers))
    return tuple(found)


def _part_of(provider: dict[str, Any], models: Collection[str]) -> dict[str, Any]:
    told = [model for model in provider["models"] if f"{provider['id']}/{model['id']}" in models]
    return {**provider, "models": told}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
