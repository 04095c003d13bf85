// What is wrong, beside its field: where the admin's own page would say it.

import { columns, form } from "marquee/desk/page";

const FOCUSABLE = "[contenteditable=true], input:not([type=hidden]), textarea, select, button";
const shown = [];

export function clearErrors() {
  while (shown.length) shown.pop()();
  form.querySelector(".errornote")?.remove();
}

// Returns the sentences that have no field on this page.
export function showErrors(errors, moves = true) {
  clearErrors();
  const rows = Object.entries(errors).map(([name, sentences]) => [name && rowOf(name), name, sentences]);
  const found = rows.filter(([row]) => row);
  found.forEach(([row, name, sentences]) => show(row, name, sentences));
  if (moves) inOrder(found.map(([row]) => row))[0]?.querySelector(FOCUSABLE)?.focus();
  return rows.filter(([row]) => !row).flatMap(([, , sentences]) => sentences);
}

function rowOf(name) {
  const row = columns.querySelector(`.fieldBox.field-${CSS.escape(name)}`) ?? columns.querySelector(`.form-row.field-${CSS.escape(name)}`);
  return row?.classList.contains("hidden") ? null : row;
}

function show(row, name, sentences) {
  const list = document.createElement("ul");
  list.className = "errorlist";
  list.id = `id_${name}_error`;
  list.append(...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
  row.prepend(list);
  row.classList.add("errors");
  const fold = row.closest("details");
  if (fold) fold.open = true;
  const field = row.querySelector(FOCUSABLE);
  field?.setAttribute("aria-invalid", "true");
  field?.setAttribute("aria-errormessage", list.id);
  shown.push(() => {
    list.remove();
    row.classList.remove("errors");
    field?.removeAttribute("aria-invalid");
    field?.removeAttribute("aria-errormessage");
  });
}

const inOrder = (rows) => rows.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
