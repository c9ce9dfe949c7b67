import { Figure, node, written } from "./figure.js";
import { error, forward, links, products } from "./mathematics.js";

const FORWARD = 5; // z1, a1, z2, a2 and E, one at a time.
const NAMES = ["x", "z₁", "a₁", "z₂", "a₂", "E"];
const PARAMETERS = { w1: "w₁", b1: "b₁", w2: "w₂", b2: "b₂" };
const number = (name, label, value, min = -3, max = 3) => ({
  ...{ kind: "range", name, label, value, min, max, step: 0.05, more: true },
});

/** Two neurons in a chain: forward one value at a time, then back one link at a time. */
export class Chain extends Figure {
  static controls = [
    {
      ...{ kind: "choice", name: "parameter", label: "slope for", value: "w1" },
      options: Object.entries(PARAMETERS),
    },
    { kind: "steps", name: "step", label: "step", max: 10, value: 0 },
    number("x", "input x", 0.1, -2, 2),
    number("target", "target T", 0.25, 0, 1),
    ...[["w1", 0.15], ["b1", 0.4], ["w2", 0.45], ["b2", 0.65]].map(([name, value]) => number(name, PARAMETERS[name], value)),
  ];

  static picture =
    "A chain x, z1, a1, z2, a2, E with the value of each; below it, from right to left, the slope of each link and " +
    "the product of those passed so far.";

  numbers() {
    const { x, target, w1, b1, w2, b2, parameter, step } = this.values;
    const { z1, a1, z2, a2 } = forward(x, w1, b1, w2, b2);
    const way = links(x, target, w1, b1, w2, b2)[parameter];
    const back = way.slice(0, Math.max(step - FORWARD, 0));
    return { values: [x, z1, a1, z2, a2, error(target, a2)], way, back, made: products(back.map((link) => link.slope)) };
  }

  prepare() {
    const most = FORWARD + this.numbers().way.length;
    this.values.step = Math.min(this.values.step, most);
    this.inputs.step.limit(most);
  }

  draw(width) {
    const { step, target } = this.values;
    const { values, way, back, made } = this.numbers();
    const left = width < 500 ? 26 : 56;
    const at = (i) => left + ((width - 2 * left) / (NAMES.length - 1)) * i;
    const [top, middle, r] = [62, 132, width < 500 ? 17 : 22];
    this.size(width, 312);
    for (let i = 0; i + 1 < NAMES.length; i += 1) {
      this.arrow([at(i) + r, middle], [at(i + 1) - r, middle], i < step ? "ink" : "soft");
    }
    this.parameters(at(1), top, middle - r, ["w1", "b1"]);
    this.parameters(at(3), top, middle - r, ["w2", "b2"]);
    NAMES.forEach((name, i) => {
      const known = i <= step;
      const look = `figure-node ${known ? "known" : "open"}`;
      this.svg.append(node("circle", { cx: at(i), cy: middle, r, class: look }));
      this.write(at(i), middle + 4, name, known ? "strong" : "soft");
      const value = { "data-node": name };
      this.write(at(i), middle + r + 15, known ? written(values[i]) : "?", known ? "" : "soft", value);
    });
    if (step >= FORWARD) this.write(at(5), middle - r - 10, `T = ${written(target)}`, "");
    this.back(way, back.length, made, at, { top, middle, r });
  }

  parameters(x, top, bottom, names) {
    names.forEach((name, i) => {
      const side = x + (i ? 26 : -26);
      this.arrow([side, top + 8], [x + (i ? 8 : -8), bottom], "soft");
      this.write(side, top - 10, PARAMETERS[name], this.values.parameter === name ? "strong" : "");
      this.write(side, top + 4, written(this.values[name]), "");
    });
  }

  back(way, passed, made, at, { top, middle, r }) {
    const row = middle + r + 66;
    this.write(4, row - 18, "back: the slope of each link", "left");
    this.write(4, row + 66, "the product so far", "left");
    way.forEach((link, i) => {
      const known = i < passed;
      const from = NAMES.indexOf(link.of);
      const name = `∂${link.of}/∂${link.to}`;
      // The last link leaves the chain for the parameter above it; its column is the next one to the left.
      if (known && NAMES.includes(link.to)) this.arrow([at(from) - 4, row], [at(from - 1) + 4, row], "second dashed");
      else if (known) this.last(at(from), name, link, { top, bottom: middle - r });
      const x = (at(from) + at(from - 1)) / 2;
      this.write(x, row + 18, name, known ? "second" : "soft");
      const look = known ? "strong" : "soft";
      this.write(x, row + 34, known ? written(link.slope) : "?", look, { "data-link": `${link.of} ${link.to}` });
      this.write(x, row + 84, known ? written(made[i]) : "?", look, { "data-product": link.to });
    });
  }

  /** From a sum up to the parameter itself. */
  last(x, name, link, { top, bottom }) {
    const side = link.to.startsWith("w") ? -1 : 1;
    this.arrow([x + side * 2, bottom - 2], [x + side * 18, top + 10], "second dashed");
    this.write(x, top - 28, `${name} = ${written(link.slope)}`, "second strong");
  }

  write(x, y, text, look, attributes = {}) {
    const anchor = look.includes("left") ? "start" : "middle";
    this.svg.append(node("text", { x, y, "text-anchor": anchor, class: `figure-text ${look}`, ...attributes }, text));
  }

  arrow([x, y], [toX, toY], look) {
    const angle = Math.atan2(toY - y, toX - x);
    const wing = (turn) => `${toX - 7 * Math.cos(angle + turn)} ${toY - 7 * Math.sin(angle + turn)}`;
    this.svg.append(node("path", { d: `M${x} ${y}L${toX} ${toY}`, class: `figure-line ${look}` }));
    this.svg.append(node("path", { d: `M${wing(0.45)}L${toX} ${toY}L${wing(-0.45)}`, class: `figure-line ${look.split(" ")[0]}` }));
  }

  reading() {
    const { step, parameter, x, target, w1, b1, w2, b2 } = this.values;
    const { values, way, back, made } = this.numbers();
    const [, z1, a1, z2, a2, e] = values.map((value) => written(value));
    const says = [
      `The input is x = ${written(x)}. Step forward to compute the first neuron's sum.`,
      `z₁ = w₁ x + b₁ = ${written(w1)} · ${written(x)} + ${written(b1)} = ${z1}.`,
      `a₁ = σ(z₁) = σ(${z1}) = ${a1}.`,
      `z₂ = w₂ a₁ + b₂ = ${written(w2)} · ${a1} + ${written(b2)} = ${z2}.`,
      `a₂ = σ(z₂) = σ(${z2}) = ${a2}. This is the prediction.`,
      `E = ½ (T − a₂)² = ½ (${written(target)} − ${a2})² = ${e}. Now step back, link by link.`,
    ];
    if (step <= FORWARD) return says[step];
    const slopes = back.map((link) => (link.slope < 0 ? `(${written(link.slope)})` : written(link.slope)));
    const link = back.at(-1);
    const product = `${slopes.join(" · ")} = ${written(made.at(-1))}`;
    const last = `∂${link.of}/∂${link.to} = ${written(link.slope)}.`;
    if (back.length < way.length) return `${last} The product so far is ∂E/∂${link.to} = ${product}.`;
    return `${last} All links are passed: ∂E/∂${PARAMETERS[parameter]} = ${product}.`;
  }
}
