import { Figure, graph, node, written } from "./figure.js";
import { X, Z, cost, costGradient, descentDirection, gradientDescent } from "./mathematics.js";
import { drawData } from "./start.js";

// Even on a logarithmic scale, and closer where the descent turns over.
const RATES = [
  ...[0.01, 0.012, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.35],
  ...[0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.3, 1.5, 1.7, 2],
];

/** A descent on the cost, step by step, with the line that each weight stands for. */
export class Descent extends Figure {
  static controls = [
    { kind: "values", name: "rate", label: "learning rate η", values: RATES, value: 0.4 },
    { kind: "range", name: "start", label: "start w", min: -1, max: 5, step: 0.1, value: 0 },
    { kind: "steps", name: "step", label: "steps taken", max: 20, value: 0 },
  ];

  static picture =
    "The cost over the weight with the path of the descent and the tangent at the present weight; below, the line " +
    "among the five points, and the cost after each step.";

  path() {
    const { rate, start, step } = this.values;
    return gradientDescent(X, Z, start, rate, step);
  }

  draw(width) {
    const path = this.path();
    const heights = path.map((w) => cost(w, X, Z));
    const [from, to] = around(path, -1, 5);
    const high = Math.max(cost(from, X, Z), cost(to, X, Z));
    const small = width < 500;
    const [bowl, data, costs] = this.panels(width, [
      [
        small ? 230 : 290,
        [{ name: "bowl", x: { from, to, label: "weight w" }, y: { from: -0.06 * high, to: high, label: "cost J(w)" } }],
      ],
      [
        small ? 170 : 200,
        [
          { name: "data", x: { from: -2.6, to: 2.6, label: "x" }, y: { from: -6, to: 6, label: "line w x" } },
          {
            name: "iterations",
            x: { from: 0, to: Math.max(8, path.length - 1), label: "step", whole: true },
            y: { from: 0, to: 1.1 * Math.max(...heights, 1), label: "cost after each step" },
          },
        ],
      ],
    ]);
    bowl.line(graph((w) => cost(w, X, Z), from, to), "first");
    bowl.line(path.map((w, i) => [w, heights[i]]), "second dashed");
    path.slice(0, -1).forEach((w, i) => bowl.dot(w, heights[i], "second hollow"));
    this.tangent(bowl, path.at(-1), heights.at(-1));
    drawData(data, path.at(-1), path.slice(-4, -1));
    costs.line(heights.map((height, i) => [i, height]), "second dashed");
    heights.forEach((height, i) => costs.dot(i, height, i + 1 < path.length ? "second hollow" : "second"));
  }

  tangent(bowl, w, height) {
    const slope = costGradient(w, X, Z);
    // So long on the picture, whatever the scales of the axes are.
    const [across, up] = [bowl.x(w + 1) - bowl.x(w), bowl.y(height) - bowl.y(height + slope)];
    const reach = Math.min(70 / Math.hypot(across, up), 1e9);
    bowl.line([[w - reach, height - reach * slope], [w + reach, height + reach * slope]], "third thick");
    bowl.dot(w, height, "second", 6);
    const way = { left: "◂ go left", right: "go right ▸", stop: "stop" }[descentDirection(slope)];
    // In the bowl, where nothing else is drawn.
    const { left, right, top } = bowl.box;
    const at = { x: (left + right) / 2, y: top + 14, "text-anchor": "middle", class: "figure-text strong" };
    bowl.outside.append(node("text", at, `slope ${written(slope)}: ${way}`));
  }

  reading() {
    const { step } = this.values;
    const w = this.path().at(-1);
    const slope = costGradient(w, X, Z);
    const ways = {
      left: "positive, so the next step goes left",
      right: "negative, so the next step goes right",
      stop: "zero: this is the floor, and there is nowhere to go",
    };
    const taken = step === 0 ? "At the start" : `After ${step} ${step === 1 ? "step" : "steps"}`;
    return (
      `${taken} w = ${written(w, 5)}, the cost is ${written(cost(w, X, Z))} and the slope is ` +
      `${written(slope)}: ${ways[descentDirection(slope)]}.`
    );
  }
}

/** An interval that holds the usual one and all values, with some room at the ends. */
export function around(values, from, to) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.08 * (Math.max(high, to) - Math.min(low, from));
  return [low < from ? low - room : from, high > to ? high + room : to];
}
