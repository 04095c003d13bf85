// The publishing panel beside the form: loaded after the text, and again once something is saved.

import { insist, renewTokens } from "marquee/desk/asking";
import { button, mayEdit, one, story } from "marquee/desk/page";
import { save } from "marquee/desk/saving";
import { isDirty } from "marquee/desk/typed";

const aside = one("[data-panel]");
const nameOf = (field) => `${field.form?.getAttribute("action")} ${field.name}`;
const fields = () => [...aside.querySelectorAll("input:not([type=hidden]), textarea, select")];

// What was typed in the panel stays, and so does the caret.
function notes() {
  const typed = new Map(fields().filter((field) => field.value !== field.defaultValue && field.type !== "checkbox").map((field) => [nameOf(field), field.value]));
  const active = aside.contains(document.activeElement) ? nameOf(document.activeElement) : "";
  return () => fields().forEach((field) => {
    if (typed.has(nameOf(field))) field.value = typed.get(nameOf(field));
    if (active && nameOf(field) === active) field.focus();
  });
}

async function load() {
  try {
    const answer = await fetch(`${story.base}panel/`, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return;
    const restore = notes();
    aside.innerHTML = await answer.text();
    aside.hidden = false;
    restore();
    aside.querySelectorAll("[data-address]").forEach((field) => field.addEventListener("focus", () => field.select()));
  } catch { /* The link in the panel's place still works. */ }
}

// A button of the panel acts on what is stored: what was typed is saved first, or nothing happens.
function guard(event) {
  renewTokens(aside);
  if (!mayEdit || event.target.matches("[data-anyway]")) return;
  if (!isDirty()) { story.leaving = true; return; }
  event.preventDefault();
  insist("You have unsaved changes. ", button("Save them first", () => save()), " They would be missing otherwise.");
  one("[data-trouble]").scrollIntoView({ block: "center" });
}

export function showPanel() {
  if (!aside) return;
  if (story.base) load();
  aside.addEventListener("submit", guard);
  document.addEventListener("marquee:saved", load);
}
