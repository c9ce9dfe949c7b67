// Pictures of what the reader's own functions do, drawn from the numbers of autograder/browser/pictures.py.
// Numbers are all that is taken from there: every word here is the page's own.
import { decades, node, panels, written } from "./figures/figure.js";
import { element } from "../runtime/page/verdict.js";

const MOST_NUMBERS = 300;
const MOST = 1e12; // Beyond it differences may overflow, and an axis says nothing.

/** Each has a title; `draw`, which takes the picture, its width and the numbers; `say`, the same in words. */
const PICTURES = {
  "gradient_descent.predict": {
    title: "Your line with w = 1.5 among the lesson's points",
    draw(svg, width, { x, z, predicted }) {
      const [panel] = panels(svg, width, [[260, [{
        name: "line", x: { from: -2.6, to: 2.6, label: "x" }, y: { ...span([...z, ...predicted]), label: "z" },
      }]]]);
      for (const [at, each] of pairs(x, z)) panel.dot(at, each, "ink");
      panel.line(pairs(x, predicted), "first");
      for (const [at, each] of pairs(x, predicted)) panel.dot(at, each, "second hollow");
    },
    say: ({ x, predicted }) => `At x = ${list(x)} you predict ${list(predicted)}. Filled dots are the lesson's points.`,
  },
  "gradient_descent.cost": bowl("Your cost over the weight", "your cost J(w)"),
  "gradient_descent.sum_squared_error": bowl("Your sum of squared errors over the weight", "your S(w)"),
  "gradient_descent.cost_gradient": {
    title: "Your slopes on your cost",
    draw(svg, width, numbers) {
      const panel = costs(svg, width, numbers, "your cost J(w)");
      const { at, heights, slopes } = numbers;
      pairs(pairs(at, heights), slopes).forEach(([[w, height], slope]) => {
        const [across, up] = [panel.x(w + 1) - panel.x(w), panel.y(height) - panel.y(height + slope)];
        const reach = 55 / Math.hypot(across, up);
        panel.line([[w - reach, height - reach * slope], [w + reach, height + reach * slope]], "third thick");
        panel.dot(w, height, "second");
      });
    },
    say: ({ at, slopes }) => `At w = ${list(at)} your slope is ${list(slopes)}. Each line has your slope at its dot.`,
  },
  "gradient_descent.update_weight": path("Six of your steps on your cost"),
  "gradient_descent.gradient_descent": path("Your descent on your cost"),
  "backpropagation.sigmoid": curve("sigmoid"),
  "backpropagation.error": curve("error", "a₂", "output a₂, with target 0.25"),
  "backpropagation.error_slope": derivative("error_slope", "a₂", "output a₂, with target 0.25"),
  "backpropagation.sigmoid_slope": derivative("sigmoid_slope", "a", "activation a"),
  "backpropagation.backward": bars("Your gradients of the four parameters", "your gradient", "∂E/∂", ["w₁", "b₁", "w₂", "b₂"]),
  "backpropagation.train": {
    title: "The error during your training",
    draw(svg, width, { errors }) {
      const [panel] = panels(svg, width, [[260, [{
        name: "errors", x: { from: 1, to: Math.max(errors.length, 2), label: "epoch", whole: true },
        y: { ...span([0, ...errors]), label: "your error E" },
      }]]]);
      panel.line(errors.map((error, i) => [i + 1, error]), "first");
      panel.dot(1, errors[0], "second");
      panel.dot(errors.length, errors.at(-1), "second");
    },
    say: ({ errors }) =>
      `With learning rate 1 your error goes from ${written(errors[0])} in the first epoch to ` +
      `${written(errors.at(-1))} in epoch ${errors.length}, the last.`,
  },
  "vanishing_gradient.sigmoid_derivative": derivative("sigmoid_derivative"),
  "vanishing_gradient.relu_derivative": derivative("relu_derivative"),
  "vanishing_gradient.layer_gradients": {
    title: "The size of your gradients by layer",
    draw(svg, width, { sigmoid, relu }) {
      layers(svg, width, [["sigmoid", sigmoid, "first"], ["relu", relu, "third"]], "size of your gradient");
    },
    say: ({ sigmoid, relu }) =>
      `Left bars: sigmoid, from ${written(sigmoid[0])} in the first layer to ${written(sigmoid.at(-1))} in the last. ` +
      `Right bars: ReLU, from ${written(relu[0])} to ${written(relu.at(-1))}. Every weight is 0.9.`,
  },
  "vanishing_gradient.sigmoid_gradient_bound": {
    title: "Your bound by depth",
    draw(svg, width, { bound }) {
      layers(svg, width, [["bound", bound, "first"]], "your bound", "depth");
    },
    say: ({ bound }) => `From ${written(bound[0])} at depth 1 to ${written(bound.at(-1))} at depth ${bound.length}.`,
  },
  "activations.sigmoid": curve("sigmoid"),
  "activations.tanh": curve("tanh"),
  "activations.tanh_derivative": derivative("tanh_derivative"),
  "activations.relu": curve("relu"),
  "activations.leaky_relu": curve("leaky_relu"),
  "activations.leaky_relu_derivative": derivative("leaky_relu_derivative"),
  "activations.softmax": {
    ...bars("Your softmax of the lesson's scores", "your share", "score ", ["1.6", "0.55", "0.98"]),
    say: ({ bars }) => `Scores 1.6, 0.55 and 0.98 become ${list(bars)}; together ${written(sum(bars))}.`,
  },
};

