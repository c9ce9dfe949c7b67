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
    } else {
      const text = input.value.trim().replace(",", ".").replace("−", "-");
      if (text === "") return;
      const off = Math.abs(Number(text) - Number(input.dataset.answer));
      const right = off <= Number(input.dataset.tolerance) + 1e-12;
      this.show(right ? this.querySelector(".quiz-why") : null, right);
    }
  }

  show(why, right) {
    this.said.className = right ? "quiz-said right" : "quiz-said";
    this.said.innerHTML = `<strong>${right ? "Right." : "Not yet."}</strong> ${why ? why.innerHTML : ""}`;
  }
}

if (!customElements.get("dl-quiz")) customElements.define("dl-quiz", Quiz);
