import { Figure, node, written } from "./figure.js";
import { naiveSoftmax, predictClass, softmax } from "./mathematics.js";

const score = (name, label, value) => ({ kind: "range", name, label, value, min: -5, max: 5, step: 0.01 });

/** Three scores and their shares, computed as the formula says and with the largest subtracted. */
export class Softmax extends Figure {
  static controls = [
    score("z1", "score z₁", 1.6),
    score("z2", "score z₂", 0.55),
    score("z3", "score z₃", 0.98),
    { kind: "toggle", name: "large", label: "+1000 to every score", value: 0 },
  ];

  static picture =
    "Bars of the three probabilities, once computed as the formula says and once with the largest score subtracted first.";

  scores() {
    const { z1, z2, z3, large } = this.values;
    return [z1, z2, z3].map((z) => Number((z + 1000 * large).toFixed(10)));
  }

  draw(width) {
    const z = this.scores();
    const largest = Math.max(...z);
    const axes = (name, label, ticks) => ({
      ...{ name, x: { from: 0.4, to: 3.6, ticks: ticks.map((each, i) => [i + 1, written(each, 6)]) } },
      ...{ y: { from: 0, to: 1.1, label, ticks: [[0, "0"], [0.5, "0.5"], [1, "1"]] }, bottom: 44 },
    });
    const shifted = z.map((each) => Number((each - largest).toFixed(10)));
    const both = [axes("naive", "as the formula says", z), axes("stable", "largest subtracted first", shifted)];
    const rows = width < 500 ? both.map((each) => [190, [each]]) : [[280, both]];
    const [naive, stable] = this.panels(width, rows);
    this.bars(naive, naiveSoftmax(z), z.map(Math.exp), ["z", "eᶻ"]);
    this.bars(stable, softmax(z), shifted.map(Math.exp), ["z − m", "eᶻ⁻ᵐ"]);
  }

  bars(panel, shares, exponentials, [first, second]) {
    const { bottom, left } = panel.box;
    const write = (x, y, text, attributes = {}) =>
      panel.outside.append(node("text", { x, y, "text-anchor": "middle", class: "figure-text", ...attributes }, text));
    const heading = { "text-anchor": "end", class: "figure-text soft" };
    write(left - 6, bottom + 16, first, heading);
    write(left - 6, bottom + 34, second, heading);
    shares.forEach((share, i) => {
      write(panel.x(i + 1), bottom + 34, written(exponentials[i]));
      const attributes = { "data-share": i + 1, class: "figure-text strong" };
      if (Number.isNaN(share)) {
        write(panel.x(i + 1), bottom - 22, "✕", { class: "figure-text wrong" });
        write(panel.x(i + 1), bottom - 8, "NaN", attributes);
      } else {
        panel.bar(i + 1, 0.32, 0, share, "first").setAttribute("data-bar", i + 1);
        write(panel.x(i + 1), panel.y(share) - 5, written(share), attributes);
      }
    });
  }

  reading() {
    const z = this.scores();
    const shares = softmax(z).map((share) => written(share));
    const says = `Scores ${z.map((each) => written(each, 6)).join(", ")} become ${shares.join(", ")}.`;
    const winner = ` The most goes to z${"₁₂₃"[predictClass(z)]}.`;
    if (!this.values.large) return `${says}${winner} Both ways agree.`;
    return (
      `${says}${winner} As the formula says, e to the score is too large for a computer, infinity, and infinity over ` +
      "infinity is not a number (NaN). With the largest score m subtracted first, no exponential is over 1."
    );
  }
}
