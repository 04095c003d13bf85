// Who else has the story open, and whose turn it is to write. Who does not write reads.

import { ask, complain, LOST, settle } from "marquee/desk/asking";
import { parcel } from "marquee/desk/autosave";
import { button, clock, link, mayEdit, say, story, tab, tell } from "marquee/desk/page";
import { inTurn } from "marquee/desk/queue";
import { guardReadOnly, setReadOnly } from "marquee/desk/readonly";
import { save } from "marquee/desk/saving";
import { livingTabs } from "marquee/desk/tabs";
import { asText, isDirty, marks, typed } from "marquee/desk/typed";

const BEAT = 15000;
let staysHere = false;
// Where what was typed here and what a colleague saved meanwhile are put together.
let meeting = "";

export async function beat(what = "stay") {
  const answer = await ask(`${story.base}presence/`, { json: { tab, do: what } });
  // Autosave tells of a lost connection.
  if (answer.ok) await show(answer.data);
  return answer;
}

// What was typed is saved first: whoever takes over writes on from it.
async function handOver() {
  if (isDirty() && !(await save())?.ok) return;
  const answer = await beat("give");
  if (!answer.ok) complain(answer.status === LOST ? { data: { sentence: "No connection. Nothing was handed over; your text is still here." } } : answer);
}

async function show(state) {
  const writer = state.others.find((other) => other.writing);
  const isOurs = writer?.same && state.may_write;
  // A tab of one’s own that crashed, or was left for this page, writes no more.
  if (isOurs && !(await livingTabs()).has(writer.tab)) return beat("take");
  tell("confidential", state.confidential);
  const hadRead = story.reading;
  if (mayEdit) setReadOnly(!state.writing && Boolean(writer));
  if (hadRead && !story.reading) await goOn(state);
  showLine(state, writer);
}

// Who may write again goes on from what is saved by now.
async function goOn(state) {
  settle();
  if (state.revision === story.revision) return;
  if (!isDirty()) return openAgain();
  const answer = await inTurn(() => ask(`${story.base}autosave/`, { json: parcel(typed()) }));
  if (!answer.ok) return complain(answer);
  marks.kept = asText();
  tell("kept", { text: marks.kept });
  meeting = `${story.base}merge/${answer.data.number}/`;
}

function openAgain() {
  staysHere = story.leaving = true;
  location.assign(`${story.base}change/`);
}

function showLine(state, writer) {
  const parts = story.reading ? reading(writer) : writing(state);
  if (state.revision > story.revision) parts.push(...behind());
  for (const left of state.left) parts.push(` ${left.name} typed until ${clock(new Date(left.at))} and did not save it: `, link("See it", left.url), ".");
  say("[data-presence]", ...parts);
}

function reading(writer) {
  const unsent = asText() !== marks.kept ? " What you typed last is still here but not saved." : "";
  const who = writer.same ? "You are writing in another tab." : `${writer.name} is writing.`;
  const asking = writer.same ? [] : [button("Ask to write", () => beat("ask")), " "];
  return [`${who} You can read along.${unsent} `, ...asking, button("Take over", () => beat("take"))];
}

function writing(state) {
  if (state.asked_by) return [`${state.asked_by} wants to write. `, button(isDirty() ? "Save and hand over" : "Hand over", handOver), " Or keep writing."];
  const others = state.others.map((other) => (other.same ? "you, in another tab" : other.name));
  return others.length ? [`Also here: ${others.join(", ")}.`] : [];
}

function behind() {
  if (meeting) return [" Someone saved in the meantime. ", link("Merge both texts", meeting)];
  return [" Someone saved since you opened this page. ", link("Load their text", `${story.base}change/`)];
}

function begin() {
  beat();
  setInterval(beat, BEAT);
  // Who comes back finds out at once, not at the next save.
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") beat(); });
  window.addEventListener("online", () => beat());
  document.addEventListener("marquee:held", () => beat());
  window.addEventListener("pagehide", () => { if (!staysHere) ask(`${story.base}presence/`, { json: { tab, do: "leave" }, keepalive: true }); });
}

export function watchOthers() {
  guardReadOnly();
  if (story.base) begin();
  else document.addEventListener("marquee:begun", begin);
  // A page that the browser had put away shows the story as it was then.
  window.addEventListener("pageshow", async (event) => {
    if (!event.persisted || !story.base) return;
    story.leaving = staysHere = false;
    const answer = await beat();
    if (answer.ok && answer.data.revision > story.revision && !isDirty()) openAgain();
  });
}
