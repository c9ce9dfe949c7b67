"""Measures how long a reader waits for an exercise on the page, inside of the page.

    make site; python -m benchmarks.page

Each cold start is in a browser profile of its own, with nothing cached: from the click on Start to
"Python is ready". A warm check is from the key press of Ctrl+Enter to the frame that shows its
verdict; how much of that Python takes is measured where the page waits for it. The picture comes
after the verdict. Ratios are taken within one check, so that a busy machine slows both sides.
"""

import argparse
import statistics
from typing import Final

from playwright.sync_api import Browser, Page

from examples.pages.browser import opened_browser, served

_LESSONS: Final = {"activations.tanh": "activations/", "gradient_descent.cost": "gradient-descent/"}
_RIGHT: Final = {
    "activations.tanh": "def tanh(z):\n    return np.tanh(z)\n",
    "gradient_descent.cost": (
        "def cost(w, x, z):\n    return float(np.sum((w * x - z) ** 2)) / 2 / len(x)\n"
    ),
}
_WRONG: Final = {
    "activations.tanh": "def tanh(z):\n    return np.cosh(z)\n",
    "gradient_descent.cost": "def cost(w, x, z):\n    return float(np.sum((w * x - z) ** 2))\n",
}
_COLD: Final = """place => new Promise((done) => {
    let clicked;
    place.addEventListener("click", (event) => (clicked ??= event.timeStamp), { capture: true });
    new MutationObserver(() => {
      if (place.textContent.includes("Python is ready.")) done(performance.now() - clicked);
    }).observe(place, { subtree: true, childList: true, characterData: true });
    place.querySelector("button").click();
})"""
# Times of one check. A frame is painted when a task runs that was posted while it was made.
_WARM: Final = """async (place) => {
    const address = document.querySelector('script[src$="page/exercise.js"]').src;
    const { python } = await import(new URL("python.js", address));
    const painted = (found) => new Promise((done) => {
      const watcher = new MutationObserver(() => {
        if (!found()) return;
        watcher.disconnect();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done(performance.now());
          port2.postMessage(null);
        });
      });
      watcher.observe(place, { subtree: true, childList: true, attributes: true });
    });
    const times = {};
    for (const name of ["check", "picture"]) {
      python[name] = async (request) => {
        const start = performance.now();
        try {
          return await Object.getPrototypeOf(python)[name].call(python, request);
        } finally {
          times[name] = performance.now() - start;
        }
      };
    }
    const earlier = place.querySelector(".verdict-line");
    let pressed;
    const note = (event) => (pressed = event.timeStamp);
    addEventListener("keydown", note, { capture: true, once: true });
    const verdict = painted(() => (place.querySelector(".verdict-line") ?? earlier) !== earlier);
    const button = place.querySelector(".md-button--primary");
    const picture = painted(() => times.picture && !button.disabled);
    const key = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true };
    Object.assign(key, { bubbles: true, cancelable: true });
    place.querySelector(".cm-content").dispatchEvent(new KeyboardEvent("keydown", key));
    times.verdict = (await verdict) - pressed;
    times.drawn = (await picture) - pressed;
    return times;
}"""


def cold_start(page: Page, exercise: str) -> float:
    """Returns the milliseconds from the click on Start until Python is ready."""
    place = page.locator(f'[data-exercise="{exercise}"]')
    return float(place.evaluate(_COLD))


def warm_check(page: Page, exercise: str, text: str) -> dict[str, float]:
    """Returns the milliseconds of one check and its parts (see `_WARM`)."""
    place = page.locator(f'[data-exercise="{exercise}"]')
    place.evaluate("(exercise, text) => { exercise.editor.text = text; }", text)
    page.wait_for_timeout(300)  # As between writing and checking.
    times: dict[str, float] = place.evaluate(_WARM)
    return times


def _measured(
    browser: Browser, site: str, exercise: str, checks: int
) -> tuple[float, list[dict[str, float]]]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.goto(site + _LESSONS[exercise])
    page.wait_for_load_state("networkidle")
    cold = cold_start(page, exercise)
    warm = [
        warm_check(page, exercise, text)
        for _ in range(checks)
        for text in (_WRONG[exercise], _RIGHT[exercise])
    ]
    context.close()
    return cold, warm


def main() -> None:
    """Runs the measurements and prints them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds: int = parser.parse_args().rounds
    cold: list[float] = []
    warm: list[dict[str, float]] = []
    with served() as site:
        for number in range(rounds):
            exercise = list(_LESSONS)[number % len(_LESSONS)]
            # A browser of its own: compiled code is kept between contexts.
            with opened_browser() as browser:
                start, checks = _measured(browser, site, exercise, 6)
            cold.append(start)
            warm += checks
    ratios = [times["verdict"] / times["check"] for times in warm]
    print(f"{rounds} browsers, {len(warm)} checks; milliseconds: median (lowest to highest)")
    print(f"  cold: from the click to ready            {_spread(cold)}")
    print(f"  warm: from the key to the verdict shown  {_spread([t['verdict'] for t in warm])}")
    print(f"  of that, until Python has answered       {_spread([t['check'] for t in warm])}")
    print(f"  the first over the second                {_spread(ratios, 1)}")
    print(f"  the picture's numbers, after the verdict {_spread([t['picture'] for t in warm])}")
    print(f"  warm: from the key to the picture shown  {_spread([t['drawn'] for t in warm])}")


def _spread(values: list[float], digits: int = 0) -> str:
    low, high = min(values), max(values)
    return f"{statistics.median(values):.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


if __name__ == "__main__":
    main()
