// How far a reader has come in this browser, and their work as one archive to hand in.
import { element } from "./verdict.js";
import { fileOf, manifestOf, recall, save } from "./work.js";
import { zipped } from "./zip.js";

class Progress extends HTMLElement {
  connectedCallback() {
    if (!this.built) {
      this.built = true;
      this.course = JSON.parse(this.dataset.course);
      this.list = element("div", {});
      this.said = element("p", {});
      this.said.setAttribute("role", "status");
      const pack = element("button", { type: "button", className: "md-button" }, "Download handin.zip");
      pack.addEventListener("click", () => this.pack());
      this.append(this.list, element("p", {}, pack), this.said);
    }
    this.update = () => this.draw();
    document.addEventListener("dl-work", this.update);
    this.draw();
  }

  disconnectedCallback() {
    document.removeEventListener("dl-work", this.update);
  }

  draw() {
    const kept = this.course.lessons.map((lesson) => lesson.exercises.map(recall));
    const every = kept.flat();
    const done = (some) => some.filter((one) => one.status === "done").length;
    const points = every.reduce((sum, one) => sum + (one.earned ?? 0), 0);
    const words = `${done(every)} of ${every.length} exercises done, ${short(points)} of ${short(this.course.publicPoints)} public points`;
    this.list.replaceChildren(
      element("p", {}, element("strong", {}, words)),
      element("ul", {}, ...this.course.lessons.map((lesson, index) => {
        const bar = element("progress", { max: lesson.exercises.length, value: done(kept[index]), ariaLabel: lesson.title });
        return element("li", {}, element("a", { href: this.root() + lesson.page }, lesson.title),
          ` ${done(kept[index])} of ${lesson.exercises.length} `, bar);
      })),
    );
  }

  root() {
    return new URL("../../", import.meta.url).href;
  }

  async pack() {
    const begun = this.course.lessons.filter((lesson) =>
      lesson.exercises.some((exercise) => recall(exercise).text !== undefined),
    );
    if (!begun.length) {
      this.said.textContent = "There is nothing to hand in yet: write a function on one of the lessons' pages first.";
      return;
    }
    try {
      const files = await Promise.all(begun.map(async (lesson) => [`${lesson.id}.py`, await fileOf(lesson.id)]));
      const moment = new Date();
      // Browsers compute hashes on secure addresses only. The manifest is a help, and no work waits for it.
      const manifest = globalThis.crypto?.subtle ? [["manifest.json", await manifestOf(files, moment)]] : [];
      save("handin.zip", "application/zip", zipped([...manifest, ...files], moment));
      this.said.textContent = `Packed ${files.map(([name]) => name).join(", ")} into handin.zip. Hand in that one file.`;
    } catch (error) {
      this.said.textContent = `Your work could not be packed: ${error.message}.`;
    }
  }
}

function short(points) {
  return String(Math.round(100 * points) / 100);
}

if (!customElements.get("dl-progress")) customElements.define("dl-progress", Progress);
