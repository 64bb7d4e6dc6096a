"""A language that has only just been begun: its folder beside those of the product, in a place of its own."""

from advisor.text import i18n, languages
from advisor.ui import loaded

CODE = "fr"
RECORD = """\
# yaml-language-server: $schema=../../schemas/languages.schema.json
name: Français
tag: fr
locale: fr_FR
region: FR
chart_dates: fr-FR
font: Noto Sans SC
line_gap_em: 0.72
"""
NOTICE = "La traduction en Français est inachevée ; le reste est en anglais."
WORDS = {
    "verdict.no.label": "Déconseillé",
    "step.cheaper_first.title": "Essayez d'abord les voies moins chères",
    "headline.card.investment": "Dépense initiale",
    "headline.card.extra_cost": "Surcoût mensuel constaté",
    "headline.card.payback": "Délai de récupération",
    "status.not_within_horizon": "Jamais amorti, hélas",
    "field.daily_requests.label": "Requêtes reçues par jour",
    "option.keep_as_is": "Continuer comme aujourd'hui, ça suffit",
    "Chat assistant": "Assistant en français",
}
"""Nine of its ten words; the last is a text of the data, by its English. The tenth is the notice."""


def po(words: dict[str, str]) -> str:
    return "".join(f'msgid "{key}"\nmsgstr "{text}"\n\n' for key, text in words.items())


def forget() -> None:
    """What is remembered of languages belongs to the folders that were there."""
    for remembered in (languages.language_record, i18n._messages, i18n.is_complete, loaded.translator_of):
        getattr(remembered, "cache_clear", getattr(remembered, "clear", None))()
