"""A button that puts an address on the clipboard, which Streamlit has none for."""

from html import escape

STYLE = """<style>
button.share {font: inherit; font-size: .875rem; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: .5rem;
  padding: .25rem .75rem; min-height: 2.5rem; white-space: nowrap}
button.share:hover, button.share:focus-visible {border-color: currentColor}
</style>"""
COPY = """
{ document.querySelectorAll('button.share:not([data-ready])').forEach(button => {
  button.dataset.ready = 'yes';
  button.addEventListener('click', async () => {
    const told = button.dataset.address, said = button.textContent;
    const address = told ? new URL(told, document.location).href : document.location.href;
    try { await navigator.clipboard.writeText(address); }
    catch {
      const field = document.createElement('textarea');
      field.value = address; document.body.append(field); field.select();
      document.execCommand('copy'); field.remove();
    }
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = said; }, 2000);
  });
}); }
"""
"""In a block of its own, since another language runs it again in the same page."""


def copy_button(label: str, copied: str, address: str = "") -> str:
    """The button as HTML with its script; without an ``address`` it takes that of the page. It says once it is done."""
    told = f' data-address="{escape(address)}"' if address else ""
    return (
        f'<button class="share" type="button"{told} data-copied="{escape(copied)}">{escape(label)}</button>'
        f"<script>{COPY}</script>"
    )
