// The panel beside the text: loaded after it, put in its place again when something was done, and checked as one types.

import { renewTokens } from "marquee/desk/asking";
import { one, story, tell } from "marquee/desk/page";
import { goTo, goToAddress } from "marquee/desk/places";
import { isDirty } from "marquee/desk/typed";

export const panel = one("[data-panel]");
const more = one("[data-panel-more]");
const PARTS = { panel, "panel-more": more ?? panel };
const hosts = () => [panel, more].filter(Boolean);
export const within = (selector) => hosts().flatMap((host) => [...host.querySelectorAll(selector)]);

const nameOf = (field) => `${field.form?.getAttribute("action")} ${field.name}`;
const fields = () => within("input:not([type=hidden]), textarea, select");
const isTyped = (field) => field.type !== "checkbox" && field.type !== "radio" && field.value !== field.defaultValue;
const summaryOf = (fold) => `${fold.closest("section")?.querySelector("h2")?.textContent} ${fold.querySelector("summary")?.textContent}`;

// What was typed in the panel stays, and so do open folds and the caret; not those of the form that was done with.
function notes(done) {
  const left = (element) => !done?.contains(element);
  const typed = new Map(fields().filter((field) => isTyped(field) && left(field)).map((field) => [nameOf(field), field.value]));
  const open = new Set(within("details[open]").filter((fold) => left(fold) && !fold.contains(done ?? null)).map(summaryOf));
  const { activeElement } = document;
  const active = hosts().some((host) => host.contains(activeElement)) && left(activeElement) && activeElement.name ? nameOf(activeElement) : "";
  return () => {
    within("details").forEach((fold) => { if (open.has(summaryOf(fold))) fold.open = true; });
    fields().forEach((field) => {
      if (typed.has(nameOf(field))) field.value = typed.get(nameOf(field));
      if (active && nameOf(field) === active) field.focus();
    });
  };
}

let shown = 0;
// Of two answers the one that was asked for later counts, whichever comes first.
export const ticket = () => ++shown;

export function place(html, number, done) {
  if (number !== shown) return false;
  const restore = notes(done);
  const given = document.createElement("template");
  given.innerHTML = html;
  hosts().forEach((host) => { host.replaceChildren(); host.hidden = false; });
  given.content.querySelectorAll("[data-part]").forEach((part) => PARTS[part.dataset.part].append(part));
  nameState();
  restore();
  within("[data-copy]").forEach((button) => { button.hidden = false; });
  tell("panel");
  // It shows what is saved; what is typed is checked once more.
  if (isDirty()) tell("recheck");
  return true;
}

// The bar says the same as the panel: live, scheduled, or how far it has come.
function nameState() {
  const [bar, state] = [one("[data-bar-state]"), one("[data-state]")];
  if (!bar || !state) return;
  bar.className = state.className;
  bar.textContent = state.textContent;
}

export async function load() {
  const number = ticket();
  try {
    const answer = await fetch(`${story.base}panel/`, { credentials: "same-origin", redirect: "manual" });
    return answer.ok && place(await answer.text(), number);
  } catch {
    // The link in the panel’s place still works.
    return false;
  }
}

function check({ checklist, blocking }) {
  const list = one("[data-checklist]");
  if (!list || checklist === undefined) return;
  const active = list.contains(document.activeElement) ? document.activeElement.dataset.goto : null;
  list.outerHTML = checklist;
  if (active) within(`[data-goto="${CSS.escape(active)}"]`)[0]?.focus();
  if (!blocking) one("[data-override]")?.remove();
}

async function copy(button) {
  const address = new URL(button.dataset.copy, location.href).href;
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    copyByHand(address);
  }
  announce("Link copied.");
}

// Where the browser gives no clipboard, as on a page without https.
function copyByHand(address) {
  const field = Object.assign(document.createElement("textarea"), { value: address, readOnly: true });
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  before?.focus();
}

let line = null;
export function announce(sentence) {
  line.textContent = sentence;
}

function makeLine() {
  line = one("[data-panel-said]") ?? document.createElement("p");
  line.setAttribute("role", "status");
  line.dataset.panelSaid = "";
  line.className = "panel-said";
  if (!line.isConnected) panel.before(line);
  announce("");
}

function click(event) {
  const found = event.target.closest?.("[data-goto], [data-copy]");
  if (!found || !hosts().some((host) => host.contains(found))) return;
  if (found.dataset.copy) return void copy(found);
  if (goTo(found.dataset.goto)) event.preventDefault();
}

export function showPanel() {
  if (!panel) return;
  makeLine();
  if (story.base) load();
  hosts().forEach((host) => host.addEventListener("submit", () => renewTokens(host)));
  document.addEventListener("click", click);
  document.addEventListener("focusin", ({ target }) => target.matches?.("[data-address]") && target.select());
  document.addEventListener("marquee:saved", load);
  document.addEventListener("marquee:checked", ({ detail }) => check(detail));
  goToAddress();
  window.addEventListener("hashchange", goToAddress);
}
