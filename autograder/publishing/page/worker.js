// Python on the page: loads the runtime, and runs the public checks on what the reader wrote. All that
// knows about this runtime is here.
//
// Takes  { kind: "start" }               gives  { kind: "loading", share }, then { kind: "ready" }
//        { kind: "check", request }             { kind: "checked", answer }, the verdict
//        { kind: "picture", request }           { kind: "pictured", answer }, the picture's numbers or null
// or gives { kind: "failed", message, absent }; `absent` where this site has no Python at all.

const RUNTIME = new URL("../", self.location.href).href;
const COURSE = "/course";
const VERSION = [3, 11];
const ASKED = { check: ["check", "checked"], picture: ["picture", "pictured"] };

const ABSENT = new Error("there is no Python on this site");

let python = null;

self.onmessage = async ({ data }) => {
  try {
    if (data.kind === "start") {
      await start();
      self.postMessage({ kind: "ready" });
    } else {
      const [asked, answered] = ASKED[data.kind];
      python.FS.writeFile("/request.json", JSON.stringify(data.request));
      const answer = python.exec_eval(`${asked}(open("/request.json", encoding="utf-8").read())`);
      self.postMessage({ kind: answered, answer: JSON.parse(answer) });
    }
  } catch (error) {
    self.postMessage({ kind: "failed", message: String(error?.message ?? error), absent: error === ABSENT });
  }
};

async function start() {
  const files = await load();
  importScripts(RUNTIME + "xpython_wasm.js");
  python = await createXeusModule({
    locateFile: (name) => RUNTIME + name,
    // Compiled while the rest was still being loaded.
    instantiateWasm: (imports, done) => {
      files.compiled.then((module) =>
        WebAssembly.instantiate(module, imports).then((instance) => done(instance, module)),
      );
      return {};
    },
    print: () => {},
    printErr: () => {},
  });
  unpack(files.archives.get("python"));
  await quietly(async () => {
    await python.init("/", VERSION); // Makes the folder for packages itself.
    const libraries = unpack(files.archives.get("numpy"));
    await python._loadDynlibsFromPackage("/", VERSION, "numpy", false, libraries);
  });
  for (const [path, text] of Object.entries(files.checks)) {
    python.FS.mkdirTree(`${COURSE}/${path}`.replace(/\/[^/]*$/, ""));
    python.FS.writeFile(`${COURSE}/${path}`, text);
  }
  python.exec(`import sys; sys.path.insert(0, "${COURSE}"); sys.dont_write_bytecode = True`);
  python.exec("from autograder.browser.checking import check, picture, prepare");
  python.exec("prepare()");
}

// Loads everything at the same time, and says how much of it is there.
async function load() {
  const answer = await fetch(RUNTIME + "sizes.json");
  if (answer.status === 404) throw ABSENT;
  const sizes = await answer.json();
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  let loaded = 0;
  const counted = async (name) => {
    const response = await ask(name);
    const counter = new TransformStream({
      transform(part, controller) {
        loaded += part.byteLength;
        self.postMessage({ kind: "loading", share: loaded / total });
        controller.enqueue(part);
      },
    });
    return new Response(response.body.pipeThrough(counter), {
      headers: { "Content-Type": response.headers.get("Content-Type") },
    });
  };
  const compiled = counted("xpython_wasm.wasm").then(compile);
  const archives = Object.keys(sizes).filter((name) => name.endsWith(".gz"));
  const [checks, , ...contents] = await Promise.all([
    counted("checks.json").then((response) => response.json()),
    counted("xpython_wasm.js").then((response) => response.arrayBuffer()),
    ...archives.map((name) => counted(name).then(unzipped)),
  ]);
  const packages = archives.map((name, index) => [name.replace(/-.*/, ""), contents[index]]);
  return { compiled, checks, archives: new Map(packages) };
}

// Returns what was packed by gzip. A server may have taken it for an encoding, and it is unpacked already.
async function unzipped(response) {
  const content = await response.arrayBuffer();
  const [first, second] = new Uint8Array(content);
  if (first !== 0x1f || second !== 0x8b) return new Uint8Array(content);
  const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Puts the files of a tar archive where Python looks for them, and returns the paths of its compiled libraries.
// The runtime's own way is to do this in Python, which took more than half of the whole start.
function unpack(archive) {
  const libraries = [];
  const text = (from, to) => new TextDecoder().decode(archive.subarray(from, to)).replace(/\0.*/s, "");
  for (let at = 0; archive[at]; ) {
    const [name, size, folder] = [text(at, at + 100), parseInt(text(at + 124, at + 136), 8), text(at + 345, at + 500)];
    const path = folder ? `/${folder}/${name}` : `/${name}`;
    python.FS.mkdirTree(path.replace(/\/[^/]*$/, ""));
    python.FS.writeFile(path, archive.subarray(at + 512, at + 512 + size), { canOwn: true });
    if (path.endsWith(".so")) libraries.push(path);
    at += 512 * (1 + Math.ceil(size / 512));
  }
  return libraries;
}

async function ask(name) {
  const response = await fetch(RUNTIME + name);
  if (!response.ok) throw new Error(`${name} could not be loaded (${response.status})`);
  return response;
}

// A server that does not know the type of these files still serves them.
async function compile(response) {
  if (response.headers.get("Content-Type")?.startsWith("application/wasm")) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

// The runtime tells the console about each package.
async function quietly(work) {
  const { log, debug } = console;
  console.log = console.debug = () => {};
  try {
    return await work();
  } finally {
    Object.assign(console, { log, debug });
  }
}
