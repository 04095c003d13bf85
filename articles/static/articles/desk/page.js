// The page of one story: its form, what is typed in it, and the lines that say how it goes.

export const columns = document.querySelector(".story-columns");
export const form = columns?.querySelector("#article_form");
// Fields that belong to the form and stand beside it.
export const folds = columns?.querySelector(".story-folds");
export const mayEdit = columns?.dataset.mayEdit === "yes";
export const one = (selector) => document.querySelector(selector);
export const clock = (date = new Date()) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

const value = (name) => form?.elements[name]?.value ?? "";
// Who sends: the server counts by it what a tab sent before and after.
export const tab = value("save_key") || Math.random().toString(36).slice(2, 14);
let sent = 0;

export const story = {
  // Where the pages of the story are; empty until the first words have made it.
  base: columns?.dataset.base?.replace(/change\/$/, "") ?? "",
  // Somebody is on the way to another page: nothing is sent, nobody is warned.
  leaving: false,
  // Somebody else writes.
  reading: false,
  get id() { return value("story_id"); },
  get revision() { return Number(value("based_on") || 0); },
  set revision(revision) { if (form.elements.based_on) form.elements.based_on.value = revision; },
};

// Every request has a number of its own, so that one that arrives late does nothing.
export function nextKey() {
  const key = `${tab}.${++sent}`;
  if (form.elements.save_key) form.elements.save_key.value = key;
  return key;
}

export function say(selector, ...parts) {
  const line = one(selector);
  if (!line) return;
  line.replaceChildren(...parts);
  line.hidden = parts.length === 0;
}

export function link(text, url, newTab = false) {
  const made = document.createElement("a");
  made.href = url;
  made.textContent = text;
  if (newTab) { made.target = "_blank"; made.rel = "opener"; }
  return made;
}

export function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

export const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`marquee:${name}`, { detail }));
