// The page of a story while it is open: autosave, who else is here, meters, shortcuts and the panel beside it.

const EVERY = 5000;
const BEAT = 15000;
const WORDS_A_MINUTE = 238;
const columns = document.querySelector(".story-columns");
const form = columns?.closest("form");
const story = columns?.dataset.story;
const base = columns?.dataset.base?.replace(/change\/$/, "");
const mayEdit = columns?.dataset.mayEdit === "yes";
const tab = Math.random().toString(36).slice(2, 12);

const one = (selector) => document.querySelector(selector);
const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;
const clock = (date = new Date()) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

function say(selector, ...parts) {
  const line = one(selector);
  if (!line) return;
  line.replaceChildren(...parts);
  line.hidden = parts.length === 0;
}

function link(text, url, newTab = false) {
  const made = document.createElement("a");
  made.href = url;
  made.textContent = text;
  if (newTab) { made.target = "_blank"; made.rel = "opener"; }
  return made;
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

// What the form holds: one value for each field, a list for a box of several.
function typed() {
  const fields = {};
  for (const element of form.elements) {
    if (!element.name || element.type === "submit" || element.name === "csrfmiddlewaretoken" || element.name === "based_on") continue;
    if (element.type === "checkbox") { if (element.checked) fields[element.name] = "on"; continue; }
    fields[element.name] = element.multiple ? [...element.selectedOptions].map((option) => option.value) : element.value;
  }
  return fields;
}

// Autosave

let kept = "";
let sending = false;
let wantsSave = false;
let leaving = false;

async function send(path, body, options = {}) {
  return fetch(base + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
    credentials: "same-origin",
    redirect: "manual",
    ...options,
  });
}

function loggedOut() {
  say("[data-trouble]", "You have been logged out. Your text is still here. ", link("Log in in a new tab", "/admin/login/?next=/admin/", true), ", then go on: it is saved by itself.");
}

async function autosave(options = {}) {
  const fields = typed();
  const now = JSON.stringify(fields);
  if (now === kept || (sending && !options.keepalive)) return;
  sending = true;
  try {
    const answer = await send("autosave/", { revision: Number(form.elements.based_on.value || 0), fields }, options);
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      // The log-in of another tab brings a new token with its cookie; the page's own field still holds the old one.
      await renewToken();
      return loggedOut();
    }
    if (answer.status === 404 || answer.status === 410) {
      return say("[data-trouble]", "This story was sealed or discarded, or is no longer open to you. What you type is not kept.");
    }
    if (!answer.ok) throw new Error(String(answer.status));
    kept = now;
    say("[data-trouble]");
    one("[data-saved]")?.replaceChildren(`Typed text kept at ${clock()}`);
  } catch {
    say("[data-trouble]", `The connection is lost since ${clock()}. Go on writing: this page tries again by itself.`);
  } finally {
    sending = false;
  }
}

async function renewToken() {
  try {
    const answer = await fetch(`${base}panel/`, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (fresh) form.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = fresh; });
  } catch { /* The next beat tries again. */ }
}

function isDirty() {
  return clean !== "" && JSON.stringify(typed()) !== clean;
}

let clean = "";

function watch() {
  clean = kept = JSON.stringify(typed());
  setInterval(() => { if (!leaving) autosave(); }, EVERY);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && !leaving) autosave({ keepalive: true }); });
  window.addEventListener("pagehide", () => {
    if (!leaving && isDirty()) autosave({ keepalive: true });
    send("presence/", { tab, do: "leave" }, { keepalive: true }).catch(() => {});
  });
  window.addEventListener("beforeunload", (event) => { if (!leaving && isDirty() && JSON.stringify(typed()) !== kept) event.preventDefault(); });
  form.addEventListener("submit", () => { leaving = true; });
}

// Who else is here

async function beat(what = "stay") {
  try {
    const answer = await send("presence/", { tab, do: what });
    if (answer.ok) showOthers(await answer.json());
    return answer.ok;
  } catch { return false; /* Autosave tells of a lost connection. */ }
}

// What was typed is saved first: whoever takes over writes on from it.
async function handOver() {
  const typedHere = isDirty();
  const answer = typedHere ? await saveUnseen() : null;
  if (typedHere && !answer) return say("[data-trouble]", "The connection is lost. Nothing is handed over; your text is still here.");
  // No redirect: the form has something to complain of, which is shown as for any other save.
  if (answer?.ok) return form.requestSubmit(form.querySelector("[name=_continue]"));
  if (!(await beat("give"))) return loggedOut();
  if (!typedHere) return;
  leaving = true;
  location.assign(`${base}change/`);
}

function saveUnseen() {
  const body = new FormData(form, form.querySelector("[name=_continue]"));
  return fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" }).catch(() => null);
}

