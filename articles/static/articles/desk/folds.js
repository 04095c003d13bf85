// What is in a fold beside the text, said on its line while it is closed: “Film · news”, “2 people · 3 tags”.

import { counted } from "marquee/counted";
import { folds, form } from "marquee/desk/page";

const LATER = 120;
const rowOf = (name) => folds.querySelector(`.field-${name} .readonly`)?.textContent.trim().replace(/^[-–]$/, "") ?? "";

function value(name) {
  const field = form.elements[name];
  if (!field) return rowOf(name);
  if (field.type === "checkbox") return field.checked ? labelOf(field) : "";
  if (field.options) return [...field.selectedOptions].filter((option) => option.value).map((option) => option.textContent.trim()).join(", ");
  return field.value?.trim() ?? "";
}

const labelOf = (field) => document.querySelector(`label[for="${field.id}"]`)?.textContent.trim() ?? "";

function chosen(one, many, ...names) {
  const sum = names.map(numberIn).reduce((all, each) => all + each, 0);
  return sum && counted(sum, one, many);
}

function numberIn(name) {
  const field = form.elements[name];
  return field ? field.selectedOptions.length : rowOf(name).split(", ").filter(Boolean).length;
}

// The labels of what is filled in.
function filled(...names) {
  return names.filter((name) => value(name)).map((name) => {
    const row = folds.querySelector(`.field-${name.replace(/_0$/, "")}`);
    return (form.elements[name] && labelOf(form.elements[name])) || row?.querySelector("label")?.textContent.trim();
  });
}

function photo() {
  const shown = folds.querySelector(".field-lead_photo .mq-field__text p")?.textContent;
  return value("lead_photo") || rowOf("lead_photo") ? shown || "Chosen" : "None";
}

function found() {
  const rows = folds.querySelectorAll(".names:not([hidden]) .names__row").length;
  return rows && `${rows} named in the text`;
}

const SAYS = {
  "lead-photo": () => [photo()],
  section: () => [value("section") || "No section", value("kind")],
  byline: () => [value("byline") || value("writers") || "None"],
  "tags-and-people": () => [chosen("person", "people", "main_people", "mentioned_people"), chosen("work", "works", "about_works"), chosen("tag", "tags", "tags"), found()],
  "search-and-social": () => filled("headline_short", "headline_search", "headline_social", "seo_title", "seo_description", "social_photo", "canonical_url", "noindex"),
  "rights-and-embargo": () => filled("embargo_until_0", "restricted_to", "source", "stand_in_photo"),
  review: () => [value("review_work"), value("review_rating") && `${value("review_rating")} of ${value("review_scale")}`],
  more: () => [value("label"), chosen("related story", "related stories", "related"), ...filled("breaking", "sensitive", "sponsored", "original_published_at_0", "translation_of")],
};

function say() {
  for (const [key, says] of Object.entries(SAYS)) {
    const line = folds.querySelector(`[data-fold="${key}"] [data-fold-says]`);
    if (line) line.textContent = says().filter(Boolean).join(" · ");
  }
}

let timer;
function later() {
  clearTimeout(timer);
  timer = setTimeout(say, LATER);
}

export function showFolds() {
  for (const event of ["input", "change"]) folds.addEventListener(event, later);
  // Boxes to choose in tell of a choice through jQuery alone.
  window.django?.jQuery(folds).on("change", later);
  for (const name of ["lead_photo", "main_people"]) {
    const place = folds.querySelector(`.field-${name}`)?.closest("fieldset");
    if (place) new MutationObserver(later).observe(place, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden"] });
  }
  document.addEventListener("marquee:saved", later);
  say();
}
