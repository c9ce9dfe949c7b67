// The reader's work: kept in this browser, and put together as the files that are handed in.

const PREFIX = "deep-learning-basics/";
const STUBS = new URL("../../runtime/stubs.json", import.meta.url);
const NOT_YET = "    raise NotImplementedError\n";

let stubs = null;

// Returns, for each module, what stands above its functions, and each function's stub in pieces.
export function allStubs() {
  stubs ??= fetch(STUBS).then((response) => {
    if (!response.ok) throw new Error(`the stubs could not be loaded (${response.status})`);
    return response.json();
  });
  return stubs;
}

// What is kept of an exercise: `text`, `status`, `earned`, `hints`, and whether Python can read it.
export function recall(exercise) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + exercise)) ?? {};
  } catch {
    return {};
  }
}

export function remember(exercise, changes) {
  const kept = { ...recall(exercise), ...changes };
  try {
    localStorage.setItem(PREFIX + exercise, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing still checks.
  }
  document.dispatchEvent(new CustomEvent("dl-work", { detail: { exercise } }));
}

export function begun(signature) {
  return signature + NOT_YET;
}

// Returns the text of each function of a module: the reader's own, or the stub.
export async function functionsOf(module) {
  const { head, functions } = (await allStubs())[module];
  const texts = {};
  for (const [name, { signature }] of Object.entries(functions)) {
    texts[name] = ended(recall(`${module}.${name}`).text ?? begun(signature));
  }
  return { head, functions: texts };
}

// Returns the file of a module as it is handed in.
export async function fileOf(module) {
  const { head, functions } = (await allStubs())[module];
  const parts = Object.entries(functions).map(([name, stub]) =>
    inFile(recall(`${module}.${name}`), stub),
  );
  return [head, ...parts].join("\n\n");
}

function inFile({ text, unreadable }, { signature, docstring }) {
  const whole = signature + docstring + NOT_YET;
  if (text === undefined) return whole;
  if (unreadable) {
    // As it is, it would keep Python from reading the others too.
    const lines = ended(text).trimEnd().split("\n").map((line) => `# ${line}`.trimEnd());
    return `# Python cannot read this yet:\n${lines.join("\n")}\n${whole}`;
  }
  const at = text.indexOf(signature);
  if (at < 0 || /^\s*[rR]?("""|''')/.test(text.slice(at + signature.length))) return ended(text);
  const cut = at + signature.length;
  return ended(text.slice(0, cut) + docstring + text.slice(cut));
}

function ended(text) {
  return text.replace(/\r\n?/g, "\n").trimEnd() + "\n";
}

export function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
