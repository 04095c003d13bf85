// The month by keyboard, as WAI-ARIA asks of a grid: arrows go from day to day, Home and End to the ends of a week, Page Up
// and Page Down to the month before and after; Enter shows the day.

const box = () => document.querySelector("[data-month]");
const days = () => [...box().querySelectorAll("td a")];
const dayOf = (link) => link.closest("td").dataset.day;

function focus(link) {
  for (const each of days()) each.tabIndex = each === link ? 0 : -1;
  link.focus();
}

async function turn(link, day) {
  const answer = await fetch(link.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const month = page.querySelector("[data-month]");
  if (!answer.ok || !month) return location.assign(link.href);
  box().replaceWith(month);
  const found = day && days().find((each) => dayOf(each) === day);
  if (day) focus(found ?? days().find((each) => !each.classList.contains("is-other")));
}

const shifted = (day, by) => {
  const date = new Date(`${day}T00:00Z`);
  date.setUTCDate(date.getUTCDate() + by);
  return date.toISOString().slice(0, 10);
};

// The same day of another month, or its last.
function inMonth(day, by) {
  const [year, month, number] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + by, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + by, Math.min(number, last))).toISOString().slice(0, 10);
}

function go(link, day) {
  const found = days().find((each) => dayOf(each) === day && !each.classList.contains("is-other"));
  if (found) return focus(found);
  const isBefore = day < dayOf(link);
  return turn(box().querySelector(isBefore ? "[data-month-before]" : "[data-month-after]"), day);
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("[data-month] td a");
  if (!link || event.altKey || event.ctrlKey || event.metaKey) return;
  const day = dayOf(link);
  const week = [...link.closest("tr").querySelectorAll("a")];
  let to = null;
  if (event.key in STEPS) to = shifted(day, STEPS[event.key]);
  else if (event.key === "PageUp") to = inMonth(day, -1);
  else if (event.key === "PageDown") to = inMonth(day, 1);
  else if (event.key === "Home") to = dayOf(week[0]);
  else if (event.key === "End") to = dayOf(week.at(-1));
  if (!to) return;
  event.preventDefault();
  go(link, to);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-month-before], [data-month-after]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const which = link.hasAttribute("data-month-before") ? "[data-month-before]" : "[data-month-after]";
  turn(link).then(() => box().querySelector(which)?.focus());
});
