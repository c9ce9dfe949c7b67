// The reader's work: kept in this browser, and put together as the files that are handed in.

const PREFIX = "deep-learning-basics/";
const RUNTIME = new URL("../", import.meta.url);
const NOT_YET = "    raise NotImplementedError\n";

const loaded = new Map();

// Returns one of the files that the site is served with.
function load(name) {
  const asked = async () => {
    const response = await fetch(new URL(name, RUNTIME));
    if (!response.ok) throw new Error(`${name} could not be loaded (${response.status})`);
    return response.json();
  };
  if (!loaded.has(name)) loaded.set(name, asked());
  loaded.get(name).catch(() => loaded.delete(name));
  return loaded.get(name);
}

// Returns, for each module, what stands above its functions, and each function's stub in pieces.
export function allStubs() {
  return load("stubs.json");
}

// Returns the manifest of these files, given as names and texts: what `autograder submit` would write.
export async function manifestOf(files, moment) {
  const described = [];
  for (const [path, text] of [...files].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const content = new TextEncoder().encode(text);
    described.push({ path, bytes: content.length, sha256: await sha256(content) });
  }
  const created = moment.toISOString().replace(/\.\d+Z$/, "+00:00");
  const manifest = { ...(await load("handin.json")), created, files: described };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

async function sha256(content) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
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
