"""Words of the framework's own in the reader's language: Streamlit 1.67 has them in English alone.

They are exchanged in the browser, wherever it draws them, and back when the language changes.
"""

import json

from advisor.text.i18n import Translator
from advisor.text.languages import ENGLISH

WORDS = (
    "upload", "add_files", "file_upload", "press_enter", "press_enter_form", "press_ctrl_enter",
    "press_command_enter", "choose", "choose_several", "no_results", "open", "menu", "theme", "theme_system",
    "theme_light", "theme_dark", "print", "record", "stop", "sidebar", "sidebar_close", "sidebar_open", "pages",
    "heading_link", "show_data", "download_png", "download_csv", "copy_chart", "search", "fullscreen",
    "fullscreen_close", "chart", "select_all", "selected", "clear_all", "dismiss", "close",
    "not_found", "not_found_why", "error", "add_icon",
)  # fmt: skip
"""Last parts of our keys; what Streamlit says is what our English catalogue has."""
AROUND = (
    "per_file", "too_large", "wrong_kind", "help_for", "remove", "show_data_of", "download_png_of", "copy_chart_of",
    "fullscreen_of", "select_found", "more_pages",
)  # fmt: skip
"""The same, with something in it that changes."""
KEY, GAP = "framework.{}", "{}"
SCRIPT = """
if (!window.exchangeWords) {
  const PLACES = '[data-testid=stFileUploader], [data-testid=InputInstructions], [data-testid=stMainMenuPopover],'
    + '[data-testid=stStatusWidget], [data-testid=stElementToolbar], [data-testid=stTooltipContent], [role=listbox],'
    + '[data-testid=stTopNavSection],'
    + '[role=dialog]:not(:has([data-testid=stMarkdownContainer]))';  // the framework's own: our dialogs name cases
  const SAID = ['aria-label', 'placeholder', 'title'];
  const exchanged = new WeakMap();
  const ours = theirs => {
    if (!window.frameworkWords) return theirs;
    const {words, around} = window.frameworkWords;
    if (Object.hasOwn(words, theirs)) return words[theirs];
    for (const [before, after, told] of around)
      if (theirs.length > before.length + after.length && theirs.startsWith(before) && theirs.endsWith(after))
        return told.replace('{}', () => theirs.slice(before.length, theirs.length - after.length));
    return theirs;
  };
  const exchange = (node, name, now, put) => {
    const known = exchanged.get(node) || {};
    const theirs = known[name]?.ours === now ? known[name].theirs : now;
    const told = ours(theirs);
    if (told === now) return;
    exchanged.set(node, {...known, [name]: {theirs, ours: told}});
    put(told);
  };
  const all = () => {
    for (const place of document.querySelectorAll(PLACES)) {
      const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const text = texts.currentNode;
        exchange(text, 'text', text.nodeValue, told => { text.nodeValue = told; });
      }
    }
    for (const name of SAID)
      for (const e of document.querySelectorAll(`[${name}]`))
        exchange(e, name, e.getAttribute(name), told => e.setAttribute(name, told));
  };
  window.exchangeWords = all;
  new MutationObserver(() => window.frameworkWords && all()).observe(document.body, {childList: true, subtree: true});
}
"""


def script(t: Translator) -> str:
    """JavaScript that exchanges them from now on, once for a page, and takes another language up at once."""
    if t.language == ENGLISH:
        return f"{SCRIPT}window.frameworkWords = null;window.exchangeWords();"
    theirs = Translator(ENGLISH)
    around = [(*theirs(key, what=GAP).split(GAP), t(key, what=GAP)) for key in map(KEY.format, AROUND)]
    told = {"words": {theirs(key): t(key) for key in map(KEY.format, WORDS)}, "around": around}
    words = json.dumps(told, ensure_ascii=False).replace("</", "<\\/")
    return f"{{const told = {words};{SCRIPT}window.frameworkWords = told;window.exchangeWords();}}"
