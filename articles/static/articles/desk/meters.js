// Beside a field while it is typed: how long it is, whether an address is free.

import { columns, form, story } from "marquee/desk/page";

function line(field) {
  const shown = document.createElement("div");
  shown.className = "meter";
  field.after(shown);
  return shown;
}

function meter(field) {
  const most = Number(field.dataset.meter);
  const shown = line(field);
  shown.setAttribute("aria-live", "off");
  const show = () => {
    const length = [...field.value].length;
    shown.textContent = length ? `${length} of about ${most} characters` : "";
    shown.classList.toggle("over", length > most);
  };
  field.addEventListener("input", show);
  show();
}

function watchSlug(field) {
  const shown = line(field);
  shown.setAttribute("role", "status");
  let timer;
  const ask = async () => {
    const query = new URLSearchParams({ slug: field.value, headline: form.elements.headline.value, story: story.id });
    try {
      const answer = await (await fetch(`${columns.dataset.slugUrl}?${query}`)).json();
      shown.textContent = answer.free ? (field.value === answer.slug ? "This address is free." : `It will be “${answer.slug}”.`) : `“${answer.slug}” belongs to another story.`;
      shown.classList.toggle("over", !answer.free);
    } catch { shown.textContent = ""; }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(ask, 400); };
  field.addEventListener("input", later);
  form.elements.headline.addEventListener("input", () => { if (!field.value) later(); });
}

export function showMeters() {
  columns.querySelectorAll("[data-meter]").forEach(meter);
  columns.querySelectorAll("input[data-slug]").forEach(watchSlug);
}
