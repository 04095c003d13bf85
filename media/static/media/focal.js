// The focal point: set by click and by arrow keys; crops.js lets the crops beside it follow at once.

const STEP = 0.01;
const LEAP = 0.1;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const frame = document.querySelector("[data-focal]");
const x = document.getElementById("id_focal_x");
const y = document.getElementById("id_focal_y");

if (frame && x && y) {
  const picture = frame.querySelector("img");
  frame.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    put((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });
  frame.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const step = event.shiftKey ? LEAP : STEP;
    put(Number(x.value) + move[0] * step, Number(y.value) + move[1] * step);
  });
  for (const field of [x, y]) field.addEventListener("input", show);
  picture.addEventListener("load", show);
  show();
}

function put(left, top) {
  x.value = within(left).toFixed(3);
  y.value = within(top).toFixed(3);
  const isSet = document.getElementById("id_focal_set");
  if (isSet) isSet.checked = true;
  document.querySelector(".focal-unset")?.remove();
  show();
}

function show() {
  const dot = frame.querySelector(".focal-dot");
  dot.style.left = `${x.value * 100}%`;
  dot.style.top = `${y.value * 100}%`;
  document.querySelector(".focal-at").textContent =
    `${Math.round(x.value * 100)} % from the left, ${Math.round(y.value * 100)} % from the top.`;
  frame.dispatchEvent(new Event("focal"));
}

function within(value) {
  return Math.min(1, Math.max(0, value));
}
