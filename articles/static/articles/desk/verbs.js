// The buttons of the panel act without leaving the page: what is typed is saved first, in the same press.

import { ask, complain, LOGGED_OUT, LOST, renewTokens } from "marquee/desk/asking";
import { clock, link, mayEdit, one, say, story } from "marquee/desk/page";
import { announce, load, panel, place, ticket, within } from "marquee/desk/panel";
import { inTurn } from "marquee/desk/queue";
import { save } from "marquee/desk/saving";
import { isDirty } from "marquee/desk/typed";

let busy = false;
let shown = [];

async function submit(event) {
  const form = event.target;
  if (form.matches("[data-leaves]") || form.method !== "post") return leave(event);
  event.preventDefault();
  const button = event.submitter;
  if (busy || !(await confirmed(form, button))) return;
  await once(button, () => act(form, button));
}

// Duplicates are pages of their own: what is typed is saved, then the browser goes there.
async function leave(event) {
  if (!mayEdit || !isDirty()) { story.leaving = true; return; }
  event.preventDefault();
  if (busy) return;
  const { target, submitter } = event;
  await once(submitter, async () => {
    if (!(await saved())) return;
    story.leaving = true;
    target.submit();
  });
}

async function once(button, deed) {
  busy = true;
  button?.setAttribute("aria-busy", "true");
  try {
    return await deed();
  } finally {
    busy = false;
    button?.removeAttribute("aria-busy");
  }
}

async function saved() {
  const answer = await save();
  if (answer?.ok) return true;
  announce("Nothing was done: the text could not be saved. See above.");
  return false;
}

async function act(form, button) {
  const body = filled(form, button);
  const action = form.action;
  clear();
  announce("");
  if (mayEdit && form.dataset.unsaved !== "gone" && isDirty() && !(await saved())) return;
  const number = ticket();
  const answer = await inTurn(() => {
    if (body.has("revision")) body.set("revision", story.revision);
    renewTokens();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken?.value ?? "");
    return ask(action, { body });
  });
  if (answer.ok) done(answer.data, number, form);
  else refused(answer, number, form);
}

function filled(form, button) {
  const body = new FormData(form);
  if (button?.name) body.set(button.name, button.value);
  return body;
}

function done(data, number, form) {
  if (data.next) {
    story.leaving = true;
    return location.assign(data.next);
  }
  if (story.revision < data.revision && form.id === "publish-form") story.revision = data.revision;
  place(data.panel, number, form);
  announce(data.sentence);
}

function refused(answer, number, form) {
  const { status, data } = answer;
  if (status === LOST) return announce(`The connection was lost at ${clock()}, so this may not have gone through. Your text is safe. Try again: nothing happens twice.`);
  if (status === LOGGED_OUT) return complain(answer);
  announce(data.sentence ?? "The server could not do this. Nothing was changed; try again.");
  if (data.panel && place(data.panel, number)) return within(".checklist .blocks a")[0]?.focus();
  if (data.errors) show(form, data.errors);
  if (status === 409) say("[data-trouble]", data.sentence, " ", link("Reload the page", `${story.base}change/`));
}

// Beside the field where there is one; at the top of its form where there is none.
function show(form, errors) {
  const target = [...document.querySelectorAll("form")].find((each) => each.action === form.action && each.contains(form.querySelector("button"))) ?? form;
  const found = Object.entries(errors).map(([name, sentences]) => beside(target, name && target.elements[name], sentences));
  found[0]?.focus();
}

function beside(form, field, sentences) {
  const element = field instanceof RadioNodeList ? field[0] : field;
  const list = document.createElement("ul");
  list.className = "errorlist";
  list.setAttribute("role", "alert");
  list.id = `panel_error_${shown.length}`;
  list.append(...sentences.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
  (element?.closest("label") ?? element ?? form.firstElementChild).before(list);
  for (let fold = list.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  element?.setAttribute("aria-invalid", "true");
  element?.setAttribute("aria-describedby", list.id);
  shown.push(() => {
    list.remove();
    element?.removeAttribute("aria-invalid");
    element?.removeAttribute("aria-describedby");
  });
  return element;
}

function clear() {
  shown.forEach((undo) => undo());
  shown = [];
}

// Only what destroys is asked about.
function confirmed(form, button) {
  const chosen = button?.dataset.confirm ? button : form.querySelector("[data-confirm]:checked");
  if (!chosen) return true;
  const dialog = document.createElement("dialog");
  dialog.className = "panel-confirm";
  const make = (text, value, className) => Object.assign(document.createElement("button"), { textContent: text, value, className });
  const own = document.createElement("form");
  own.method = "dialog";
  own.append(Object.assign(document.createElement("p"), { textContent: chosen.dataset.confirm, id: "panel-confirm" }), make("Cancel", "", "button"), make(button.textContent, "yes", "button danger"));
  dialog.setAttribute("aria-labelledby", "panel-confirm");
  dialog.append(own);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); }));
}

// The button of the bar does what the panel’s own first button does; a story that begins has no panel yet.
async function open(event) {
  const opener = event.target.closest?.("[data-publish-open]");
  if (!opener || !panel) return;
  event.preventDefault();
  if (busy) return;
  await once(opener, async () => {
    if ((!story.base || isDirty()) && !(await saved())) return;
    if (!one("[data-primary]")) await load();
  });
  const primary = one("[data-primary]");
  if (primary) primary.form.requestSubmit(primary);
}

function name() {
  const primary = one("[data-primary]");
  document.querySelectorAll("[data-publish-open]").forEach((opener) => {
    opener.hidden = !primary;
    if (primary) opener.textContent = primary.dataset.primary;
  });
}

export function takeVerbs() {
  if (!panel) return;
  for (const host of new Set([panel, one("[data-panel-more]")].filter(Boolean))) host.addEventListener("submit", submit);
  document.addEventListener("click", open, true);
  document.addEventListener("marquee:panel", name);
}
