import { Figure, decades, written } from "./figure.js";
import { layerGradients, sigmoidGradientBound, vanishingRatio } from "./mathematics.js";

const WEIGHTS = [0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/** The size of the gradient at every layer of a chain. */
export class Layers extends Figure {
  static controls = [
    { kind: "choice", name: "activation", label: "activation", value: "sigmoid", options: [["sigmoid", "sigmoid"], ["relu", "ReLU"]] },
    { kind: "range", name: "depth", label: "layers", min: 1, max: 30, step: 1, value: 10 },
    { kind: "values", name: "weight", label: "every weight", values: WEIGHTS, value: 1 },
    { kind: "range", name: "x", label: "input x", min: -2, max: 2, step: 0.1, value: 1, more: true },
    { kind: "range", name: "target", label: "target", min: -1, max: 1, step: 0.1, value: 0, more: true },
  ];

  static picture = "A bar for each layer, the first next to the input: the size of its gradient, on a logarithmic axis.";

  gradients() {
    const { x, target, depth, weight, activation } = this.values;
    return layerGradients(x, target, new Array(depth).fill(weight), activation);
  }

  draw(width) {
    const { depth, activation } = this.values;
    const gradients = this.gradients();
    const sizes = gradients.map(Math.abs).filter((size) => size > 0);
    const [from, to] = decades(sizes.map((size) => size / 2), 1e-3, 1);
    const [panel] = this.panels(width, [
      [
        width < 500 ? 280 : 320,
        [
          {
            name: "layers",
            x: { from: 0.4, to: depth + 0.6, label: "layer (1 is next to the input)", whole: true },
            y: { from, to, log: true, label: "size of the gradient |∂E/∂w|" },
          },
        ],
      ],
    ]);
    const look = activation === "sigmoid" ? "first" : "third";
    gradients.forEach((gradient, i) => {
      const size = Math.abs(gradient);
      if (size > 0) panel.bar(i + 1, 0.36, from, size, look).setAttribute("data-layer", i + 1);
      else panel.text(i + 1, from, "0", { dx: 0, dy: -4, anchor: "middle" });
    });
    const named = depth === 1 ? [0] : [0, depth - 1];
    for (const i of named.filter((each) => Math.abs(gradients[each]) > 0)) {
      const text = written(gradients[i]);
      const last = depth > 1 && i === depth - 1;
      // Above every bar that the text is over.
      const over = Math.ceil((text.length * 6.6) / (panel.x(2) - panel.x(1)));
      const under = gradients.slice(...(last ? [Math.max(depth - over, 0), depth] : [0, over])).map(Math.abs);
      const place = { dx: 0, dy: -5, look: "strong", anchor: last ? "end" : "start" };
      panel.text(last ? depth + 0.4 : 0.6, Math.max(...under), text, place);
    }
  }

  reading() {
    const { depth, activation, weight } = this.values;
    const gradients = this.gradients();
    const name = activation === "sigmoid" ? "sigmoid" : "ReLU";
    const chain = `${depth} ${depth === 1 ? "layer" : "layers"} with ${name}, every weight ${written(weight)}:`;
    if (gradients.at(-1) === 0) return `${chain} no slope comes back at all, every gradient is 0.`;
    const ratio = vanishingRatio(gradients);
    const first = written(gradients[0]);
    if (depth === 1) return `${chain} its gradient is ${first}.`;
    const bound = written(sigmoidGradientBound(depth));
    const why = activation === "sigmoid" ? ` ${depth} slopes of the sigmoid multiply to at most ${bound}.` : "";
    return (
      `${chain} the first layer's gradient is ${first}, the last one's ${written(gradients.at(-1))}, ` +
      `a ratio of ${written(ratio)}.${why}`
    );
  }
}