function showOthers(state) {
  const others = state.others.map((other) => (other.same ? "you, in another tab" : other.name));
  const behind = state.revision > Number(form.elements.based_on.value || 0) ? [" Somebody saved since you opened this page. ", link("Load their text", `${base}change/`)] : [];
  if (state.asked_by) {
    say("[data-presence]", `${state.asked_by} asks to write. `, button(isDirty() ? "Save and hand over" : "Hand over", handOver), " Or go on.");
  } else if (others.length && !state.writing) {
    say("[data-presence]", `${others.join(", ")} ${others.length > 1 ? "are" : "is"} in this story. You may read, or `, button("Ask to write", () => beat("ask")), " ", button("Take over", () => beat("take")), ...behind);
  } else if (others.length || behind.length) {
    say("[data-presence]", others.length ? `Also here: ${others.join(", ")}.` : "", ...behind);
  } else {
    say("[data-presence]");
  }
}

// Counts and meters

function count() {
  const editor = one(".tiptap");
  const text = editor ? editor.innerText : new DOMParser().parseFromString(form.elements.body?.value ?? "", "text/html").body.textContent;
  const words = (text.match(/\S*[\p{L}\p{N}]\S*/gu) ?? []).length;
  one("[data-counts]")?.replaceChildren(`· ${words.toLocaleString()} words · ${Math.max(1, Math.ceil(words / WORDS_A_MINUTE))} min`);
}

function meter(field) {
  const most = Number(field.dataset.meter);
  const shown = document.createElement("div");
  shown.className = "meter";
  shown.setAttribute("aria-live", "off");
  field.after(shown);
  const show = () => {
    const length = [...field.value].length;
    shown.textContent = length ? `${length} of about ${most} characters` : "";
    shown.classList.toggle("over", length > most);
  };
  field.addEventListener("input", show);
  show();
}

function watchSlug(field) {
  const shown = document.createElement("div");
  shown.className = "meter";
  shown.setAttribute("role", "status");
  field.after(shown);
  let timer;
  const ask = async () => {
    const query = new URLSearchParams({ slug: field.value, headline: form.elements.headline.value, story: story ?? "" });
    try {
      const answer = await (await fetch(`${columns.dataset.slugUrl}?${query}`)).json();
      shown.textContent = answer.free ? (field.value === answer.slug ? "This address is free." : `It will be “${answer.slug}”.`) : `“${answer.slug}” belongs to another story.`;
      shown.classList.toggle("over", !answer.free);
    } catch { shown.textContent = ""; }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(ask, 400); };
  field.addEventListener("input", later);
  if (!story) form.elements.headline.addEventListener("input", later);
}

// Shortcuts

function isWriting(target) {
  return target.closest("input, textarea, select, [contenteditable=true]");
}

function shortcuts() {
  const sheet = one("[data-shortcuts]");
  one("[data-shortcuts-open]")?.addEventListener("click", () => sheet.showModal());
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && mayEdit) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[name=_continue]"));
    } else if (event.key === "?" && !isWriting(event.target)) {
      event.preventDefault();
      sheet?.showModal();
    }
  });
}

// The panel beside the form

async function loadPanel() {
  const aside = one("[data-panel]");
  if (!aside) return;
  try {
    const answer = await fetch(aside.dataset.panel, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return;
    aside.innerHTML = await answer.text();
    aside.querySelectorAll("[data-address]").forEach((field) => field.addEventListener("focus", () => field.select()));
    // A button of the panel acts on what is stored: what was typed is saved first, or nothing happens.
    aside.addEventListener("submit", (event) => {
      if (!mayEdit || !isDirty() || event.target.matches("[data-anyway]")) return;
      event.preventDefault();
      say("[data-trouble]", "You have unsaved changes. ", button("Save them first", () => form.requestSubmit(form.querySelector("[name=_continue]"))), " They would be missing otherwise.");
      one("[data-trouble]").scrollIntoView({ block: "center" });
    });
  } catch { /* The link in the panel's place still works. */ }
}

if (form) {
  form.querySelectorAll("[data-meter]").forEach(meter);
  form.querySelectorAll("input[data-slug]").forEach(watchSlug);
  shortcuts();
  setInterval(count, 1500);
  if (story) {
    loadPanel();
    // The editors rewrite their fields while they start; what they settle on is the text as opened.
    setTimeout(() => { if (mayEdit) watch(); count(); }, 1200);
    beat();
    setInterval(beat, BEAT);
    one("[data-discard-autosave]")?.addEventListener("submit", async (event) => {
      event.preventDefault();
      await send("autosave/", {}, { method: "DELETE", body: undefined });
      one("[data-kept]").hidden = true;
    });
  } else {
    form.addEventListener("submit", () => { leaving = true; });
  }
}
