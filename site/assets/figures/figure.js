// What all figures share. A figure is a custom element with native controls, a picture in plain SVG and a
// reading in words. A subclass says what can be changed (`controls`), what the picture shows (`picture`),
// how it is drawn (`draw`) and what it says (`reading`).
//
// The state stands in the address: `?descent.rate=0.4` sets the control `rate` of <dl-descent>, and of
// <dl-descent id="second"> it is `?second.rate=0.4`. An attribute, `rate="0.4"`, sets where it starts.
// Nothing moves by itself, so there is no motion to reduce.

const SVG = "http://www.w3.org/2000/svg";
const SETTLED = 200; // Milliseconds without a change until the reading is said and the address written.

/** A number as people write it: a real minus sign, at most so many digits, powers of ten where needed. */
export function written(value, digits = 4) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  let text = "0";
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) {
    const [mantissa, exponent] = value.toExponential(digits - 2).split("e");
    const raised = exponent.replace("+", "").replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);
    text = Number(mantissa) === 1 ? `10${raised}` : `${Number(mantissa)}\u00a0×\u00a010${raised}`;
    if (Number(mantissa) === -1) text = `-10${raised}`;
  } else if (size !== 0) {
    const rounded = value.toPrecision(digits);
    // 1.99999 is written 2.0000, so that it is not taken for 2.
    const exact = Math.abs(Number(rounded) - value) <= 1e-12 * size;
    text = exact ? String(Number(rounded)) : rounded;
  }
  return text.replace("-", "−");
}

