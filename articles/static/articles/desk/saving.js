// Saving without leaving the page: caret, undo and scroll stay, and what is typed meanwhile is not taken for saved.

import { ask, complain, insist, mayPass, renewTokens, settle } from "marquee/desk/asking";
import { clearErrors, showErrors } from "marquee/desk/errors";
import { button, clock, columns, form, nextKey, one, say, story, tab, tell } from "marquee/desk/page";
import { inTurn } from "marquee/desk/queue";
import { asText, marks, typed } from "marquee/desk/typed";

const CONFLICT = 409;
const MOST = Number(columns?.dataset.mostCharacters);
let next = null;
// A save that a person asked for and that found no server: made up for as soon as there is one.
let owed = null;

export const isOwed = () => owed !== null;
export const makeUp = () => save(owed);

// Saves as the button does that bears this name; asked for twice before its turn, it is done once.
export function save(name = "_continue") {
  if (next?.name === name) return next.turn;
  const turn = inTurn(() => {
    if (next?.turn === turn) next = null;
    return send(name);
  });
  next = { name, turn };
  return turn;
}

export function isTooLong(fields) {
  const letters = fields.body?.length > MOST ? [...fields.body].length : 0;
  if (letters > MOST) complain({ data: { sentence: `The text has ${letters.toLocaleString()} characters, formatting included; the limit is ${MOST.toLocaleString()}. Split it into several stories: what is beyond the limit is not saved.` } });
  return letters > MOST;
}

// Sends the form. `_draft` is the first words of a story: made by itself, so it moves nothing and marks no field.
export async function send(name, options = {}) {
  const fields = typed();
  if (story.reading || isTooLong(fields)) return null;
  const isDraft = name === "_draft";
  const sent = asText(fields);
  tell("sending", { fields, text: sent });
  nextKey();
  renewTokens();
  const body = new FormData(form);
  body.set(name, "1");
  body.set("tab", tab);
  if (!isDraft) say("[data-saved]", "Saving…");
  const answer = await ask(story.base ? `${story.base}change/` : location.pathname + location.search, { body, ...options });
  owed = !answer.ok && !isDraft && mayPass(answer) ? "_continue" : null;
  if (answer.ok) arrived(answer.data, fields, sent, isDraft);
  else refused(answer, isDraft);
  return answer;
}

function arrived(data, fields, sent, isDraft) {
  marks.saved = marks.kept = follow(data, fields) ?? sent;
  story.revision = data.revision;
  form.elements.restored.value = "";
  one("[data-restored]")?.remove();
  settle();
  clearErrors();
  if (!story.base) begin(data);
  say("[data-saved]", isDraft ? `Kept as a draft at ${clock()}` : `Saved as version ${data.version} at ${clock()}`);
  tell("saved", data);
  tell("kept", { text: sent });
}

// The address that the server chose replaces what was sent of it, unless somebody types another just now.
function follow(data, fields) {
  const slug = form.elements.slug;
  if (!slug || !fields.slug || slug.value !== fields.slug || data.slug === fields.slug) return null;
  slug.value = data.slug;
  return asText({ ...fields, slug: data.slug });
}

// The page that began a story is the page of the story from now on.
function begin(data) {
  story.base = data.url.replace(/change\/$/, "");
  history.replaceState(null, "", data.url);
  document.querySelectorAll("[data-begun]").forEach((element) => {
    if (element.dataset.begun) element.href = story.base + element.dataset.begun;
    element.hidden = false;
  });
  tell("begun", data);
}

function refused(answer, isDraft) {
  say("[data-saved]", "Not saved");
  complain(answer);
  if (isDraft && !answer.data.errors) return;
  if (answer.status === CONFLICT) insist(answer.data.sentence, " ", button("See both texts", () => leaveWith("_continue")));
  if (answer.data.errors) insist([answer.data.sentence, ...showErrors(answer.data.errors, !isDraft)].join(" "));
}

// Sends the form as the browser does, to the page that answers it.
function leaveWith(name) {
  tell("flush");
  nextKey();
  renewTokens();
  story.leaving = true;
  const submitter = document.createElement("button");
  submitter.name = name;
  submitter.hidden = true;
  form.append(submitter);
  form.requestSubmit(submitter);
}

async function press(name) {
  const answer = await save(name);
  if (!answer?.ok || name === "_continue") return;
  story.leaving = true;
  location.assign(answer.data.next);
}

export function takeButtons() {
  // A window that another form opened answers to that form.
  if (form.elements._popup) return form.addEventListener("submit", () => { tell("flush"); renewTokens(); story.leaving = true; });
  form.addEventListener("submit", (event) => {
    if (story.leaving) return;
    event.preventDefault();
    press(event.submitter?.name || "_continue");
  });
}
