// A verdict in the words of the terminal.

const SIGNS = { done: "✓", wrong: "✗", "not started": "○" };

export function element(tag, settings = {}, ...children) {
  const made = Object.assign(document.createElement(tag), settings);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

// Returns the elements that show what `autograder.browser.checking.check` said.
export function shown(verdict, name) {
  const made = verdict.problems.map((problem) => element("p", { className: "verdict-problem" }, `! ${problem}`));
  const words = { done: "all public checks pass.", wrong: "", "not started": "it is still the stub." };
  const told = verdict.note || words[verdict.status];
  made.push(
    element(
      "p",
      { className: `verdict-line ${verdict.status.replace(" ", "-")}` },
      element("span", { ariaHidden: "true" }, `${SIGNS[verdict.status]} `),
      element("strong", {}, `${verdict.status}`),
      `  ${name}${told ? ": " : ""}${told}`,
    ),
  );
  if (verdict.caution) made.push(element("p", { className: "verdict-cause" }, `Right, but: ${verdict.caution}`));
  const causes = new Set();
  for (const failed of verdict.failed) made.push(...shownCheck(failed, causes));
  if (verdict.mistake) made.push(element("p", { className: "verdict-cause" }, verdict.mistake));
  return made;
}

function shownCheck(failed, causes) {
  const made = [element("p", {}, failed.sentence)];
  if (!failed.reason) return made;
  made.push(element("p", { className: "verdict-reason" }, failed.reason));
  const rows = element("dl", { className: "verdict-seen" });
  const row = (label, ...content) => {
    const value = element("pre", { tabIndex: 0 }, ...content);
    rows.append(element("dt", {}, label), element("dd", {}, value));
  };
  if (failed.call) row("call", failed.call);
  if (failed.expected) row("expected", ...marked(failed.expected));
  if (failed.got) row("got", ...marked(failed.got));
  if (failed.lines.length) row("your code", failed.lines.join("\n"));
  if (failed.printed) row("printed", failed.printed);
  made.push(rows);
  if (failed.cause && !causes.has(failed.cause)) {
    causes.add(failed.cause);
    made.push(element("p", { className: "verdict-cause" }, failed.cause));
  }
  return made;
}

// Returns a value's text with its wrong parts marked. Positions count characters as Python does.
function marked([text, marks]) {
  const characters = Array.from(text);
  const made = [];
  let at = 0;
  for (const [start, end] of marks) {
    made.push(characters.slice(at, start).join(""), element("mark", {}, characters.slice(start, end).join("")));
    at = end;
  }
  return [...made, characters.slice(at).join("")];
}
