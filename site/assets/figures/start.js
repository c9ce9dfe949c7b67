import { Figure, graph, written } from "./figure.js";
import { X, Z, cost } from "./mathematics.js";

/** For the start page: turn a line until it meets five points, and watch the cost. */
export class Start extends Figure {
  static controls = [{ kind: "range", name: "w", label: "weight w", min: -1, max: 5, step: 0.1, value: 0.5 }];

  static picture = "Five points and the line w times x; beside it the cost of this weight on the curve of all costs.";

  draw(width) {
    const { w } = this.values;
    const [data, costs] = this.panels(width, [
      [
        width < 500 ? 220 : 280,
        [
          { name: "data", x: { from: -2.6, to: 2.6, label: "x" }, y: { from: -6, to: 6, label: "points and line" } },
          { name: "cost", x: { from: -1, to: 5, label: "weight w" }, y: { from: 0, to: 10, label: "cost" } },
        ],
      ],
    ]);
    drawData(data, w);
    costs.line(graph((v) => cost(v, X, Z), -1, 5), "first");
    const height = cost(w, X, Z);
    costs.line([[w, 0], [w, height]], "second dotted");
    costs.dot(w, height, "second", 6);
    costs.text(w, height, written(height), { look: "strong" });
  }

  reading() {
    const { w } = this.values;
    const height = cost(w, X, Z);
    if (height === 0) return `With w = ${written(w)} the line meets every point, and the cost is 0. No weight does better.`;
    return `With w = ${written(w)} the cost is ${written(height)}. Turn the line until the dashed misses are gone.`;
  }
}

/** The points, the line and the misses between them. */
export function drawData(panel, w, before = []) {
  for (const old of before) panel.line([[-2.6, -2.6 * old], [2.6, 2.6 * old]], "soft thin");
  panel.line([[-2.6, -2.6 * w], [2.6, 2.6 * w]], "first");
  X.forEach((x, i) => panel.line([[x, Z[i]], [x, w * x]], "second dashed"));
  X.forEach((x, i) => panel.dot(x, Z[i], "ink", 4));
}
