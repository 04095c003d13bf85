// What is typed is kept by itself: seconds after it was typed, and when the page is hidden or closed.

import { ask, complain, HELD, mayPass, recover } from "marquee/desk/asking";
import { clock, form, nextKey, one, say, story, tab, tell } from "marquee/desk/page";
import { inTurn, isBusy } from "marquee/desk/queue";
import { isOwed, isTooLong, makeUp, send } from "marquee/desk/saving";
import { asText, hasWords, isDirty, marks, typed } from "marquee/desk/typed";

// Looked for so often; kept after a pause of so long, or this often while somebody types on.
const USUAL = { look: 500, pause: 1200, every: 3500 };
// What no event tells of, such as a picture that arrives, is found this often.
const LOOK_ANYWAY = 5000;
const TRY_AGAIN = 5000;
// Browsers send no more than 64 KB for a page that is gone; letters may take three bytes.
const AT_CLOSING = 20000;
// A checklist costs more than keeping does.
const CHECK_EVERY = 1000;

let pace = USUAL;
let touched = false;
let touchedAt = 0;
let sentAt = 0;
let notBefore = 0;
let watching = false;
// What the server will not take however often it is sent, and what went out when the page was hidden.
let refused = "";
let parting = "";
// The panel shows what is saved while other words are typed: they are to be checked once more.
let wanted = false;
let checkedAt = 0;

function touch() {
  touched = true;
  touchedAt = Date.now();
}

function look() {
  const now = Date.now();
  if (story.leaving || story.reading || isBusy() || now < notBefore) return;
  if (isOwed()) return void later(makeUp());
  if (now - sentAt > LOOK_ANYWAY) touched = true;
  if (!touched || (now - touchedAt < pace.pause && now - sentAt < pace.every)) return;
  touched = false;
  sentAt = now;
  inTurn(keep);
}

async function later(turn) {
  await turn;
  if (isOwed()) notBefore = Date.now() + TRY_AGAIN;
}

async function keep(isAsked = false) {
  const fields = typed();
  const sent = asText(fields);
  if ((sent === marks.kept && !isAsked && !wanted) || sent === refused || isTooLong(fields)) return;
  if (!story.base) return begin(fields, sent);
  const check = Boolean(one("[data-checklist]")) && Date.now() - checkedAt > CHECK_EVERY;
  // What is kept sooner is checked a moment later.
  wanted = touched = Boolean(one("[data-checklist]")) && !check;
  if (check) checkedAt = Date.now();
  tell("sending", { fields, text: sent });
  done(await ask(`${story.base}autosave/`, { json: { ...parcel(fields), check } }), sent);
}

// For whoever shows what is typed: keeps it sooner, and now.
export const hurry = (quicker = {}) => { pace = { ...USUAL, ...quicker }; };

export function keepNow() {
  if (watching && !story.reading && isDirty()) inTurn(() => keep(true));
}

// Reading a long text takes a while: then it is looked at less often.
function lookAgain() {
  const started = performance.now();
  look();
  setTimeout(lookAgain, Math.max(pace.look, (performance.now() - started) * 20));
}

export const parcel = (fields) => ({ revision: story.revision, key: nextKey(), tab, fields });

async function begin(fields, sent, options) {
  if (!hasWords(fields)) return;
  const answer = await send("_draft", options);
  if (answer?.ok) return;
  if (answer && !mayPass(answer)) refused = sent;
  notBefore = Date.now() + TRY_AGAIN;
}

function done(answer, sent) {
  if (!answer.ok) {
    if (mayPass(answer)) touched = true;
    else if (answer.status !== HELD) refused = sent;
    notBefore = Date.now() + TRY_AGAIN;
    return complain(answer);
  }
  marks.kept = sent;
  recover();
  say("[data-saved]", `Unsaved text kept at ${clock()}`);
  tell("kept", { text: sent });
  tell("checked", answer.data);
}

// There is no time to wait for one’s turn; what is on its way has a lower number and changes nothing any more.
function atClosing() {
  if (story.leaving || story.reading || !watching) return;
  const fields = typed();
  const sent = asText(fields);
  if (sent === marks.kept || sent === parting) return;
  parting = sent;
  if (sent.length > AT_CLOSING) return void inTurn(keep);
  if (!story.base) return void begin(fields, sent, { keepalive: true });
  ask(`${story.base}autosave/`, { json: parcel(fields), keepalive: true }).then((answer) => done(answer, sent));
}

// The editors rewrite their fields while they start. What they settle on is the text as opened, unless somebody typed already.
export function watch() {
  const opened = asText();
  const isUnsaved = form.querySelector(".errornote") || one("[data-restored]");
  document.addEventListener("input", touch, true);
  document.addEventListener("marquee:recheck", () => { wanted = touched = true; });
  for (const event of ["change", "keydown", "pointerup", "drop", "paste"]) document.addEventListener(event, () => { touched = true; }, true);
  marks.saved = marks.kept = opened;
  setTimeout(() => {
    if (!touchedAt) marks.saved = marks.kept = asText();
    if (isUnsaved) marks.saved = "";
    if (isUnsaved && !form.elements.restored.value) marks.kept = "";
    watching = true;
    tell("watching");
    lookAgain();
  }, 1200);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") atClosing(); });
  window.addEventListener("pagehide", atClosing);
  window.addEventListener("beforeunload", (event) => {
    if (!story.leaving && isDirty() && asText() !== marks.kept && (story.base || hasWords(typed()))) event.preventDefault();
  });
  document.querySelectorAll("[data-discard-autosave]").forEach((own) => own.addEventListener("submit", discard));
}

async function discard(event) {
  event.preventDefault();
  const line = event.target.closest("[data-kept]");
  const answer = await ask(`${story.base}autosave/?discard=${event.submitter.value}`, { method: "DELETE" });
  if (answer.ok) line.remove();
  else complain(answer);
}

