// Leads to where a finding is mended: opens its fold, scrolls there and puts the cursor in the field.
//
// A place is the name of a field, for the text followed by the id of a block, for a photo by its part:
// "headline", "body:3f9a1c", "body:3f9a1c.2:alt" (the third photo of a gallery), "lead_photo:credit".

import { columns, tell } from "marquee/desk/page";

const FOCUSABLE = "[contenteditable=true], input:not([type=hidden]), textarea, select, button, a[href]";
const DRAWN = 400;
const CARDS = { lead_photo: "lead", social_photo: "card" };

export function goTo(place) {
  const [name, block, part] = name_of(place);
  const row = columns.querySelector(`.fieldBox.field-${CSS.escape(name)}`) ?? columns.querySelector(`.form-row.field-${CSS.escape(name)}`);
  if (!row) return false;
  unfold(row);
  if (name === "body") inText(row, block, part);
  else if (part) tell("goto", { block: CARDS[name], field: part });
  else focus(boxOf(row));
  return true;
}

// The part of a chosen photo is named without a block: “lead_photo:credit”.
function name_of(place) {
  const [name, ...rest] = place.split(":");
  return name === "body" ? [name, ...rest] : [name, "", rest[0]];
}

// The boxes that are searched are drawn beside the list they stand for.
const boxOf = (row) => row.querySelector(".select2-selection, .mq-field button") ?? row.querySelector(FOCUSABLE);

function unfold(element) {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}

function focus(field) {
  if (!field) return;
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}

function inText(row, block, part) {
  const text = row.querySelector(".tiptap");
  const [id, number] = (block ?? "").split(".");
  const found = id && text?.editor && positionOf(text.editor, id);
  if (!found) return focus(text ?? row.querySelector(FOCUSABLE));
  const { editor } = text;
  const { node, position } = found;
  const isCard = node.isAtom;
  editor.view.focus();
  if (isCard) editor.commands.setNodeSelection(position);
  else editor.commands.setTextSelection(position + 1);
  editor.view.nodeDOM(position)?.scrollIntoView?.({ block: "center" });
  // The card knows its fields, and shows those that are switched off.
  if (isCard && part) tell("goto", { block: number ? `${id}.${number}` : id, field: part });
}

function positionOf(editor, id) {
  let found = null;
  editor.state.doc.forEach((node, position) => { if (node.attrs.id === id) found ??= { node, position }; });
  return found;
}

// A link of another page leads here.
export function goToAddress() {
  const place = location.hash.match(/^#at=(.+)$/)?.[1];
  if (!place) return;
  history.replaceState(null, "", location.pathname + location.search);
  setTimeout(() => goTo(decodeURIComponent(place)), DRAWN);
}
