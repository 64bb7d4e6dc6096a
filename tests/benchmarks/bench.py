"""Speed as ratios of one run: the product against an empty Streamlit page on the same machine, minutes apart at most.

Run with ``make bench``. Absolute times depend on the machine and are printed only beside the ratios.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import CHROMIUM_FLAGS, IDLE, running_app, system_chromium  # noqa: E402

EMPTY_PAGE = """
import streamlit as st
st.set_page_config(layout="wide")
text = st.text_input("number", "1")
st.write(f"you said {text}")
place = st.slider("place", 0, 100, 50)
st.html(f"<p class='figures'>{place}</p>")
"""
RERUNS, ROUNDS, STARTS, READING_MS = 15, 5, 5, 4_000
ANSWERS = "daily_requests=15000&quality_need=high&budget=40000"
SHOWN = "shown => [...document.querySelectorAll(shown)].map(each => each.innerText).join()"
CHANGED = f"""([shown, before]) => ({SHOWN})(shown) !== before
    && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"""
ANSWERED = """() => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'
    && document.querySelector('.verdict.large') && !document.querySelector('[data-testid=stSpinner]')"""
DRAWN = """() => {
    const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')];
    return charts.length && charts.every(each => each.querySelector('canvas, svg.marks'))}"""
PDF_COLD = """
import time
start = time.perf_counter()
from datetime import date
from advisor.decision.advice import advise, preset_scenario
from advisor.catalog.loader import load_catalog
from advisor.text.i18n import Translator
catalog = load_catalog()
advice = advise(preset_scenario("extraction", catalog), catalog, date(2026, 11, 20))
ready = time.perf_counter()
from advisor.report import pdf
from advisor.report.build import build_report
pdf.render_pdf(build_report(advice, catalog, Translator("en")))
cold = time.perf_counter() - ready
typeset, bare, warm = pdf.typeset, [], []

def timed(*inputs):
    begun = time.perf_counter()
    made = typeset(*inputs)
    bare.append(time.perf_counter() - begun)
    return made

pdf.typeset = timed
for preset in ("chat", "customer-service", "copywriting"):
    advice = advise(preset_scenario(preset, catalog), catalog, date(2026, 11, 20))
    begun = time.perf_counter()
    pdf.render_pdf(build_report(advice, catalog, Translator("en")))
    warm.append(time.perf_counter() - begun)
print(cold, sum(warm) / len(warm), sum(bare) / len(bare))
"""
ENGINE = """
import timeit
from datetime import date
from advisor.decision.advice import advise, preset_scenario
from advisor.catalog.loader import load_catalog
catalog = load_catalog()
case = preset_scenario("extraction", catalog)
advise(case, catalog, date(2026, 11, 20))

def seconds(name, values):
    changed = [case.with_(**{name: value}) for value in values]
    return timeit.timeit(lambda: [advise(c, catalog, date(2026, 11, 20)) for c in changed], number=1) / len(changed)

print(min(seconds("engineer_hours", range(10 * k, 10 * k + 10)) for k in range(1, 6)))
print(min(seconds("daily_requests", range(10_000 * k, 10_000 * k + 10)) for k in range(1, 6)))
"""
GRID = """
import time
from advisor.catalog.loader import load_catalog
from advisor.engineering.from_catalog import card_of
from advisor.engineering.serving import estimate_serving
from advisor.engineering.descriptions import METHODS
from advisor.engineering.memory import estimate_memory
from advisor.engineering.training import estimate_speed
from advisor.engineering.sizing import serving_setups, training_run

catalog = load_catalog()
cards = [card_of(gpu) for gpu in catalog.gpus.values()]
runs = [training_run(catalog, m, method, 2048, 1, 1) for m in catalog.models for method in METHODS for _ in cards]
holding = cards * (len(catalog.models) * len(METHODS))
for call in (
    lambda: estimate_memory(runs, catalog.constants("memory")),
    lambda: estimate_speed(runs, holding, catalog.constants("training")),
    lambda: [serving_setups.__wrapped__(catalog, m, 1000.0, 200.0, "bf16", 20.0) for m in catalog.models],
):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    print(min(times))
print(len(runs))
"""


LOADING = """
import time
from advisor.catalog.loader import load_catalog
from advisor.engineering.validation.report import validate
for call in (load_catalog, lambda: validate(load_catalog())):
    start = time.perf_counter()
    call()
    print(time.perf_counter() - start)
"""
DRAWS = """
import time
from datetime import date
from advisor.risk import simulation, sobol
from advisor.decision.advice import preset_scenario, sampling
from advisor.money.baseline import with_baseline
from advisor.catalog.loader import load_catalog
from advisor.money.cash_flows import evaluate, timeline, untuned
from advisor.options.registry import UNTUNED
from advisor.assumptions import resolve
from advisor.core.records import TODAY

catalog = load_catalog()
case = preset_scenario("extraction", catalog).with_(horizon_months=36)
a, _ = with_baseline(resolve(case, catalog, date(2026, 11, 20)))
others = [n for n, option in UNTUNED.items() if n not in (TODAY, a.baseline) and option.described(a)]
how = sampling(catalog, simulation.LIVE_DRAWS)

