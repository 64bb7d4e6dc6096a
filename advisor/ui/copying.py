"""A button that puts an address on the clipboard, which Streamlit has none for."""

from html import escape

STYLE = """<style>
button.share {font: inherit; font-size: .875rem; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: .5rem;
  padding: .25rem .75rem; min-height: 2.5rem; white-space: nowrap}
button.share:hover, button.share:focus-visible {border-color: currentColor}
</style>"""
COPY = """
{
  const ofPage = async () => {
    const end = Date.now() + 60000, page = document.querySelector('[data-testid=stApp]');
    while (page.dataset.testScriptState !== 'notRunning' && Date.now() < end)
      await new Promise(go => setTimeout(go, 20));
    return document.location.href;
  };
  const copy = async address => {
    const text = address.then(found => new Blob([found], {type: 'text/plain'}));
    try { await navigator.clipboard.write([new ClipboardItem({'text/plain': text})]); }
    catch {
      const field = document.createElement('textarea');
      field.value = await address; document.body.append(field); field.select();
      document.execCommand('copy'); field.remove();
    }
  };
  document.querySelectorAll('button.share:not([data-ready])').forEach(button => {
    button.dataset.ready = 'yes';
    button.addEventListener('click', async () => {
      const told = button.dataset.address, said = button.textContent;
      await copy(told ? Promise.resolve(new URL(told, document.location).href) : ofPage());
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = said; }, 2000);
    });
  });
}
"""
"""In a block of its own, since another language runs it again in the same page. The address of the page is taken once
the script has ended: until then it may be of the answers before. The clipboard is given a promise, since some
browsers let it be written to only at the click itself."""


def copy_button(label: str, copied: str, address: str = "") -> str:
    """The button as HTML with its script; without an ``address`` it takes that of the page. It says once it is done."""
    told = f' data-address="{escape(address)}"' if address else ""
    return (
        f'<button class="share" type="button"{told} data-copied="{escape(copied)}">{escape(label)}</button>'
        f"<script>{COPY}</script>"
    )
