// Crops set by a person: a rectangle of one shape, moved and sized on the picture by mouse, finger or keys.

const STEP = 0.01;
const LEAP = 0.05;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SIZES = { "+": 1, "=": 1, "-": -1 };

const frame = document.querySelector("[data-focal]");
const field = document.getElementById("id_crops");
const tools = document.querySelector("[data-crops]");

if (frame && field && tools) start();

function start() {
  const picture = frame.querySelector("img");
  const wide = Number(picture.getAttribute("width"));
  const high = Number(picture.getAttribute("height"));
  const box = tools.querySelector(".crop-box");
  const said = tools.querySelector("output");
  const bar = tools.querySelector(".crop-bar");
  const items = [...document.querySelectorAll(".crop")];
  let boxes = read();
  let edited = null;
  let drag = null;

  frame.append(box);
  for (const item of items) item.querySelector("button")?.addEventListener("click", () => edit(item === edited ? null : item));
  bar.querySelector("[data-crop-larger]").addEventListener("click", () => size(LEAP));
  bar.querySelector("[data-crop-smaller]").addEventListener("click", () => size(-LEAP));
  bar.querySelector("[data-crop-focal]").addEventListener("click", () => forget());
  bar.querySelector("[data-crop-done]").addEventListener("click", () => edit(null));
  field.addEventListener("input", () => { boxes = read(); show(); });
  frame.addEventListener("focal", () => show());
  // The focal point listens to clicks and keys on the same picture.
  frame.addEventListener("click", (event) => { if (edited) event.stopImmediatePropagation(); }, true);
  box.addEventListener("keydown", key);
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    box.focus();
    box.setPointerCapture(event.pointerId);
    drag = { from: at(event), rectangle: [...rectangle(edited)], sizes: event.target !== box };
  });
  box.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [x, y] = at(event);
    const [left, top, width, height] = drag.rectangle;
    if (drag.sizes) keep(sized(drag.rectangle, Math.max(x - left, (y - top) * width / height)));
    else keep([left + x - drag.from[0], top + y - drag.from[1], width, height]);
  });
  for (const name of ["pointerup", "pointercancel"]) box.addEventListener(name, () => { drag = null; });
  show();

  function read() {
    try {
      const value = JSON.parse(field.value || "{}");
      return value && typeof value === "object" && !Array.isArray(value) ? value : {};
    } catch {
      return {};
    }
  }

  function edit(item) {
    const before = edited;
    edited = item;
    frame.classList.toggle("is-cropping", Boolean(item));
    show();
    if (item) box.focus();
    else before?.querySelector("button").focus();
  }

  function forget() {
    delete boxes[edited.dataset.key];
    write();
    box.focus();
  }

  function key(event) {
    const [left, top, width, height] = rectangle(edited);
    const move = MOVES[event.key];
    const step = event.shiftKey ? LEAP : STEP;
    if (move) keep([left + move[0] * step, top + move[1] * step, width, height]);
    else if (SIZES[event.key]) size(SIZES[event.key] * LEAP);
    else if (event.key === "Delete" || event.key === "Backspace") forget();
    else if (event.key === "Escape" || event.key === "Enter") edit(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function size(by) {
    const [left, top, width, height] = rectangle(edited);
    const next = sized([left, top, width, height], width + by);
    keep([left - (next[2] - width) / 2, top - (next[3] - height) / 2, next[2], next[3]]);
  }

  // The rectangle with another width, in its shape: no larger than the picture, no smaller than readers are offered.
  function sized([left, top], width) {
    const [, , most, mostHigh] = whole(edited);
    const kept = within(width, Math.min(most, Number(edited.dataset.least) / wide), most);
    return [left, top, kept, mostHigh * kept / most];
  }

  function keep([left, top, width, height]) {
    const placed = [within(left, 0, 1 - width), within(top, 0, 1 - height), width, height];
    boxes[edited.dataset.key] = placed.map((each) => Number(each.toFixed(5)));
    write();
  }

  function write() {
    field.value = JSON.stringify(boxes);
    show();
    frame.dispatchEvent(new Event("crops"));
  }

  // The largest rectangle of a shape around the focal point, as the server cuts it where nobody set one.
  function whole(item) {
    const [across, down] = item.dataset.crop.split("-").map(Number);
    const width = Math.min(1, high * across / down / wide);
    const height = Math.min(1, wide * down / across / high);
    const [x, y] = ["id_focal_x", "id_focal_y"].map((id) => Number(document.getElementById(id).value));
    return [within(x - width / 2, 0, 1 - width), within(y - height / 2, 0, 1 - height), width, height];
  }

  function rectangle(item) {
    return boxes[item.dataset.key] ?? whole(item);
  }

  function show() {
    for (const item of items) {
      const own = boxes[item.dataset.key];
      const image = item.querySelector("img");
      const [left, top, width, height] = rectangle(item);
      Object.assign(image.style, {
        width: `${100 / width}%`, height: `${100 / height}%`, left: `${-100 * left / width}%`, top: `${-100 * top / height}%`,
      });
      item.dataset.box = [left, top, width, height].join(" ");
      item.querySelector(".crop-state").textContent = own ? "set" : "by focal point";
      item.querySelector("button")?.setAttribute("aria-pressed", String(item === edited));
    }
    box.hidden = bar.hidden = !edited;
    if (!edited) return;
    const [left, top, width, height] = rectangle(edited);
    Object.assign(box.style, { left: `${left * 100}%`, top: `${top * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` });
    box.setAttribute("aria-label", `Crop ${edited.dataset.name}. Arrow keys move it, plus and minus resize it, Delete returns it to the focal point, Escape finishes.`);
    said.textContent = `${edited.dataset.name}: ${Math.round(left * 100)} % from the left, ${Math.round(top * 100)} % from the top, ${Math.round(width * wide)} pixels wide.`;
  }

  function at(event) {
    const { left, top, width, height } = picture.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  }
}

function within(value, least, most) {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