def generated():
    for remembered in (sobol.points, simulation._column, simulation._correlated):
        remembered.cache_clear()
    return simulation.columns(a, how)

def evaluated():
    found = generated()
    drawn = a.replaced(found)
    line = timeline(drawn)
    evaluate(drawn, line)
    for name in others:
        untuned(drawn, name, line)

def seconds(call):
    times = []
    for _ in range(7):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)

def through_the_odds():
    generated()
    simulation.simulate(simulation.draw(a, how))

generated()
print(seconds(generated), seconds(evaluated), seconds(through_the_odds))
print(how.count, len(generated()), len(others) + (2 if a.baseline == TODAY else 3))
"""
SWITCHING = """
import time
from datetime import date
from advisor.decision.advice import advise, preset_scenario
from advisor.catalog.loader import load_catalog
from advisor.decision.switching_values import switching_value_table

DAY, catalog = date(2026, 11, 20), load_catalog()
switching_value_table(advise(preset_scenario("chat", catalog), catalog, DAY), catalog, DAY)
advice = advise(preset_scenario("extraction", catalog), catalog, DAY)
start = time.perf_counter()
switching_value_table(advice, catalog, DAY)
print(time.perf_counter() - start)
"""


@contextmanager
def empty_app(script: Path) -> Iterator[str]:
    """Address of an empty page as Streamlit serves it, which collects garbage after each run."""
    with patch.dict(os.environ, STREAMLIT_RUNNER_POST_SCRIPT_GC="true"), running_app(script) as address:
        yield address


@contextmanager
def our_app() -> Iterator[str]:
    """Address of the app, started by the command that its users have."""
    with running_app(ROOT / "app.py", by_command=True) as address:
        yield address


@contextmanager
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    try:
        yield context.new_page()
    finally:
        context.close()


def rerun_seconds(browser: Browser, address: str, label: str, shown: str) -> float:
    """Median time from a changed text to the redrawn page."""
    with tab(browser) as page:
        page.goto(address)
        page.wait_for_selector(IDLE)
        field = page.get_by_label(label, exact=True).first
        field.wait_for()
        page.wait_for_timeout(READING_MS)
        times = []
        for k in range(RERUNS + 2):
            before = page.evaluate(SHOWN, shown)
            field.fill(str(20_000 + 1_000 * k))
            start = time.perf_counter()
            field.press("Enter")
            page.wait_for_function(CHANGED, arg=[shown, before], polling=5)
            times.append(time.perf_counter() - start)
            page.wait_for_timeout(150)
        return statistics.median(times[2:])


def slider_seconds(browser: Browser, address: str, shown: str) -> float:
    """Median time from a key that moves the page's first slider to the redrawn page.

    Streamlit waits a moment for further moves before it tells the server, on an empty page as well.
    """
    with tab(browser) as page:
        page.goto(address)
        page.wait_for_selector(IDLE)
        slider = page.get_by_role("slider").first
        slider.wait_for()
        page.wait_for_timeout(READING_MS)
        slider.focus()
        times = []
        for _ in range(RERUNS + 2):
            before = page.evaluate(SHOWN, shown)
            start = time.perf_counter()
            slider.press("ArrowLeft")
            page.wait_for_function(CHANGED, arg=[shown, before], polling=5)
            times.append(time.perf_counter() - start)
            page.wait_for_timeout(150)
        return statistics.median(times[2:])


def full_answer_seconds(browser: Browser, address: str) -> tuple[float, float]:
    """From the click on a case that nobody asked for before, read for a moment: every element, then every chart too."""
    elements, charts = [], []
    for k in range(STARTS):
        with tab(browser) as page:
            page.goto(f"{address}/?{ANSWERS.replace('15000', str(15_000 + 1_000 * k))}&lang=en")
            page.wait_for_selector(IDLE)
            page.wait_for_timeout(READING_MS)
            link = page.locator("[data-testid=stMain] a[href*=answer]").first
            start = time.perf_counter()
            link.click()
            page.wait_for_function(ANSWERED, polling=5)
            elements.append(time.perf_counter() - start)
            page.wait_for_function(DRAWN, polling=5)
            charts.append(time.perf_counter() - start)
    return statistics.median(elements), statistics.median(charts)


def reruns(browser: Browser, empty: Path) -> tuple[float, ...]:
    """A text and a slider of the empty page, an answer and two sliders of ours, a whole page: medians of rounds.

    One round alone strays by a fifth, the empty page's no less than ours.
    """
    rounds = []
    for _ in range(ROUNDS):
        with empty_app(empty) as address:
            text = rerun_seconds(browser, address, "number", "[data-testid=stMarkdown]")
            move = slider_seconds(browser, address, ".figures")
        with running_app(ROOT / "app.py") as address:
            answer = rerun_seconds(browser, f"{address}/?{ANSWERS}&lang=en", "Requests a day", ".figures")
            risk, present = (
                slider_seconds(browser, f"{address}/{page}?{ANSWERS}&lang=en", ".figures")
                for page in ("risk", "present")
            )
            rounds.append((text, move, answer, risk, present, *full_answer_seconds(browser, address)))
    return tuple(statistics.median(column) for column in zip(*rounds, strict=True))


def first_content_seconds(
    browser: Browser, app: Callable[[], AbstractContextManager[str]], query: str, selector: str
) -> float:
    """Median time from starting the server to content in a fresh browser."""
    times = []
    for _ in range(STARTS):
        start = time.perf_counter()
        with app() as address, tab(browser) as page:
            page.goto(f"{address}/?{query}")
            page.wait_for_selector(selector)
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def first_pdf_seconds(browser: Browser, query: str) -> float:
    """Time from the click to the file, the first one of a server that its reader has looked at for a few seconds."""
    with running_app(ROOT / "app.py") as address, tab(browser) as page:
        page.goto(f"{address}/answer?{query}")
        button = page.locator("[data-testid=stDownloadButton] button").first
        button.wait_for()
        page.wait_for_timeout(READING_MS)
        start = time.perf_counter()
        with page.expect_download() as waiting:
            button.click()
        waiting.value.path()
        return time.perf_counter() - start


def measured(code: str) -> list[float]:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return [float(x) for x in done.stdout.split()]


def start_seconds(*arguments: str) -> float:
    """Least time of a Python from its start to its end."""
    times = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def report(name: str, ours: float, empty: float, aim: float) -> None:
    ratio = ours / empty
    print(f"{name:<34} {ratio:5.2f} times   (aim {aim}; {ours * 1000:.0f} ms against {empty * 1000:.0f} ms)")


def main() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an app is compiled when it is first started, not at each start
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY_PAGE, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=CHROMIUM_FLAGS)
        empty_rerun, empty_move, changed, risk, present, elements, drawn = reruns(browser, empty)
        report("changed answer, redrawn", changed, empty_rerun, 1.4)
        for name, moved in (("Risk", risk), ("Present", present)):
            report(f"slider on {name}, against a text", moved, empty_rerun, 2)
            report(f"slider on {name}, against a slider", moved, empty_move, 2)
        report("whole Answer page, its elements", elements, empty_rerun, 6)
        report("whole Answer page, charts drawn", drawn, empty_rerun, 6)
        ours = first_content_seconds(browser, our_app, f"{ANSWERS}&lang=en", ".verdict .label")
        bare = first_content_seconds(browser, partial(empty_app, empty), "", "[data-testid=stMarkdown]")
        report("cold start to first content", ours, bare, 1.4)
        first_pdf = first_pdf_seconds(browser, f"{ANSWERS}&lang=en")
        browser.close()
    cold, warm, bare = measured(PDF_COLD)
    print(
        f"{'PDF cold, against warm':<34} {cold / warm:5.2f} times   "
        f"(aim 1.5; {cold * 1000:.0f} ms against {warm * 1000:.0f} ms)"
    )
    report("PDF warm, against bare Typst", warm, bare, 6)
    report("command line, --help", start_seconds("-m", "advisor", "--help"), start_seconds("-c", "import numpy"), 3)
    print(f"{'first PDF in the app, from click':<34} {first_pdf / warm:5.2f} times   ({first_pdf * 1000:.0f} ms)")
    for name, advice in zip(("a changed cost", "a changed volume"), measured(ENGINE), strict=True):
        print(f"{f'advice on {name}, against the PDF':<34} {advice / warm:5.2f} times   ({advice * 1000:.1f} ms)")
    memory, speed, serving, runs = measured(GRID)
    for name, grid in (("memory", memory), ("training speed", speed)):
        took = f"{grid * 1000:.0f} ms, {grid / runs * 1e6:.0f} us each"
        print(f"{f'grid of {runs:.0f}, {name}':<34} {grid / warm:5.2f} times   ({took})")
    print(f"{'serving, every model and card':<34} {serving / warm:5.2f} times   ({serving * 1000:.0f} ms)")
    for name, took in zip(("reading the data folder", "all estimates validated"), measured(LOADING), strict=True):
        print(f"{f'{name}, against the PDF':<34} {took / warm:5.2f} times   ({took * 1000:.0f} ms)")
    engine_ratios(warm)
    for files in ("portfolio_bench", "usage_bench", "dataset_bench"):
        subprocess.run([sys.executable, "-m", f"tests.benchmarks.{files}"], cwd=ROOT, check=True)


def engine_ratios(warm: float) -> None:
    """Draws against their bare generation, the switch table against the PDF."""
    bare, every, simulated, count, columns, options = measured(DRAWS)
    report(f"{count:,.0f} draws, 36 months, {options:.0f} options", every, bare, 4)
    report(f"the same through the odds, {columns:.0f} columns", simulated, bare, 4)
    (switching,) = measured(SWITCHING)
    print(f"{'switching values, against the PDF':<34} {switching / warm:5.2f} times   ({switching * 1000:.0f} ms)")


if __name__ == "__main__":
    main()
