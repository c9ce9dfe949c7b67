// What a text field needs to write Python in: Tab and Shift+Tab, Enter that keeps the indentation, and
// Escape, after which Tab leaves the field as everywhere else.

const STEP = "    ";

export function edit(field) {
  let leaving = false;
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leaving = true;
    else if (event.key === "Tab" && !leaving && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      if (event.shiftKey || field.selectionStart !== field.selectionEnd) shift(field, event.shiftKey);
      else insert(field, " ".repeat(STEP.length - (column(field) % STEP.length)));
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const line = lineBefore(field);
      const indent = line.match(/^ */)[0];
      insert(field, `\n${indent}${/:\s*(#.*)?$/.test(line) ? STEP : ""}`);
    } else if (event.key === "Backspace" && field.selectionStart === field.selectionEnd) {
      const line = lineBefore(field);
      if (line.length && line.trim() === "") {
        event.preventDefault();
        field.selectionStart -= line.length % STEP.length || STEP.length;
        insert(field, "");
      }
    }
    if (event.key !== "Escape" && event.key !== "Tab" && event.key !== "Shift") leaving = false;
  });
  field.addEventListener("blur", () => (leaving = false));
}

function lineBefore(field) {
  return field.value.slice(0, field.selectionStart).split("\n").pop();
}

function column(field) {
  return lineBefore(field).length;
}

// Moves the selected lines by one step.
function shift(field, back) {
  const { value, selectionStart, selectionEnd } = field;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const after = value.indexOf("\n", Math.max(selectionEnd - 1, selectionStart));
  const end = after < 0 ? value.length : after;
  const lines = value.slice(start, end).split("\n");
  const moved = lines.map((line) => (back ? line.replace(/^ {1,4}/, "") : line && STEP + line)).join("\n");
  field.setSelectionRange(start, end);
  insert(field, moved);
  if (selectionStart === selectionEnd) {
    const caret = Math.max(start, selectionStart + moved.length - (end - start));
    field.setSelectionRange(caret, caret);
  } else field.setSelectionRange(start, start + moved.length);
}

// Old, but the only way that undo knows of.
function insert(field, text) {
  if (document.execCommand(text ? "insertText" : "delete", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
