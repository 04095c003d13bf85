// The form while somebody else writes: all of it can be read, searched and copied, and nothing takes a key.

import { form, story } from "marquee/desk/page";

const held = new Map();
const isText = (element) => element.tagName === "TEXTAREA" || (element.tagName === "INPUT" && !/^(checkbox|radio|file|button|submit)$/.test(element.type));

function hold(element) {
  const lock = isText(element) ? "readOnly" : "disabled";
  if (element[lock] || element.type === "hidden") return;
  element[lock] = true;
  held.set(element, lock);
}

export function setReadOnly(wanted) {
  if (wanted === story.reading) return;
  story.reading = wanted;
  form.classList.toggle("is-read-only", wanted);
  form.querySelectorAll(".tiptap").forEach((text) => text.editor?.setEditable(!wanted, false));
  if (wanted) [...form.elements].forEach(hold);
  else held.forEach((lock, element) => { element[lock] = false; });
  if (!wanted) held.clear();
}

// What appears meanwhile, such as a card of the editor that is drawn anew, has not been held yet.
export function guardReadOnly() {
  for (const event of ["beforeinput", "submit"]) {
    form.addEventListener(event, (change) => { if (story.reading) change.preventDefault(); }, true);
  }
}
