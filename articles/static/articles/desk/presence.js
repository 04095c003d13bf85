// Who else has the story open, and whose turn it is to write.

import { ask, complain, LOST } from "marquee/desk/asking";
import { button, link, say, story, tab } from "marquee/desk/page";
import { save } from "marquee/desk/saving";
import { isDirty } from "marquee/desk/typed";

const BEAT = 15000;

export async function beat(what = "stay") {
  const answer = await ask(`${story.base}presence/`, { json: { tab, do: what } });
  // Autosave tells of a lost connection.
  if (answer.ok) showOthers(answer.data);
  return answer;
}

// What was typed is saved first: whoever takes over writes on from it.
async function handOver() {
  if (isDirty() && !(await save())) return;
  const answer = await beat("give");
  if (!answer.ok) complain(answer.status === LOST ? { data: { sentence: "The connection is lost. Nothing is handed over; your text is still here." } } : answer);
}

function showOthers(state) {
  const others = state.others.map((other) => (other.same ? "you, in another tab" : other.name));
  const behind = state.revision > story.revision ? [" Somebody saved since you opened this page. ", link("Load their text", `${story.base}change/`)] : [];
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

function begin() {
  beat();
  setInterval(beat, BEAT);
  window.addEventListener("pagehide", () => ask(`${story.base}presence/`, { json: { tab, do: "leave" }, keepalive: true }));
}

export function watchOthers() {
  if (story.base) begin();
  else document.addEventListener("marquee:begun", begin);
  // A page that the browser had put away shows the story as it was then.
  window.addEventListener("pageshow", async (event) => {
    if (!event.persisted || !story.base) return;
    story.leaving = false;
    const answer = await beat();
    if (answer.ok && answer.data.revision > story.revision && !isDirty()) {
      story.leaving = true;
      location.reload();
    }
  });
}
