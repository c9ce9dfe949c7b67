// A quiz that says at once whether an answer is right, and why. Without script, the answers stand in
// the details element of each question.
class Quiz extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    this.said = document.createElement("p");
    this.said.setAttribute("role", "status");
    this.said.className = "quiz-said";
    this.querySelector("fieldset").append(this.said);
    this.addEventListener("change", (event) => this.answer(event.target));
  }

  answer(input) {
    if (input.type === "radio") {
      const why = input.closest(".quiz-option").nextElementSibling;
      this.show(why, input.dataset.right === "true");
      return;
    }
    const text = input.value.trim().replaceAll(",", ".").replaceAll("−", "-");
    if (text === "") return;
    const parts = text.split("/"); // "1/4" is a number too.
    const number = parts.length > 2 || parts.some((part) => !part.trim()) ? NaN : parts[0] / (parts[1] ?? 1);
    const right = Math.abs(number - input.dataset.answer) <= Number(input.dataset.tolerance) + 1e-12;
    if (Number.isFinite(number)) this.show(right ? this.querySelector(".quiz-why") : null, right);
    else this.said.textContent = "Write a number, such as 0.25 or 1/4.";
  }

  show(why, right) {
    this.said.className = right ? "quiz-said right" : "quiz-said";
    this.said.innerHTML = `<strong>${right ? "Right." : "Not yet."}</strong> ${why ? why.innerHTML : ""}`;
  }
}

if (!customElements.get("dl-quiz")) customElements.define("dl-quiz", Quiz);