/** Returns a picture of an exercise as a <figure>, or null where these numbers make none. */
export function pictureOf(exercise, numbers, id) {
  const known = PICTURES[exercise];
  if (!known || !accepted(numbers)) return null;
  const title = node("title", { id: `${id}-title` }, known.title);
  try {
    const words = known.say(numbers);
    const said = node("desc", { id: `${id}-said` }, words);
    const svg = node("svg", { role: "img", "aria-labelledby": title.id, "aria-describedby": said.id });
    const frame = element("div", { className: "figure-picture" }, svg);
    const caption = element("figcaption", {}, element("strong", {}, `${known.title}. `), words);
    const made = element("figure", { className: "exercise-picture figure" }, frame, caption);
    const draw = (width) => {
      svg.replaceChildren(title, said);
      known.draw(svg, Math.max(width, 280), numbers);
    };
    draw(600); // What cannot be drawn is found out here.
    let drawn = 0;
    new ResizeObserver(() => {
      const width = frame.clientWidth;
      if (width && width !== drawn) draw((drawn = width));
    }).observe(frame);
    return made;
  } catch {
    return null;
  }
}

/** Whether these are named rows of finite numbers, as much as a picture can hold. */
function accepted(numbers) {
  if (numbers === null || typeof numbers !== "object") return false;
  return Object.values(numbers).every(
    (row) =>
      Array.isArray(row) &&
      row.length > 0 &&
      row.length <= MOST_NUMBERS &&
      row.every((value) => typeof value === "number" && Math.abs(value) <= MOST),
  );
}

const sum = (values) => values.reduce((total, each) => total + each, 0);
const list = (values) => values.map((each) => written(each)).join(", ");

function pairs(x, y) {
  if (x.length !== y.length) throw new RangeError("rows of different lengths");
  return x.map((each, i) => [each, y[i]]);
}

/** An interval that holds all values, with some room. */
function span(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = flat(low, high) ? Math.max(Math.abs(high), 1) : 0.08 * (high - low);
  return { from: low - room, to: high + room };
}

/** The interval from the least to the greatest, of values that are not all the same. */
function between(values) {
  const [from, to] = [Math.min(...values), Math.max(...values)];
  if (flat(from, to)) throw new RangeError("an axis without length");
  return { from, to };
}

/** Whether two numbers are too close for an axis between them: its ticks could not be told apart. */
const flat = (low, high) => high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high));

function costs(svg, width, { w, cost, heights = [], path = [] }, label) {
  const [panel] = panels(svg, width, [[280, [{
    name: "bowl", x: { ...between(w), label: "weight w" },
    y: { ...span([...cost, ...heights]), label },
  }]]]);
  panel.line(pairs(w, cost), "first");
  return panel;
}

function bowl(title, label) {
  return {
    title,
    draw: (svg, width, numbers) => void costs(svg, width, numbers, label),
    say({ w, cost }) {
      const least = cost.indexOf(Math.min(...cost));
      return `From ${written(cost[0])} at w = ${written(w[0])} to ${written(cost.at(-1))} at w = ${written(w.at(-1))}; ` +
        `lowest, ${written(cost[least])}, at w = ${written(w[least])}.`;
    },
  };
}

