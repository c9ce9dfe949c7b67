// Python on the page: loads the runtime, and runs the public checks on what the reader wrote. All that
// knows about this runtime is here.
//
// Takes  { kind: "start" }               gives  { kind: "loading", share }, then { kind: "ready" }
//        { kind: "check", request }             { kind: "checked", answer }, the verdict
//        { kind: "picture", request }           { kind: "pictured", answer }, the picture's numbers or null
// or gives { kind: "failed", message, absent }; `absent` where this site has no Python at all.

const RUNTIME = new URL("../../runtime/", self.location.href).href;
const COURSE = "/course";
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
  const fetched = self.fetch;
  self.fetch = (address) =>
    files.archives.has(address) ? Promise.resolve(new Response(files.archives.get(address))) : fetched(address);
  await quietly(() =>
    python.bootstrap_from_empack_packed_environment(RUNTIME + "empack_env_meta.json", RUNTIME.slice(0, -1)),
  );
  self.fetch = fetched;
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
    ...archives.map((name) => counted(name).then((response) => response.arrayBuffer())),
  ]);
  return {
    compiled,
    checks,
    archives: new Map(archives.map((name, index) => [RUNTIME + name, contents[index]])),
  };
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
