// The frame itself: a new page is shown once it is there, in the place of the one before, as wide as a phone or a screen.

const WIDTHS = { phone: 390, wide: 1280 };
const PATIENCE = 15000;
const place = document.querySelector("[data-preview-stage]");
let shown = null;
let coming = null;
let width = "phone";

export const isLoading = () => coming !== null;
export const has = (page) => [shown, coming].some((frame) => frame && frame.contentWindow === page);

export function post(message, origin) {
  for (const frame of [shown, coming]) frame?.contentWindow?.postMessage(message, origin);
}

// A page elsewhere gets no way out of its frame, and does not learn where it is shown.
function make(address) {
  const frame = document.createElement("iframe");
  frame.title = "The story as readers will see it";
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox");
  frame.referrerPolicy = "no-referrer";
  frame.src = address;
  return frame;
}

export function show(address, whenThere) {
  coming?.remove();
  const frame = make(address);
  coming = frame;
  frame.classList.toggle("is-coming", shown !== null);
  const arrive = () => {
    if (coming !== frame) return;
    shown?.remove();
    frame.classList.remove("is-coming");
    [shown, coming] = [frame, null];
    whenThere();
  };
  frame.addEventListener("load", arrive);
  setTimeout(arrive, PATIENCE);
  place.append(frame);
  fit();
}

export function clear() {
  shown?.remove();
  coming?.remove();
  shown = coming = null;
}

export function setWidth(name) {
  width = name;
  fit();
}

// A page that is wider than its place is drawn smaller, as a whole.
function fit() {
  const { clientWidth, clientHeight } = place;
  const scale = Math.min(1, clientWidth / WIDTHS[width]) || 1;
  for (const frame of [shown, coming]) {
    if (!frame) continue;
    frame.style.width = `${WIDTHS[width]}px`;
    frame.style.height = `${clientHeight / scale}px`;
    frame.style.left = `${Math.max(0, (clientWidth - WIDTHS[width] * scale) / 2)}px`;
    frame.style.transform = `scale(${scale})`;
  }
}

if (place) new ResizeObserver(fit).observe(place);