function path(title) {
  return {
    title,
    draw(svg, width, numbers) {
      const { path, heights } = numbers;
      const panel = costs(svg, width, numbers, "your cost J(w)");
      panel.line(pairs(path, heights), "second dashed");
      path.forEach((w, i) => panel.dot(w, heights[i], i + 1 < path.length ? "second hollow" : "second"));
      panel.text(path[0], heights[0], "start");
    },
    say: ({ path, heights }) =>
      `With learning rate 0.4 your weight goes ${path.map((each) => written(each)).join(" → ")}, ` +
      `and your cost from ${written(heights[0])} to ${written(heights.at(-1))}.`,
  };
}

function over(svg, width, label, rows) {
  const at = rows[0][1].at;
  return panels(svg, width, rows.map(([name, numbers, title, height]) => [height, [{
    name, x: { ...between(at), label }, y: { ...span(numbers.shown), label: title },
  }]]));
}

function curve(name, symbol = "z", label = symbol) {
  return {
    title: `Your ${name}, and its slope`,
    draw(svg, width, { at, values, measured }) {
      const [above, below] = over(svg, width, label, [
        ["curve", { at, shown: values }, `your ${name}`, 220],
        ["slope", { at, shown: measured }, "the slope of your curve", 180],
      ]);
      zero(above);
      above.line(pairs(at, values), "first");
      zero(below);
      below.line(pairs(at, measured), "third");
    },
    say: ({ at, values }) => `${sampled(symbol, at, values)} Below it is the slope, measured on your curve.`,
  };
}

function derivative(name, symbol = "z", label = symbol) {
  return {
    title: `Your ${name}`,
    draw(svg, width, { at, values, measured }) {
      const shown = [...values, ...(measured ?? [])];
      const [panel] = over(svg, width, label, [["slope", { at, shown }, `your ${name}`, 240]]);
      zero(panel);
      panel.line(pairs(at, values), "first");
      if (measured) panel.line(pairs(at, measured), "third dashed");
    },
    say: ({ at, values, measured }) =>
      sampled(symbol, at, values) + (measured ? " The dashed line is the slope, measured on the curve that you wrote." : ""),
  };
}

function zero(panel) {
  const { from, to } = panel.axes.y;
  if (from < 0 && to > 0) panel.rule({ y: 0 }, "soft thin");
}

function sampled(symbol, at, values) {
  const places = [0, 1, 2, 3, 4].map((part) => Math.round((part / 4) * (at.length - 1)));
  return `At ${symbol} = ${list(places.map((i) => at[i]))} it is ${list(places.map((i) => values[i]))}.`;
}

function bars(title, label, prefix, names) {
  return {
    title,
    draw(svg, width, { bars }) {
      const [panel] = panels(svg, width, [[240, [{
        name: "bars", x: { from: 0.4, to: bars.length + 0.6, ticks: names.map((name, i) => [i + 1, prefix + name]) },
        y: { ...span([0, ...bars.map((bar) => 1.12 * bar)]), label },
      }]]]);
      zero(panel);
      bars.forEach((bar, i) => {
        panel.bar(i + 1, 0.3, 0, bar, "first");
        panel.text(i + 1, Math.max(bar, 0), written(bar), { dx: 0, dy: -5, anchor: "middle" });
      });
    },
    say: ({ bars }) => `${bars.map((bar, i) => `${names[i]}: ${written(bar)}`).join(", ")}.`,
  };
}

/** Bars of sizes on a logarithmic axis, those of a layer side by side. */
function layers(svg, width, series, label, across = "layer (1 is next to the input)") {
  const count = series[0][1].length;
  const sizes = series.flatMap(([, values]) => values.map(Math.abs)).filter((size) => size > 0);
  const [from, to] = decades(sizes.map((size) => size / 2), 1e-3, 1);
  const [panel] = panels(svg, width, [[280, [{
    name: "layers", x: { from: 0.4, to: count + 0.6, label: across, whole: true },
    y: { from: Math.max(from, 1e-30), to, log: true, label },
  }]]]);
  const half = 0.36 / series.length;
  series.forEach(([name, values, look], which) => {
    const shift = (2 * which + 1 - series.length) * half;
    values.forEach((value, i) => {
      const size = Math.abs(value);
      if (size > 0) panel.bar(i + 1 + shift, half, panel.axes.y.from, size, look).setAttribute("data-series", name);
      else panel.text(i + 1 + shift, panel.axes.y.from, "0", { dx: 0, dy: -4, anchor: "middle" });
    });
  });
}
