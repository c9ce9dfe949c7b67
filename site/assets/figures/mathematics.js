// What the figures compute: pure functions, by the formulas of the reference solutions in solutions/,
// which a test holds them against. Where a formula could overflow or lose digits, it is written as there.

/** The gradient-descent lesson's points. */
export const X = [-2, -1, 0, 1, 2];
export const Z = X.map((x) => 2 * x);

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// Gradient descent on a line through the origin.

export const predict = (w, x) => x.map((each) => w * each);

export const cost = (w, x, z) => mean(x.map((each, i) => (z[i] - w * each) ** 2)) / 2;

export const costGradient = (w, x, z) => mean(x.map((each, i) => each * (w * each - z[i])));

export function descentDirection(slope) {
  if (slope > 0) return "left";
  return slope < 0 ? "right" : "stop";
}

export const updateWeight = (w, gradient, learningRate) => w - learningRate * gradient;

export function gradientDescent(x, z, w0, learningRate, nIterations) {
  const weights = [w0];
  for (let step = 0; step < nIterations; step += 1) {
    const w = weights[step];
    weights.push(updateWeight(w, costGradient(w, x, z), learningRate));
  }
  return weights;
}

export const maxStableLearningRate = (x) => 2 / mean(x.map((each) => each ** 2));

/** What each step multiplies the distance to the best weight by. */
export const stepFactor = (x, learningRate) => 1 - learningRate * mean(x.map((each) => each ** 2));

/** What a descent at this rate does: "converges", "oscillates" (crosses at each step) or "diverges". */
export function band(x, learningRate) {
  const factor = stepFactor(x, learningRate);
  if (factor < -1 - 1e-12) return "diverges";
  return factor < -1e-12 ? "oscillates" : "converges";
}

// Activations and their slopes.

export function sigmoid(z) {
  // The exponential of a number that is never positive cannot overflow.
  const decay = Math.exp(-Math.abs(z));
  return (z < 0 ? decay : 1) / (1 + decay);
}

export function sigmoidDerivative(z) {
  const decay = Math.exp(-Math.abs(z));
  return decay / (1 + decay) ** 2;
}

export const tanh = (z) => Math.tanh(z);

export function tanhDerivative(z) {
  // 1 - tanh(z)^2 would cancel to 0 from z = 20 on.
  const decay = Math.exp(-2 * Math.abs(z));
  return (4 * decay) / (1 + decay) ** 2;
}

export const relu = (z) => Math.max(0, z);

export const reluDerivative = (z) => (z > 0 ? 1 : 0);

export const leakyRelu = (z, alpha = 0.01) => (z > 0 ? z : alpha * z);

export const leakyReluDerivative = (z, alpha = 0.01) => (z > 0 ? 1 : alpha);

/** Softmax with the largest score subtracted first, which changes no share and cannot overflow. */
export function softmax(z) {
  const largest = Math.max(...z);
  return naiveSoftmax(z.map((each) => each - largest));
}

/** Softmax as the formula has it: infinity over infinity, NaN, for large scores. */
export function naiveSoftmax(z) {
  const exponentials = z.map(Math.exp);
  const sum = exponentials.reduce((total, each) => total + each, 0);
  return exponentials.map((each) => each / sum);
}

export const predictClass = (z) => z.indexOf(Math.max(...z));

// Two sigmoid neurons in a chain.

export function forward(x, w1, b1, w2, b2) {
  const z1 = w1 * x + b1;
  const a1 = sigmoid(z1);
  const z2 = w2 * a1 + b2;
  return { z1, a1, z2, a2: sigmoid(z2) };
}

export const error = (target, a2) => 0.5 * (target - a2) ** 2;

export const errorSlope = (target, a2) => -(target - a2);

export const sigmoidSlope = (a) => a * (1 - a);

/** The local slopes on the way from the error back to each parameter, in the order they are met. */
export function links(x, target, w1, b1, w2, b2) {
  const { a1, a2 } = forward(x, w1, b1, w2, b2);
  const output = [
    { of: "E", to: "a₂", slope: errorSlope(target, a2) },
    { of: "a₂", to: "z₂", slope: sigmoidSlope(a2) },
  ];
  const hidden = [
    ...output,
    { of: "z₂", to: "a₁", slope: w2 },
    { of: "a₁", to: "z₁", slope: sigmoidSlope(a1) },
  ];
  return {
    w1: [...hidden, { of: "z₁", to: "w₁", slope: x }],
    b1: [...hidden, { of: "z₁", to: "b₁", slope: 1 }],
    w2: [...output, { of: "z₂", to: "w₂", slope: a1 }],
    b2: [...output, { of: "z₂", to: "b₂", slope: 1 }],
  };
}

/** The product of the slopes met so far, after each of them. */
export function products(slopes) {
  const made = [];
  for (const slope of slopes) made.push(slope * (made.at(-1) ?? 1));
  return made;
}

/** The slopes of the error with respect to w1, b1, w2 and b2. */
export function backward(x, target, w1, b1, w2, b2) {
  const ways = links(x, target, w1, b1, w2, b2);
  return ["w1", "b1", "w2", "b2"].map((name) => products(ways[name].map((link) => link.slope)).at(-1));
}

// A chain of one-neuron layers without biases.

const ACTIVATIONS = { sigmoid: [sigmoid, sigmoidDerivative], relu: [relu, reluDerivative] };

export function forwardChain(x, weights, activation) {
  const [activate] = ACTIVATIONS[activation];
  const z = [];
  const a = [x];
  for (const w of weights) {
    z.push(w * a.at(-1));
    a.push(activate(z.at(-1)));
  }
  return { z, a };
}

export function layerGradients(x, target, weights, activation) {
  const { z, a } = forwardChain(x, weights, activation);
  const [, slope] = ACTIVATIONS[activation];
  const gradients = [];
  let carried = a.at(-1) - target; // dE/da, from the output towards the input
  for (let layer = weights.length - 1; layer >= 0; layer -= 1) {
    carried *= slope(z[layer]);
    gradients[layer] = carried * a[layer];
    carried *= weights[layer];
  }
  return gradients;
}

export const vanishingRatio = (gradients) => Math.abs(gradients[0]) / Math.abs(gradients.at(-1));

export const sigmoidGradientBound = (depth) => 0.25 ** depth;
