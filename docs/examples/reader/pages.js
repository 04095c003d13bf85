// @ts-check
import * as api from "./api.js";
import { grid, teaser } from "./cards.js";
import { h, markup } from "./dom.js";
import { creditLine, figure, picture } from "./photo.js";

/** @typedef {import("./types").Card} Card */

export async function homePage() {
  const page = await api.articles({ page_size: "18" });
  const [first, ...rest] = page.results;
  if (!first) return messagePage("Nothing here yet", "The first story is still being written.");
  return h("div", { class: "home" },
    h("h1", { class: "unseen" }, "Marquee"),
    h("div", { class: "opening" },
      teaser(first, { size: "hero", eager: true }),
      h("div", { class: "beside" }, ...rest.slice(0, 2).map((card) => teaser(card, { size: "medium", eager: true })))),
    h("h2", { class: "rule" }, "Latest"),
    grid(rest.slice(2), page.next));
}

/**
 * The page of a section, tag, work or author.
 * @param {{ name?: string, title?: string, description?: string, biography?: string, job_title?: string, articles: string, slug: string, parent?: string | null }} entry
 * @param {string} kind
 */
export async function listPage(entry, kind) {
  const name = entry.name ?? entry.title ?? "";
  document.title = `${name} · Marquee`;
  const [page, below] = await Promise.all([api.more(entry.articles), kind === "section" ? children(entry.slug) : null]);
  return h("div", {}, opening(name, entry.description || entry.biography || entry.job_title || ""), below, grid(page.results, page.next));
}

/**
 * @param {string} name
 * @param {string} description
 */
function opening(name, description) {
  return h("header", { class: "opening-words" }, h("h1", {}, name), description ? h("p", { class: "standfirst" }, description) : null);
}

/** @param {string} slug */
async function children(slug) {
  const rows = (await api.sections()).results.filter((row) => row.parent === slug);
  const links = rows.map((row) => h("li", {}, h("a", { href: api.here(row.path) }, row.name)));
  return links.length ? h("nav", { class: "chips", "aria-label": "Below this section" }, h("ul", {}, ...links)) : null;
}

/** @param {import("./types").PersonDetail} person */
export async function personPage(person) {
  document.title = `${person.name} · Marquee`;
  const page = await api.more(person.articles);
  const portrait = person.portrait ?? person.photos.find((photo) => photo.people.length === 1) ?? person.photos[0];
  const face = portrait && picture(portrait, { crop: "ratio_1_1", sizes: "14rem", eager: true });
  const years = [person.born && `Born ${long(person.born)}`, person.died && `Died ${long(person.died)}`].filter(Boolean).join(" · ");
  return h("div", {},
    h("header", { class: "person" },
      face ? h("div", { class: "card-picture" }, face, creditLine(portrait)) : null,
      h("div", {}, h("h1", {}, person.name), person.description ? h("p", { class: "standfirst" }, person.description) : null, years ? h("p", { class: "details" }, years) : null)),
    person.photos.length ? h("h2", { class: "rule" }, "In pictures") : null,
    person.photos.length ? h("ul", { class: "strip", tabindex: 0 }, ...person.photos.map(strip)) : null,
    h("h2", { class: "rule" }, "Stories"),
    grid(page.results, page.next));
}

/** @param {import("./types").PersonDetail["photos"][number]} photo */
function strip(photo) {
  const item = h("li", {}, figure(photo, { sizes: "24rem" }));
  item.querySelector("figcaption")?.append(h("a", { href: api.here(photo.article.path) }, photo.article.headline));
  return item;
}

/** @param {string} date */
function long(date) {
  return new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
}

/** @param {string} words */
export async function searchPage(words) {
  document.title = `“${words}” · Marquee`;
  const box = /** @type {HTMLInputElement | null} */ (document.querySelector("#q"));
  if (box) box.value = words;
  if (!words.trim()) return messagePage("Search", "Write a name, a film or a few words.");
  const found = await api.search({ q: words });
  const meant = found.did_you_mean ? h("p", { class: "standfirst" }, "Showing stories about ", h("strong", {}, found.did_you_mean), ".") : null;
  const rows = found.results.map((row) =>
    teaser(row, { size: "large", snippet: row.highlight.snippet_html ? markup("p", { class: "standfirst" }, row.highlight.snippet_html) : null }));
  if (!rows.length) return messagePage(`Nothing found for “${words}”`, "Try a name, or fewer words.");
  return h("div", { class: "found" }, h("h1", {}, `“${words}”`), meant, ...rows);
}

/**
 * @param {string} title
 * @param {string} sentence
 */
export function messagePage(title, sentence) {
  document.title = `${title} · Marquee`;
  return h("div", { class: "message" }, h("h1", {}, title), h("p", {}, sentence), h("p", {}, h("a", { class: "button", href: `${api.BASE}/` }, "To the front page")));
}

/** @param {unknown} error */
export function errorPage(error) {
  const status = error instanceof api.ApiError ? error.status : -1;
  const detail = error instanceof Error ? error.message : "";
  if (status === 404) return messagePage("This page is not on the guest list", "There is nothing at this address. It may have been mistyped.");
  if (status === 410) return messagePage("This one has left the building", detail || "This story is no longer available.");
  if (status === 429 || status === 503) return messagePage("One moment, please", "This page is being prepared. Load it again in a few seconds.");
  return messagePage("That did not work", detail || "Something went wrong. Load the page again.");
}
