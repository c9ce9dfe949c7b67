import { around } from "./descent.js";
import { Figure, decades, node, written } from "./figure.js";
import { X, Z, band, gradientDescent, maxStableLearningRate, stepFactor } from "./mathematics.js";

const BEST = 2;
const LOWEST = 1e-6;
const HIGHEST = 1.5;

/** What every learning rate leads to, and where the borders are. */
export class Rates extends Figure {
  static controls = [
    { kind: "range", name: "rate", label: "learning rate η", min: 0.01, max: HIGHEST, step: 0.01, value: 0.4 },
    { kind: "range", name: "steps", label: "steps", min: 1, max: 20, step: 1, value: 8 },
  ];

  static picture =
    "How far the weight is from the best one after the steps, for every learning rate, with the bands converges, " +
    "oscillates and diverges; below, the weight step by step at the chosen rate.";

  path(rate = this.values.rate) {
    return gradientDescent(X, Z, 0, rate, this.values.steps);
  }

  left(rate) {
    return Math.abs(this.path(rate).at(-1) - BEST);
  }

  draw(width) {
    const { rate, steps } = this.values;
    const sweep = Array.from({ length: 299 }, (_, i) => (i + 2) / 200).map((each) => [each, this.left(each)]);
    const [from, to] = decades([this.left(HIGHEST)], LOWEST, 10);
    const path = this.path();
    const [low, high] = around(path, 0, 4);
    const small = width < 500;
    const label = `distance left after ${steps} ${steps === 1 ? "step" : "steps"}`;
    const [distances, weights] = this.panels(width, [
      [
        small ? 250 : 300,
        [{ name: "sweep", x: { from: 0, to: HIGHEST, label: "learning rate η" }, y: { from, to, log: true, label } }],
      ],
      [
        small ? 170 : 200,
        [{ name: "path", x: { from: 0, to: steps, label: "step", whole: true }, y: { from: low, to: high, label: "weight w" } }],
      ],
    ]);
    this.bands(distances);
    distances.rule({ y: BEST }, "soft dotted");
    distances.text(HIGHEST, BEST, "as far as at the start", { dx: -4, dy: 15, look: "soft", anchor: "end" });
    distances.line(sweep.map(([each, left]) => [each, Math.max(left, from / 100)]), "first");
    distances.rule({ x: rate }, "second dotted");
    distances.dot(rate, Math.max(this.left(rate), from), "second", 6);
    weights.rule({ y: BEST }, "soft dotted");
    weights.text(steps, BEST, "best weight 2", { dx: -6, dy: -10, look: "soft", anchor: "end" });
    weights.line(path.map((w, i) => [i, w]), "second dashed");
    path.forEach((w, i) => weights.dot(i, w, "second"));
  }

  bands(panel) {
    const border = maxStableLearningRate(X);
    const { top, bottom } = panel.box;
    const areas = [["converges", 0, border / 2], ["oscillates", border / 2, border], ["diverges", border, HIGHEST]];
    areas.forEach(([name, from, to]) => {
      const [left, right] = [panel.x(from), panel.x(to)];
      const size = { x: left, y: top, width: right - left, height: bottom - top };
      panel.add(node("rect", { ...size, class: `figure-band ${name}`, "data-band": name }));
      const chosen = band(X, this.values.rate) === name;
      const at = { x: (left + right) / 2, y: bottom - 8, "text-anchor": "middle" };
      panel.outside.append(node("text", { ...at, class: `figure-text ${chosen ? "strong" : ""}` }, name));
    });
    panel.rule({ x: border / 2 }, "soft thin");
    panel.rule({ x: border }, "ink");
    const text = `border 2 / mean(x²) = ${written(border)}`;
    panel.outside.append(
      node("text", { x: panel.x(border) - 5, y: top + 12, "text-anchor": "end", class: "figure-text" }, text),
    );
  }

  reading() {
    const { rate, steps } = this.values;
    const factor = stepFactor(X, rate);
    const w = this.path().at(-1);
    const says = {
      converges: "converges, from one side",
      oscillates: "oscillates: it jumps across the best weight and still comes nearer",
      diverges: "diverges: each jump across lands further away",
    };
    let does = says[band(X, rate)];
    if (Math.abs(factor) < 1e-12) does = "arrives in one step";
    if (Math.abs(factor + 1) < 1e-12) does = "oscillates for ever: each jump lands just as far away on the other side";
    return (
      `At rate ${written(rate)} each step multiplies the distance to the best weight by ` +
      `${written(Math.abs(factor) < 1e-12 ? 0 : factor)}. The descent ${does}. ` +
      `After ${steps} ${steps === 1 ? "step" : "steps"} w = ${written(w, 5)}.`
    );
  }
}
