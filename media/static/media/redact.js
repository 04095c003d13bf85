// Parts to hide: drawn by mouse or set by keys, seen at once on the picture and in its crops, kept when the form is saved.

const STEP = 0.01;
const LEAST = 0.01;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const NEW = [0.4, 0.4, 0.2, 0.2];

const frame = document.querySelector("[data-focal]");
const field = document.getElementById("id_redactions");
const tools = document.querySelector("[data-redact]");

if (frame && field && tools) start();

function start() {
  const picture = frame.querySelector("img");
  const layer = frame.querySelector(".redactions");
  const list = tools.querySelector("ol");
  const mode = tools.querySelector("[data-redact-draw]");
  let parts = read();
  let drawing = null;

  tools.querySelector("[data-redact-add]").addEventListener("click", () => add([...NEW]));
  mode.addEventListener("click", () => setMode(mode.getAttribute("aria-pressed") !== "true"));
  field.addEventListener("input", () => {
    parts = read();
    show();
  });
  frame.addEventListener("pointerdown", (event) => {
    if (!isDrawing() || event.button !== 0) return;
    event.preventDefault();
    frame.setPointerCapture(event.pointerId);
    drawing = { from: at(event), part: null };
  });
  frame.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    drawing.part = between(drawing.from, at(event));
    show(drawing.part);
  });
  frame.addEventListener("pointerup", () => {
    const part = drawing?.part;
    drawing = null;
    if (part && part[2] > LEAST && part[3] > LEAST) add(part);
    else show();
  });
  // The focal point listens to clicks on the same picture.
  frame.addEventListener("click", (event) => { if (isDrawing()) event.stopImmediatePropagation(); }, true);
  picture.addEventListener("load", () => show());
  show();

  function isDrawing() {
    return mode.getAttribute("aria-pressed") === "true";
  }

  function setMode(on) {
    mode.setAttribute("aria-pressed", String(on));
    frame.classList.toggle("is-drawing", on);
  }

  function read() {
    try {
      const value = JSON.parse(field.value || "[]");
      return Array.isArray(value) ? value.filter((each) => Array.isArray(each) && each.length === 4) : [];
    } catch {
      return [];
    }
  }

  function add(part) {
    parts.push(part);
    keep();
    layer.lastElementChild.focus();
  }

  function remove(index) {
    parts.splice(index, 1);
    keep();
    (layer.children[Math.min(index, parts.length - 1)] ?? tools.querySelector("[data-redact-add]")).focus();
  }

  function keep() {
    field.value = JSON.stringify(parts.map((part) => part.map((number) => Number(number.toFixed(4)))));
    show();
  }

  function show(unfinished) {
    const shown = unfinished ? [...parts, unfinished] : parts;
    const focused = [...layer.children].indexOf(document.activeElement);
    layer.replaceChildren(...shown.map(box));
    layer.children[focused]?.focus();
    list.replaceChildren(...parts.map(line));
    for (const crop of document.querySelectorAll(".crop")) inCrop(crop, shown);
  }

  function box(part, index) {
    const made = document.createElement("div");
    made.className = "redaction";
    made.tabIndex = 0;
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", `Hidden part ${index + 1}: ${words(part)}. Arrow keys move it, Shift+arrow keys resize it, Delete removes it.`);
    put(made, part);
    made.addEventListener("keydown", (event) => press(event, index));
    return made;
  }

  function line(part, index) {
    const made = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = "Remove";
    button.setAttribute("aria-label", `Remove hidden part ${index + 1}`);
    button.addEventListener("click", () => remove(index));
    made.append(`${words(part)} `, button);
    return made;
  }

  function press(event, index) {
    if (event.key === "Delete" || event.key === "Backspace") remove(index);
    else if (event.key in MOVES) step(parts[index], MOVES[event.key], event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function step(part, [across, down], sizes) {
    if (sizes) {
      part[2] = within(part[2] + across * STEP, LEAST, 1 - part[0]);
      part[3] = within(part[3] + down * STEP, LEAST, 1 - part[1]);
    } else {
      part[0] = within(part[0] + across * STEP, 0, 1 - part[2]);
      part[1] = within(part[1] + down * STEP, 0, 1 - part[3]);
    }
    keep();
  }

  function at(event) {
    const { left, top, width, height } = picture.getBoundingClientRect();
    return [within((event.clientX - left) / width, 0, 1), within((event.clientY - top) / height, 0, 1)];
  }

  // The crop's picture lies behind its frame, as crops.js says; hidden parts are laid over it where it shows them.
  function inCrop(crop, shown) {
    const window_ = crop.querySelector(".crop-frame");
    for (const old of window_.querySelectorAll(".redaction")) old.remove();
    const [left, top, width, height] = (crop.dataset.box ?? "0 0 1 1").split(" ").map(Number);
    for (const part of shown) {
      const made = document.createElement("div");
      made.className = "redaction";
      put(made, [(part[0] - left) / width, (part[1] - top) / height, part[2] / width, part[3] / height]);
      window_.append(made);
    }
  }

  for (const name of ["focal", "crops"]) frame.addEventListener(name, () => show());
}

function put(element, [left, top, width, height]) {
  element.style.left = `${left * 100}%`;
  element.style.top = `${top * 100}%`;
  element.style.width = `${width * 100}%`;
  element.style.height = `${height * 100}%`;
}

function between([x, y], [right, bottom]) {
  return [Math.min(x, right), Math.min(y, bottom), Math.abs(right - x), Math.abs(bottom - y)];
}

function words([left, top, width, height]) {
  const share = (number) => `${Math.round(number * 100)} %`;
  return `${share(left)} from the left, ${share(top)} from the top, ${share(width)} wide, ${share(height)} high`;
}

function within(value, least, most) {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
