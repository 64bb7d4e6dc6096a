"""What a call says about its report besides the case: for whom, by whom, the company, its logo, where the app runs."""

import argparse
import sys
from dataclasses import replace

from advisor.cli.files import read_file, shown
from advisor.core.notices import InputError, Issue
from advisor.report.link import checked_address
from advisor.report.pdf import check_logo
from advisor.scenario import ABOUT_REPORT, LONGEST_LOGO_BYTES, Scenario, has_letters, logo_of, logo_text
from advisor.text.i18n import Translator


def about_report(options: argparse.Namespace, t: Translator) -> dict[str, str]:
    """Answers of the call, checked before anything is computed. Raises :class:`InputError` naming the option."""
    given = {name: str(getattr(options, name)) for name in ABOUT_REPORT if getattr(options, name) is not None}
    if "logo" in given:
        given["logo"] = _logo(given["logo"], t)
    if options.app_address is not None:
        checked_address(options.app_address)
    try:
        Scenario.from_answers(given)
    except InputError as error:
        raise InputError(replace(issue, field=_option(issue.field)) for issue in error.issues) from None
    return given


def _logo(path: str, t: Translator) -> str:
    content = read_file(path, _option("logo"), LONGEST_LOGO_BYTES)
    if content is None:
        raise InputError([Issue(_option("logo"), "file_not_found", {"path": shown(path)})])
    text = logo_text(content, _option("logo"))
    check_logo(logo_of(text), _option("logo"))
    if has_letters(logo_of(text)):
        print(t("cli.fault", where=shown(path), text=t("notice.logo_letters")), file=sys.stderr)
    return text


def template_of(options: argparse.Namespace) -> bytes | None:
    """The presentation whose look the slides take. Raises :class:`InputError` where it cannot be one."""
    path, option = options.template, _option("template")
    if path is None:
        return None
    if not options.output.lower().endswith(".pptx"):
        raise InputError([Issue(option, "template_without_slides", {})])
    from advisor.report.pptx import LARGEST_TEMPLATE_BYTES, check_template

    content = read_file(path, option, LARGEST_TEMPLATE_BYTES)
    if content is None:
        raise InputError([Issue(option, "file_not_found", {"path": shown(path)})])
    check_template(content, option, shown(path))
    return content


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
