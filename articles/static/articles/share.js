// What search engines and shared links will show of the story, as it is typed.

const columns = document.querySelector(".story-columns");
const form = columns?.querySelector("#article_form");
const field = (name) => form?.elements[name];
const value = (name) => field(name)?.value?.trim() ?? "";
const first = (...names) => names.map(value).find(Boolean) ?? "";
const FIELDS = ["headline", "headline_search", "headline_social", "seo_title", "seo_description", "standfirst", "slug", "section", "noindex"];
const PICTURES = [".field-social_photo", ".field-lead_photo"];
// About what results and cards show before they cut.
const CUT = { title: 60, description: 160, card: 90 };

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...children);
  return element;
}

function cut(text, most) {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most).join("").replace(/[\s,;:–—-]+\S*$/, "")} …` : text;
}

function section() {
  return columns.querySelector("#id_section")?.selectedOptions[0]?.textContent.trim() ?? "";
}

function picture() {
  return PICTURES.map((row) => columns.querySelector(`${row} .mq-field__picture img`)).find(Boolean)?.src ?? "";
}

function searchResult(site) {
  if (field("noindex")?.checked) return make("div", "share__search", make("p", "quiet", "Kept out of search engines."));
  const slug = value("slug") || columns.querySelector(".field-slug .readonly")?.textContent.trim();
  const place = [site.host, section(), slug].filter(Boolean).join(" › ");
  return make("div", "share__search",
    make("p", "share__site", site.name), make("p", "share__place", place),
    make("p", "share__title", cut(first("seo_title", "headline_search", "headline") || "Headline", CUT.title)),
    make("p", "share__words", cut(first("seo_description", "standfirst") || "No description yet: search engines will pick a passage from the text.", CUT.description)));
}

function card(site) {
  const image = make("div", "share__image");
  if (picture()) {
    const shown = make("img", "");
    shown.src = picture();
    shown.alt = "";
    image.append(shown);
  } else image.append("No photo");
  return make("div", "share__card", image, make("div", "share__text",
    make("p", "share__host", site.host),
    make("p", "share__headline", cut(first("headline_social", "headline") || "Headline", CUT.card)),
    make("p", "share__words", cut(first("seo_description", "standfirst"), CUT.description))));
}

function start() {
  const fields = columns.querySelector(".field-headline_search")?.closest("fieldset");
  if (!fields) return;
  const site = { name: columns.dataset.siteName, host: columns.dataset.siteHost };
  const frame = make("div", "share");
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", "How search and social show the story");
  fields.querySelector(".form-row").before(frame);
  const show = () => frame.replaceChildren(
    make("div", "share__part", make("h3", "", "In search results"), searchResult(site)),
    make("div", "share__part", make("h3", "", "When shared"), card(site)));
  for (const name of FIELDS) field(name)?.addEventListener("input", show);
  // Boxes to choose in tell of a choice through jQuery alone.
  window.django?.jQuery(columns).on("change", show);
  for (const row of PICTURES) {
    const place = columns.querySelector(row);
    if (place) new MutationObserver(show).observe(place, { childList: true, subtree: true });
  }
  show();
}

if (form) start();
