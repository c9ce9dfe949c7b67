// An exercise to write and check on the page. Without script, its contract and hints stand there.
import { Absent, python, SECONDS, Stopped } from "./python.js";
import { element, shown } from "./verdict.js";
import { begun, fileOf, functionsOf, recall, remember, save } from "./work.js";

const HIDDEN = "The hidden checks are your teacher's: they look at more than these do.";

const SOON = 150; // Milliseconds after which a reader wonders whether the key was taken.

class Exercise extends HTMLElement {
  connectedCallback() {
    if (this.built) return;
    this.built = true;
    this.exercise = this.dataset.exercise;
    [this.module, this.name] = this.exercise.split(".");
    this.more = JSON.parse(this.dataset.more);
    const elsewhere = this.querySelector(".exercise-elsewhere");
    this.elsewhere = elsewhere.textContent;
    elsewhere.remove();
    this.stageHints();
    this.place = element("div", { className: "exercise-place" });
    this.append(this.place);
    if (recall(this.exercise).text === undefined) {
      const start = this.button("Start", () => this.begin());
      this.place.append(element("p", { className: "exercise-buttons" }, start));
    } else this.open();
  }

  // One hint at a time: the next can be opened when the one before was.
  stageHints() {
    const hints = [...this.querySelectorAll(".exercise-hint")];
    const stage = () => {
      const given = recall(this.exercise).hints ?? 0;
      hints.forEach((hint, index) => (hint.hidden = index > given));
    };
    hints.forEach((hint, index) =>
      hint.addEventListener("toggle", () => {
        const given = recall(this.exercise).hints ?? 0;
        if (hint.open && given <= index) remember(this.exercise, { hints: index + 1 });
        stage();
      }),
    );
    stage();
  }

  async begin() {
    await this.open();
    this.editor.focus();
    await this.load().catch(() => {}); // It is said already.
  }

  button(text, act) {
    const made = element("button", { type: "button", className: "md-button" }, text);
    made.addEventListener("click", act);
    return made;
  }

  // Puts the editor there. It is loaded only now: most who read do not write on every page.
  async open() {
    const [{ createEditor }, { pictureOf }] = await Promise.all([import("./editor.js"), import("./pictures.js")]);
    this.pictureOf = pictureOf;
    const id = `${this.id}-editor`;
    const field = element("div", { className: "exercise-editor" });
    this.editor = createEditor({
      parent: field,
      text: recall(this.exercise).text ?? begun(this.more.signature),
      attributes: { "aria-labelledby": `${id}-label`, "aria-describedby": `${id}-keys` },
      changed: (text) => remember(this.exercise, { text, unreadable: false }),
      check: () => this.check(),
    });
    this.checkButton = this.button("Check", () => this.check());
    this.checkButton.classList.add("md-button--primary");
    this.stopButton = this.button("Stop", () => python.stop());
    this.stopButton.disabled = true;
    this.loading = element("progress", { max: 1, value: 0, hidden: true, ariaLabel: "Loading Python" });
    this.verdict = element("div", { className: "verdict" });
    this.verdict.setAttribute("role", "status");
    this.picture = element("div", {});
    this.place.replaceChildren(
      element("p", { id: `${id}-label`, className: "exercise-label" }, `Your ${this.name}`),
      field,
      element("p", { id: `${id}-keys`, className: "exercise-keys" },
        "Ctrl+Enter checks. Tab indents; Escape, then Tab leaves the field."),
      element("p", { className: "exercise-buttons" },
        this.checkButton,
        this.stopButton,
        this.button("Reset", () => this.reset()),
        this.button(`Download ${this.module}.py`, () => this.download()),
      ),
      this.loading,
      this.verdict,
      this.picture,
    );
  }

