// Words of an earlier page that did not reach the server: offered when the story is opened again, never put in silently.

import { ask, complain, renewTokens, token } from "marquee/desk/asking";
import { kept } from "marquee/desk/keeping";
import { button, clock, one, story, tab } from "marquee/desk/page";
import { livingTabs } from "marquee/desk/tabs";
import { hasWords, typed } from "marquee/desk/typed";

const SHOWN = 1200;
const same = (one, other) => JSON.stringify(one ?? "") === JSON.stringify(other ?? "");
// What the server filled in by itself, such as the address, is no difference.
const covers = (there, fields) => Object.entries(fields).every(([name, value]) => same(there[name], value) || same(value, "") || same(value, []));

async function lost() {
  const records = (await kept.all()).filter((record) => record.tab !== tab && (story.base ? record.story === story.id : !record.base));
  if (!records.length) return [];
  const living = await livingTabs();
  const there = await known();
  const gone = records.filter((record) => !living.has(record.tab));
  const reached = gone.filter((record) => !hasWords(record.fields) || there.some((fields) => covers(fields, record.fields)));
  for (const record of reached) await kept.drop(record.tab);
  return gone.filter((record) => !reached.includes(record));
}

// What the server has: the text as it was opened, and what it keeps unsaved.
async function known() {
  if (!story.base) return [];
  const answer = await ask(`${story.base}autosave/`, { method: "GET" });
  return [typed(), ...(answer.ok ? answer.data.kept : [])];
}

function words({ fields }) {
  const body = new DOMParser().parseFromString((fields.body ?? "").replaceAll("</", " </"), "text/html").body.textContent;
  return [fields.headline, fields.standfirst, body].filter(Boolean).join("\n").slice(0, SHOWN);
}

function when(at) {
  const then = new Date(at);
  const isToday = then.toDateString() === new Date().toDateString();
  return isToday ? clock(then) : `${then.toLocaleDateString([], { month: "short", day: "numeric" })}, ${clock(then)}`;
}

function offer(record) {
  const line = document.createElement("div");
  const seen = document.createElement("details");
  const summary = Object.assign(document.createElement("summary"), { textContent: "Show the text" });
  seen.append(summary, Object.assign(document.createElement("p"), { className: "recovered-words", textContent: words(record) }));
  const leave = async () => { await kept.drop(record.tab); line.remove(); };
  const parts = story.base
    ? [`Text from ${when(record.at)} that did not reach the server. `, button("Restore it", () => take(record)), " ", button("Discard it", leave)]
    : [`You were writing a story until ${when(record.at)}; it was not saved. `, button("Continue", () => goOn(record)), " ", button("Discard it", leave)];
  line.className = "warning-line";
  line.dataset.recovered = "";
  line.append(...parts, seen);
  one("[data-trouble]").after(line);
}

// The server gets them as unsaved text of the tab that typed them, and shows them: alone, or with what was saved since.
async function take(record) {
  const json = { revision: record.revision, tab, key: `${record.tab}.999999999`, fields: record.fields };
  const answer = await ask(`${story.base}autosave/`, { json });
  if (!answer.ok) return complain(answer);
  await kept.drop(record.tab);
  const isAlone = answer.data.revision === record.revision;
  location.assign(story.base + (isAlone ? `change/?restore=${answer.data.number}` : `merge/${answer.data.number}/`));
}

// The form is sent as it was typed, under the id its page had: whatever the server says of it, the words are in the answer.
function goOn(record) {
  const form = Object.assign(document.createElement("form"), { method: "post", hidden: true, action: location.pathname });
  const own = { csrfmiddlewaretoken: token(), story_id: record.story, save_key: `${record.tab}.999999999`, based_on: record.revision, _draft: "1" };
  for (const [name, values] of Object.entries({ ...record.fields, ...own })) {
    for (const value of [values].flat()) form.append(Object.assign(document.createElement("textarea"), { name, value }));
  }
  document.body.append(form);
  renewTokens(form);
  story.leaving = true;
  form.submit();
}

export function offerLost() {
  document.addEventListener("marquee:watching", async () => (await lost()).forEach(offer));
}
