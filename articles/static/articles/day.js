// The day: a story that is coming is dragged to another day, or moved by its button. Nothing happens before it is confirmed.
import "./month.js";

const dialog = document.querySelector("dialog.move");
const form = dialog.querySelector("form");
const fields = form.elements;
const problems = form.querySelector(".errorlist");
const times = form.querySelector(".move-times");
let opener = null;

function open(item, day) {
  opener = item.querySelector("[data-move-open]");
  form.action = item.dataset.move;
  form.querySelector(".move-story").textContent = item.dataset.title;
  fields["publish-when"].value = day ? `${day}T${item.dataset.at.slice(11)}` : item.dataset.at;
  fields["publish-which"].value = "";
  say({ times: [], problems: [] });
  dialog.showModal();
  fields["publish-when"].focus();
  if (day) ask();
}

function say(answer) {
  problems.replaceChildren(...answer.problems.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })));
  problems.hidden = !answer.problems.length;
  times.textContent = answer.times.join(" · ");
  if (answer.twice !== undefined || !answer.problems.length) form.querySelector(".move-which").hidden = !answer.twice && !fields["publish-which"].value;
}

async function send(check) {
  const data = new FormData(form);
  data.delete("form_key");
  if (check) data.set("check", "1");
  try {
    const response = await fetch(form.action, { method: "POST", body: data, credentials: "same-origin" });
    const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
    return isAnswer ? await response.json() : { times: [], problems: ["This could not be rescheduled. Reload the page and try again."] };
  } catch {
    return { times: [], problems: ["No connection. Nothing was rescheduled; try again."] };
  }
}

// What was asked first may be answered last.
let asked = 0;
async function ask() {
  const number = ++asked;
  const answer = await send(true);
  if (number === asked) say(answer);
}

let timer;
form.addEventListener("input", () => {
  clearTimeout(timer);
  asked += 1;
  if (fields["publish-when"].value) timer = setTimeout(ask, 300);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(timer);
  asked += 1;
  const button = form.querySelector(".default");
  button.disabled = true;
  const answer = await send(false);
  button.disabled = false;
  if (!answer.problems.length) return location.reload();
  say(answer);
  fields["publish-when"].focus();
});

form.querySelector("[data-move-close]").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => {
  clearTimeout(timer);
  asked += 1;
  opener?.focus();
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-move-open]");
  if (button) open(button.closest("[data-move]"));
});

// Dragging. A phone has no drag of its own: there the button does it.
let dragged = null;
const over = (event) => (dragged ? event.target.closest?.("[data-day]") : null);
const mark = (day) => document.querySelectorAll("[data-day].is-over").forEach((each) => each !== day && each.classList.remove("is-over"));

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.title);
  dragged.classList.add("is-dragged");
});
document.addEventListener("dragover", (event) => {
  const day = over(event);
  mark(day);
  if (!day) return;
  event.preventDefault();
  day.classList.add("is-over");
});
document.addEventListener("drop", (event) => {
  const day = over(event);
  if (!day) return;
  event.preventDefault();
  open(dragged, day.dataset.day);
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  mark(null);
});
