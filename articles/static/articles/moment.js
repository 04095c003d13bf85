// Moments to go live and to leave: in the site's zone unless another is chosen, and what they are on other clocks.

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

// The zone this computer is in can be chosen too.
function settle(moment) {
  showWhich(moment, Boolean(moment.querySelector("[data-which] select")?.value));
  const zone = moment.querySelector("select[name$=-zone]");
  if (!here || !zone || [...zone.options].some(({ value }) => value === here)) return;
  zone.append(new Option(here.replaceAll("_", " "), here));
}

// An hour that happens twice is rare, and only then there is something to choose.
function showWhich(moment, isTwice) {
  const which = moment.querySelector("[data-which]");
  if (which) which.hidden = !isTwice;
}

async function tell(moment) {
  const shown = moment.querySelector(".moment-times");
  const query = new URLSearchParams();
  for (const field of moment.querySelectorAll("input, select")) query.set(field.name.replace(/^[a-z]+-/, "publish-"), field.value);
  if (!query.get("publish-when")) return shown.replaceChildren();
  try {
    const answer = await fetch(`${moment.dataset.whenUrl}?${query}`, { credentials: "same-origin" });
    const { times, problem, twice } = await answer.json();
    showWhich(moment, twice);
    shown.textContent = problem || (times[0] ?? []).join(" · ");
    shown.classList.toggle("problem", Boolean(problem));
  } catch {
    shown.replaceChildren();
  }
}

let timer;
function later(event) {
  const moment = event.target.closest?.(".moment");
  if (!moment) return;
  clearTimeout(timer);
  timer = setTimeout(() => tell(moment), 250);
}

document.addEventListener("input", later);
document.addEventListener("change", later);
// “toggle” does not bubble, so it is met on its way down.
document.addEventListener("toggle", ({ target }) => target.open && target.querySelectorAll(":scope > .moment, :scope > form .moment").forEach(settle), true);
