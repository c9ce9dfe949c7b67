import { Figure, graph, written } from "./figure.js";
import * as mathematics from "./mathematics.js";

const FUNCTIONS = {
  sigmoid: { name: "sigmoid", f: mathematics.sigmoid, slope: mathematics.sigmoidDerivative, y: [-0.25, 1.25] },
  tanh: { name: "tanh", f: mathematics.tanh, slope: mathematics.tanhDerivative, y: [-1.25, 1.25] },
  relu: { name: "ReLU", f: mathematics.relu, slope: mathematics.reluDerivative, y: [-1, 6], corner: true },
  leaky: { name: "leaky ReLU", f: mathematics.leakyRelu, slope: mathematics.leakyReluDerivative, y: [-3, 6], corner: true },
};
const EDGE = 6;

/** An activation and its slope at a z that can be dragged. */
export class Activation extends Figure {
  static controls = [
    {
      ...{ kind: "choice", name: "function", label: "function", value: "sigmoid" },
      options: Object.entries(FUNCTIONS).map(([value, { name }]) => [value, name]),
    },
    { kind: "range", name: "z", label: "input z", min: -EDGE, max: EDGE, step: 0.1, value: 1 },
    { kind: "range", name: "alpha", label: "left slope α", min: 0.01, max: 0.5, step: 0.01, value: 0.01 },
  ];

  static picture = "The function with its tangent at z, and below it the slope of the function, marked at the same z.";

  make() {
    super.make();
    this.frame.classList.add("draggable");
    const drag = (event) => {
      if (event.type === "pointermove" && !this.svg.hasPointerCapture(event.pointerId)) return;
      if (event.type === "pointerdown") this.svg.setPointerCapture(event.pointerId);
      const box = this.svg.getBoundingClientRect();
      const { left, right } = this.panel.box;
      const at = ((event.clientX - box.left) / box.width) * this.svg.viewBox.baseVal.width;
      const z = -EDGE + ((at - left) / (right - left)) * 2 * EDGE;
      this.set({ z: Math.min(Math.max(Number(z.toFixed(1)), -EDGE), EDGE) + 0 });
    };
    this.svg.addEventListener("pointerdown", drag);
    this.svg.addEventListener("pointermove", drag);
  }

  prepare() {
    this.inputs.alpha.row.hidden = this.values.function !== "leaky";
  }

  at(z) {
    const { alpha } = this.values;
    const { f, slope } = FUNCTIONS[this.values.function];
    return { value: f(z, alpha), slope: slope(z, alpha) };
  }

  draw(width) {
    const { z } = this.values;
    const { name, y, corner } = FUNCTIONS[this.values.function];
    const { value, slope } = this.at(z);
    const small = width < 500;
    const x = { from: -EDGE, to: EDGE };
    const highest = this.values.function === "sigmoid" ? 0.3 : 1.2;
    const [curve, slopes] = this.panels(width, [
      [small ? 210 : 250, [{ name: "function", x, y: { from: y[0], to: y[1], label: `${name}(z)` }, bottom: 24 }]],
      [
        small ? 160 : 180,
        [{ name: "slope", x: { ...x, label: "z" }, y: { from: 0, to: highest, label: `slope of ${name}` } }],
      ],
    ]);
    this.panel = curve;
    curve.rule({ y: 0 }, "soft thin");
    curve.rule({ x: z }, "soft dotted");
    curve.line(graph((each) => this.at(each).value, -EDGE, EDGE, 240), "first");
    this.tangent(curve, z, value, slope);
    curve.dot(z, value, "second", 7);
    curve.text(z, value, written(value), { dx: 12, dy: 20, look: "strong" });
    slopes.rule({ x: z }, "soft dotted");
    if (corner) {
      // The slope jumps at the corner, where it is by convention what it is on the left.
      slopes.line([[-EDGE, this.at(0).slope], [0, this.at(0).slope]], "third");
      slopes.line([[0, 1], [EDGE, 1]], "third");
      slopes.dot(0, 1, "third hollow");
      slopes.dot(0, this.at(0).slope, "third");
    } else slopes.line(graph((each) => this.at(each).slope, -EDGE, EDGE, 240), "third");
    slopes.dot(z, slope, "second", 7);
    slopes.text(z, slope, written(slope), { dx: 12, dy: slope > highest / 2 ? 20 : -8, look: "strong" });
  }

  tangent(panel, z, value, slope) {
    const [right, up] = [panel.x(z + 1) - panel.x(z), panel.y(value) - panel.y(value + slope)];
    const reach = 70 / Math.hypot(right, up);
    panel.line([[z - reach, value - reach * slope], [z + reach, value + reach * slope]], "third thick dashed");
  }

  reading() {
    const { z } = this.values;
    const { name, corner } = FUNCTIONS[this.values.function];
    const { value, slope } = this.at(z);
    const convention = corner && z === 0 ? ", by convention, since a corner has no slope of its own" : "";
    return `At z = ${written(z)} the ${name} is ${written(value)}, and its slope is ${written(slope)}${convention}.`;
  }
}
