// Fields of one line that are shown as several: Enter goes on to the next field, and pasted lines are joined.

import { columns } from "marquee/desk/page";

const BREAKS = /\s*[\r\n\u2028\u2029]+\s*/g;
const FIELDS = "input:not([type=hidden]), textarea, select, [contenteditable=true]";

function goOn(event) {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const fields = [...columns.querySelectorAll(FIELDS)].filter((field) => field.offsetParent !== null && !field.closest(".mq-toolbar"));
  fields[fields.indexOf(event.target) + 1]?.focus();
}

function join(event) {
  const text = event.clipboardData.getData("text/plain");
  if (!/[\r\n\u2028\u2029]/.test(text)) return;
  event.preventDefault();
  // As if typed, so that it can be undone.
  document.execCommand("insertText", false, text.replace(BREAKS, " ").trim());
}

// What comes in otherwise, by dropping or by voice.
function tidy(event) {
  const field = event.target;
  if (!/[\r\n\u2028\u2029]/.test(field.value)) return;
  const before = field.value.slice(0, field.selectionStart).replace(BREAKS, " ").length;
  field.value = field.value.replace(BREAKS, " ");
  field.setSelectionRange(before, before);
}

export function keepOneLine() {
  columns.querySelectorAll("[data-one-line]").forEach((field) => {
    field.addEventListener("keydown", goOn);
    field.addEventListener("paste", join);
    field.addEventListener("input", tidy);
  });
}
