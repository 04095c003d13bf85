// The form while somebody else writes: all of it can be read, searched and copied, and nothing takes a key.

import { columns, folds, form, story } from "marquee/desk/page";

const held = new Map();
const isText = (element) => element.tagName === "TEXTAREA" || (element.tagName === "INPUT" && !/^(checkbox|radio|file|button|submit)$/.test(element.type));

function hold(element) {
  const lock = isText(element) ? "readOnly" : "disabled";
  if (element[lock] || element.type === "hidden") return;
  element[lock] = true;
  held.set(element, lock);
}

function holdAll() {
  [...form.elements, ...folds.querySelectorAll("button")].forEach(hold);
  form.querySelectorAll(".tiptap").forEach((text) => { if (text.editor?.isEditable) text.editor.setEditable(false, false); });
}

// The editor may start later, and it draws its cards anew.
const later = new MutationObserver(holdAll);

export function setReadOnly(wanted) {
  if (wanted === story.reading) return;
  story.reading = wanted;
  columns.classList.toggle("is-read-only", wanted);
  if (wanted) {
    holdAll();
    return [form, folds].forEach((place) => later.observe(place, { childList: true, subtree: true }));
  }
  later.disconnect();
  held.forEach((lock, element) => { element[lock] = false; });
  held.clear();
  form.querySelectorAll(".tiptap").forEach((text) => text.editor?.setEditable(true, false));
}

// Whatever has not been held yet.
export function guardReadOnly() {
  for (const event of ["beforeinput", "submit"]) {
    for (const place of [form, folds]) place.addEventListener(event, (change) => { if (story.reading) change.preventDefault(); }, true);
  }
}