  // Loads Python, and shows how far that is.
  async load() {
    this.loading.hidden = false;
    this.loading.removeAttribute("value");
    const said = element("p", {}, "Python is being loaded, once for all exercises.");
    this.tell(said);
    try {
      await python.start((share) => this.loaded(share));
      said.textContent = "Python is ready.";
    } catch (error) {
      const why = error instanceof Stopped ? "it was stopped" : error.message;
      said.textContent =
        error instanceof Absent
          ? `This copy of the site has no Python, so nothing can be checked on its pages. ${this.elsewhere} ` +
            "Whoever keeps the site: `make site` and `make serve` build it with Python."
          : `Python could not be loaded: ${why}. Check again to try once more.`;
      throw error;
    } finally {
      this.loading.hidden = true;
    }
  }

  loaded(share) {
    if (share < 1) this.loading.value = share;
    else this.loading.removeAttribute("value"); // What is left to do cannot be counted.
  }

  async check() {
    if (this.checking) return;
    this.checking = true;
    this.checkButton.disabled = true;
    this.stopButton.disabled = false;
    remember(this.exercise, { text: this.editor.text });
    // What was said before fades at once and goes when there is something new: nothing jumps in between.
    for (const before of [this.verdict, this.picture]) before.classList.add("earlier");
    try {
      if (!python.ready) await this.load();
      this.waiting = setTimeout(() => this.tell(element("p", {}, "Checking ...")), SOON);
      await this.judge();
    } catch {
      // It could not be loaded, as is said already.
    } finally {
      this.checking = false;
      this.checkButton.disabled = false;
      this.stopButton.disabled = true;
    }
  }

  tell(...paragraphs) {
    clearTimeout(this.waiting);
    this.verdict.classList.remove("earlier");
    this.verdict.replaceChildren(...paragraphs);
  }

  async judge() {
    try {
      const request = { exercise: this.exercise, ...(await functionsOf(this.module)) };
      this.show(await python.check(request));
      await this.illustrate(request);
    } catch (error) {
      const paragraphs = [`This could not be checked: ${error.message}.`];
      if (error instanceof Stopped) {
        paragraphs.splice(0, 1, this.more.tooSlow, `A check is stopped after ${SECONDS} seconds.`);
        remember(this.exercise, { status: "wrong", earned: 0 });
      }
      this.tell(...paragraphs.map((text) => element("p", {}, text)));
      this.picture.replaceChildren();
    }
  }

  // Draws what the function does, where there is something to draw. It is no part of the verdict.
  async illustrate(request) {
    // What an earlier text did is not seen meanwhile, and nothing moves.
    this.picture.style.visibility = "hidden";
    const numbers = await python.picture(request).catch(() => null);
    const made = this.pictureOf(this.exercise, numbers, `${this.id}-picture`);
    this.picture.replaceChildren(...(made ? [made] : []));
    this.picture.style.visibility = "";
    this.picture.classList.remove("earlier");
  }

  show(verdict) {
    const { status, earned, readable } = verdict;
    remember(this.exercise, { status, earned, unreadable: !readable });
    const page = this.more.section;
    const next =
      status === "done"
        ? [HIDDEN]
        : status === "wrong"
          ? ["Next: open a hint above, or read ", element("a", { href: this.root() + page }, verdict.lesson), "."]
          : [];
    this.tell(...shown(verdict, this.name), element("p", { className: "verdict-next" }, ...next));
  }

  root() {
    return new URL("../../", import.meta.url).href;
  }

  reset() {
    if (!confirm(`Put ${this.name} back to its stub? What you wrote is lost.`)) return;
    this.editor.text = begun(this.more.signature);
    this.tell();
    this.picture.replaceChildren();
    remember(this.exercise, { text: undefined, status: undefined, earned: undefined, unreadable: false });
    this.editor.focus();
  }

  async download() {
    try {
      save(`${this.module}.py`, "text/x-python", await fileOf(this.module));
    } catch (error) {
      this.tell(element("p", {}, `${this.module}.py could not be put together: ${error.message}.`));
    }
  }
}

if (!customElements.get("dl-exercise")) customElements.define("dl-exercise", Exercise);
