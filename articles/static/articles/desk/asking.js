// Questions to the server: an answer always comes, and says why there is none.

import { clock, columns, form, link, say, tell } from "marquee/desk/page";

// Milliseconds, and so many more for each letter on a slow line.
const PATIENCE = 20000;
const EACH_LETTER = 1 / 50;
export const LOST = 0;
export const LOGGED_OUT = 401;
// Somebody else writes by now.
export const HELD = 423;

// Signing in in another tab brings a new token with its cookie; the page's own field still holds the old one.
export function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.querySelector("[name=csrfmiddlewaretoken]").value;
}

export function renewTokens(root = document) {
  const now = token();
  root.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = now; });
}

export async function ask(url, { method = "POST", json, body, ...options } = {}) {
  renewTokens();
  const headers = { Accept: "application/json", "X-CSRFToken": token(), "X-Typed-By": columns.dataset.user };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const content = json === undefined ? body : JSON.stringify(json);
  const patience = PATIENCE + EACH_LETTER * lettersOf(content);
  try {
    const answer = await fetch(url, {
      method, headers, body: content, credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(patience), ...options,
    });
    return await read(answer);
  } catch {
    return { ok: false, status: LOST, data: {} };
  }
}

function lettersOf(content) {
  if (!(content instanceof FormData)) return content?.length ?? 0;
  return [...content.values()].reduce((letters, value) => letters + value.length, 0);
}

async function read(answer) {
  const isJson = answer.headers.get("Content-Type")?.includes("json") ?? false;
  // Without a session the server leads to the login; without its cookie it does not take the token.
  if (answer.type === "opaqueredirect" || (answer.status === 403 && !isJson)) return { ok: false, status: LOGGED_OUT, data: {} };
  const data = isJson ? await answer.json() : {};
  if (answer.status === HELD) tell("held");
  return { ok: answer.ok && isJson, status: answer.status, data };
}

// Whether the same may work in a while.
export const mayPass = ({ status }) => status === LOST || status === LOGGED_OUT || status === 429 || status >= 500;

let since = null;
let isLasting = false;

// Says in a sentence what is the matter.
export function complain(answer) {
  since ??= clock();
  isLasting = false;
  say("[data-trouble]", ...sentence(answer));
}

// Says what stands until the story is saved, whatever is kept meanwhile.
export function insist(...parts) {
  isLasting = true;
  say("[data-trouble]", ...parts);
}

// Something was kept: what was in the way has passed.
export function recover() {
  since = null;
  if (!isLasting) say("[data-trouble]");
}

export function settle() {
  isLasting = false;
  recover();
}

function sentence({ status, data }) {
  if (data.sentence) return [data.sentence];
  if (status === LOST) return [`No connection since ${since}. Keep writing: this page keeps trying to save.`];
  if (status === LOGGED_OUT) {
    return ["You have been logged out. Your text is still here. ", link("Log in in a new tab", "/admin/login/?next=/admin/", true), ", then keep writing: your text saves by itself."];
  }
  if (status === 404 || status === 410) return ["This story was sealed or discarded, or is no longer open to you. What you type now is not saved."];
  if (status === 413) return ["The text is too large for the server. Split it into several stories."];
  if (!mayPass({ status })) return [`The server refused to save this (${status}). Your text is still here: copy it to keep it.`];
  return [`The server can’t save this right now (${status}). Your text is still here: this page keeps trying.`];
}
