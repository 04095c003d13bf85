// What is typed is kept on this computer too until the server has it, unless the story is restricted or under embargo.

import { columns, form, one, story, tab } from "marquee/desk/page";
import { Kept } from "marquee/desk/kept";
import { asText, hasWords, marks, typed } from "marquee/desk/typed";

const LOOK = 700;
const LATEST = 3000;
const idle = window.requestIdleCallback ?? ((act) => setTimeout(act, 0));
let isConfidential = columns?.dataset.confidential === "yes";
let touched = false;
let cost = 0;

export const kept = new Kept(columns?.dataset.user);

// What was chosen in the form counts from the moment it is chosen, not from the next save on.
function mustNotStay() {
  const day = form.elements.embargo_until_0?.value;
  const isUnderEmbargo = Boolean(day) && !(Date.parse(day) + 2 * 24 * 60 * 60 * 1000 < Date.now());
  return isConfidential || isUnderEmbargo || Boolean(form.elements.restricted_to?.selectedOptions?.length);
}

function look() {
  touched = false;
  const started = performance.now();
  const fields = typed();
  const text = asText(fields);
  cost = performance.now() - started;
  return keep(fields, text);
}

function keep(fields, text) {
  const forbidden = mustNotStay();
  one("[data-not-kept]").hidden = !forbidden;
  if (forbidden) return kept.dropStory(story.id);
  if (text === marks.kept || (!story.base && !hasWords(fields))) return kept.drop(tab);
  return kept.put({ tab, story: story.id, base: story.base, revision: story.revision, at: Date.now(), fields, text });
}

// Reading a long text takes a while: then it is read less often, and never while somebody waits for a key.
function lookAgain() {
  if (touched) idle(look, { timeout: LOOK });
  setTimeout(lookAgain, Math.min(Math.max(LOOK, cost * 20), LATEST));
}

export function keepHere() {
  for (const event of ["input", "change", "keydown", "pointerup", "drop", "paste"]) document.addEventListener(event, () => { touched = true; }, true);
  document.addEventListener("marquee:sending", ({ detail }) => keep(detail.fields, detail.text));
  document.addEventListener("marquee:kept", ({ detail }) => kept.drop(tab, detail.text));
  document.addEventListener("marquee:confidential", ({ detail }) => {
    if (detail !== isConfidential) touched = true;
    isConfidential = detail;
  });
  document.addEventListener("marquee:watching", () => { look(); lookAgain(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden" && touched) look(); });
}