export function node(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function html(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export class Figure extends HTMLElement {
  /** What can be changed: `name`, `label`, `value` to start from, and by `kind`:
   * "range" `min`, `max`, `step`; "values" `values` in order; "choice" `options` as [value, text];
   * "steps" `max`, with buttons; "toggle" a button that is on (1) or off (0). `more` folds it away. */
  static controls = [];

  /** What the picture shows, for those who do not see it. */
  static picture = "";

  connectedCallback() {
    if (!this.inputs) this.make();
    this.page = location.pathname;
    this.closing = new AbortController();
    const { signal } = this.closing;
    this.sizes = new ResizeObserver(() => {
      if (this.frame.clientWidth !== this.width) this.show();
    });
    this.sizes.observe(this.frame);
    // A link on the page to a state of this figure: the address changes, the page stays.
    const follow = () => setTimeout(() => this.follow());
    window.addEventListener("popstate", follow, { signal });
    document.addEventListener("click", follow, { signal });
    this.restore();
  }

  disconnectedCallback() {
    this.closing.abort();
    this.sizes.disconnect();
    clearTimeout(this.settling);
  }

  /** Builds the controls and the empty picture. What the element held is for readers without script. */
  make() {
    const twins = [...document.querySelectorAll(this.localName)].indexOf(this);
    this.id ||= twins > 0 ? `${this.localName}-${twins + 1}` : this.localName;
    this.key = this.id.replace(/^dl-/, "");
    this.starts = {};
    for (const control of this.constructor.controls) {
      const given = this.getAttribute(control.name);
      this.starts[control.name] = accepted(control, given) ?? control.value;
    }
    this.values = { ...this.starts };
    this.inputs = {};
    const fallback = html("div", { hidden: "" }, ...this.childNodes);
    const plain = html("div", { class: "figure-controls" });
    const more = html("div", { class: "figure-controls" });
    for (const control of this.constructor.controls) {
      (control.more ? more : plain).append(this.control(control));
    }
    this.svg = node("svg", { role: "img", "aria-label": this.constructor.picture });
    this.frame = html("div", { class: "figure-picture" }, this.svg);
    this.said = html("p", { class: "figure-reading", role: "status", "aria-live": "polite" });
    const reset = html("button", { type: "button", class: "figure-reset" }, "Reset");
    reset.addEventListener("click", () => this.set({ ...this.starts }));
    this.link = html("a", { class: "figure-link" }, "Link to this state");
    const group = html("div", { class: "figure", role: "group", "aria-label": this.constructor.picture });
    group.append(plain, this.frame, this.said);
    if (more.children.length > 0) {
      group.append(html("details", { class: "figure-more" }, html("summary", {}, "More numbers"), more));
    }
    group.append(html("div", { class: "figure-foot" }, reset, this.link));
    this.replaceChildren(fallback, group);
  }

  control(control) {
    const id = `${this.id}-${control.name}`;
    const label = html("label", { for: id }, control.label);
    const row = html("div", { class: `figure-control figure-${control.kind}` });
    if (control.kind === "toggle") {
      const button = html("button", { type: "button", id }, control.label);
      button.addEventListener("click", () => this.set({ [control.name]: 1 - this.values[control.name] }));
      this.inputs[control.name] = { show: (value) => button.setAttribute("aria-pressed", value === 1) };
      row.append(button);
      return row;
    }
    if (control.kind === "choice") {
      const select = html("select", { id });
      for (const [value, text] of control.options) select.append(html("option", { value }, text));
      select.addEventListener("change", () => this.set({ [control.name]: select.value }));
      this.inputs[control.name] = { row, show: (value) => { select.value = value; } };
      row.append(label, select);
      return row;
    }
    const { values } = control;
    const span = values ? [0, values.length - 1, 1] : [control.min ?? 0, control.max, control.step ?? 1];
    const input = html("input", { type: "range", id, min: span[0], max: span[1], step: span[2] });
    const output = html("output", { for: id });
    const moved = () => this.set({ [control.name]: values ? values[Number(input.value)] : Number(input.value) });
    input.addEventListener("input", moved);
    const show = (value) => {
      input.value = values ? values.indexOf(value) : value;
      output.value = written(value, 6);
      input.setAttribute("aria-valuetext", output.value);
    };
    row.append(label, input, output);
    this.inputs[control.name] = { row, show };
    if (control.kind === "steps") {
      const step = (by, text) => {
        const button = html("button", { type: "button" }, text);
        button.addEventListener("click", () => {
          const value = Math.min(this.values[control.name] + by, Number(input.max));
          this.set({ [control.name]: Math.max(value, 0) });
        });
        return button;
      };
      const [back, on] = [step(-1, "◂ Back"), step(1, "Forward ▸")];
      row.append(html("div", { class: "figure-buttons" }, back, on));
      // A button that was disabled while it has the focus would lose it.
      this.inputs[control.name].show = (value) => {
        show(value);
        back.setAttribute("aria-disabled", value <= 0);
        on.setAttribute("aria-disabled", value >= Number(input.max));
      };
      this.inputs[control.name].limit = (max) => { input.max = max; };
    }
    return row;
  }

  /** Changes values, as a reader does, and shows what follows from it. */
  set(changes) {
    Object.assign(this.values, changes);
    this.show();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLED);
  }

  settle() {
    this.say();
    // Under instant navigation the address may already be another page's.
    if (location.pathname !== this.page) return;
    // Or it was changed meanwhile, by a link or the way back: that came later.
    if (this.own() !== this.seen) return this.restore();
    const address = this.address().href;
    if (address !== location.href) history.replaceState(history.state, "", address);
    this.seen = this.own();
  }

  /** What the address says of this figure; the others on the page have their own part of it. */
  own() {
    const query = new URLSearchParams(location.search);
    return JSON.stringify(this.constructor.controls.map(({ name }) => query.get(`${this.key}.${name}`)));
  }

  say() {
    const text = this.reading();
    if (this.said.textContent !== text) this.said.textContent = text;
    const link = this.address();
    link.hash = this.id;
    this.link.href = link.href;
  }

  address() {
    const address = new URL(location.href);
    for (const { name } of this.constructor.controls) {
      const key = `${this.key}.${name}`;
      if (this.values[name] === this.starts[name]) address.searchParams.delete(key);
      else address.searchParams.set(key, this.values[name]);
    }
    return address;
  }

  /** Takes the state from the address; what it does not name is as at the start. */
  restore() {
    this.seen = this.own();
    const query = new URLSearchParams(location.search);
    for (const control of this.constructor.controls) {
      const given = query.get(`${this.key}.${control.name}`);
      this.values[control.name] = accepted(control, given) ?? this.starts[control.name];
    }
    this.prepare();
    this.say();
    this.show();
  }

  follow() {
    if (this.isConnected && location.pathname === this.page && this.own() !== this.seen) this.restore();
  }

  show() {
    this.prepare();
    for (const [name, input] of Object.entries(this.inputs)) input.show(this.values[name]);
    this.width = this.frame.clientWidth;
    this.svg.replaceChildren();
    this.draw(Math.max(this.width, 280));
  }

  /** For a subclass whose controls depend on one another. */
  prepare() {}

  /** Makes the picture so wide and high, in pixels: text keeps its size on a phone. */
  size(width, height) {
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  /** Lays out rows of panels over the width; each is a pair of its height and its panels' axes. */
  panels(width, rows) {
    return panels(this.svg, width, rows);
  }
}

/** Lays out rows of panels in a picture (see `Figure.panels`). */
export function panels(svg, width, rows) {
  let top = 0;
  const made = [];
  for (const [height, axes] of rows) {
    const each = width / axes.length;
    axes.forEach((axis, i) => {
      made.push(new Panel(svg, { left: i * each, top, width: each, height }, axis));
    });
    top += height;
  }
  svg.setAttribute("viewBox", `0 0 ${width} ${top}`);
  return made;
}

/** A value for a control from text, or undefined where the text says none. */
function accepted(control, text) {
  if (text === null || text.trim() === "") return undefined;
  if (control.kind === "choice") {
    return control.options.some(([value]) => value === text) ? text : undefined;
  }
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  if (control.kind === "toggle") return value === 1 ? 1 : 0;
  if (control.kind === "values") {
    const off = (each) => Math.abs(Math.log(each) - Math.log(Math.max(value, Number.MIN_VALUE)));
    return control.values.reduce((best, each) => (off(each) < off(best) ? each : best));
  }
  const { min = 0, max, step = 1 } = control;
  const steps = Math.round((Math.min(Math.max(value, min), max) - min) / step);
  return Number((min + steps * step).toFixed(10));
}

/** A pair of axes and the marks between them. An axis has `from`, `to`, `label`, and may be `log`; `ticks`
 * are its own, as [value, text]. What leaves the panel is cut off, not drawn over its neighbour. */
export class Panel {
  constructor(svg, box, { name, x, y, bottom = 36 }) {
    const [top, floor] = [box.top + 24, box.top + box.height - bottom];
    this.heights = ticks(y, floor - top, 28);
    // Numbers with powers of ten take more room.
    const longest = Math.max(...this.heights.map(([, text]) => text.length));
    this.edge = box.left + 6;
    const [left, right] = [box.left + Math.max(44, longest * 6.6 + 8), box.left + box.width - 10];
    this.box = { left, right, top, bottom: floor };
    this.axes = { x, y };
    this.x = scale(x, left, right);
    this.y = scale(y, this.box.bottom, top);
    const size = { x: left, y: top, width: right - left, height: this.box.bottom - top };
    this.inside = node("svg", { ...size, viewBox: `${left} ${top} ${size.width} ${size.height}` });
    // So that a picture can be read back: where each axis begins and ends, in numbers and on the picture.
    this.group = node("g", {
      "data-panel": name,
      "data-x": [x.from, x.to, left, right, x.log ? "log" : "linear"].join(" "),
      "data-y": [y.from, y.to, this.box.bottom, top, y.log ? "log" : "linear"].join(" "),
    });
    this.outside = node("g");
    this.frame();
    this.group.append(this.inside, this.outside);
    svg.append(this.group);
  }

  frame() {
    const { left, right, top, bottom } = this.box;
    const axes = node("g", { class: "figure-axes" });
    axes.append(node("path", { d: `M${left} ${top}V${bottom}H${right}` }));
    for (const [value, text] of ticks(this.axes.x, right - left, 44)) {
      const at = this.x(value);
      axes.append(node("path", { d: `M${at} ${bottom}v4` }));
      axes.append(node("text", { x: at, y: bottom + 16, "text-anchor": "middle" }, text));
    }
    for (const [value, text] of this.heights) {
      const at = this.y(value);
      axes.append(node("path", { d: `M${left} ${at}h-4` }));
      axes.append(node("text", { x: left - 7, y: at + 4, "text-anchor": "end" }, text));
    }
    const title = { class: "figure-label" };
    if (this.axes.x.label) {
      axes.append(node("text", { ...title, x: right, y: bottom + 31, "text-anchor": "end" }, this.axes.x.label));
    }
    axes.append(node("text", { ...title, x: this.edge, y: top - 10 }, this.axes.y.label));
    this.group.append(axes);
  }

  add(made) {
    this.inside.append(made);
    return made;
  }

  line(points, look) {
    const d = points.map(([x, y], i) => `${i ? "L" : "M"}${pixel(this.x(x))} ${pixel(this.y(y))}`).join("");
    return this.add(node("path", { d, class: `figure-line ${look}` }));
  }

  /** A horizontal or a vertical line through the whole panel. */
  rule(at, look) {
    const { left, right, top, bottom } = this.box;
    const d = "x" in at ? `M${this.x(at.x)} ${top}V${bottom}` : `M${left} ${this.y(at.y)}H${right}`;
    return this.add(node("path", { d, class: `figure-line ${look}` }));
  }

  /** A dot is not cut off at the panel's edge, where half of it would be missing. */
  dot(x, y, look, radius = 4) {
    const { left, right, top, bottom } = this.box;
    const [cx, cy] = [this.x(x), this.y(y)];
    const made = node("circle", { cx, cy, r: radius, class: `figure-dot ${look}` });
    const within = cx >= left - 1 && cx <= right + 1 && cy >= top - 1 && cy <= bottom + 1;
    (within ? this.outside : this.inside).append(made);
    return made;
  }

  bar(x, halfWidth, from, to, look) {
    const [top, bottom] = [this.y(to), this.y(from)].sort((a, b) => a - b);
    const [left, right] = [this.x(x - halfWidth), this.x(x + halfWidth)];
    const size = { x: left, y: top, width: right - left, height: bottom - top };
    return this.add(node("rect", { ...size, class: `figure-bar ${look}` }));
  }

  /** Text next to a point, moved so that it stays inside the panel. */
  text(x, y, text, { dx = 8, dy = -8, look = "", anchor } = {}) {
    const { left, right, top, bottom } = this.box;
    const width = text.length * 6.6;
    let [at, align] = [this.x(x) + dx, anchor ?? "start"];
    if (align === "start" && at + width > right) {
      at = Math.max(this.x(x) - dx, left + width);
      align = "end";
    }
    const height = Math.min(Math.max(this.y(y) + dy, top + 12), bottom - 4);
    const made = node("text", { x: at, y: height, "text-anchor": align, class: `figure-text ${look}` }, text);
    this.outside.append(made);
    return made;
  }
}

const pixel = (value) => Math.round(Math.min(Math.max(value, -1e5), 1e5) * 1000) / 1000;

function scale({ from, to, log }, start, end) {
  const on = log ? Math.log10 : (value) => value;
  const [low, high] = [on(from), on(to)];
  return (value) => pixel(start + ((on(value) - low) / (high - low)) * (end - start));
}

function ticks(axis, length, room) {
  if (axis.ticks) return axis.ticks;
  const long = Math.max(Math.abs(axis.from), Math.abs(axis.to)) >= 1e5 && room > 30;
  const count = Math.max(Math.floor(length / (long ? 2 * room : room)), 2);
  if (axis.log) {
    const [low, high] = [Math.ceil(Math.log10(axis.from) - 1e-9), Math.floor(Math.log10(axis.to) + 1e-9)];
    const every = Math.max(Math.ceil((high - low + 1) / count), 1);
    const made = [];
    for (let power = high; power >= low; power -= every) made.push([10 ** power, written(10 ** power, 3)]);
    return made;
  }
  const rough = (axis.to - axis.from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  let step = [1, 2, 5, 10].find((each) => each * power >= rough - 1e-12) * power;
  if (axis.whole) step = Math.max(step, 1);
  const made = [];
  for (let i = Math.ceil(axis.from / step - 1e-9); i * step <= axis.to + step * 1e-9; i += 1) {
    const value = Number((i * step).toPrecision(12));
    made.push([value, written(value, 3).replace("\u00a0×\u00a0", "·")]);
  }
  return made;
}

/** The whole powers of ten around some sizes, for a logarithmic axis. */
export function decades(sizes, least, most) {
  const low = Math.min(least, ...sizes);
  const high = Math.max(most, ...sizes);
  return [10 ** Math.floor(Math.log10(low) + 1e-9), 10 ** Math.ceil(Math.log10(high) - 1e-9)];
}

/** Points of a function's graph. */
export function graph(f, from, to, count = 120) {
  return Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count).map((x) => [x, f(x)]);
}
