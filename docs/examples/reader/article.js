// @ts-check
import { here } from "./api.js";
import { render } from "./blocks.js";
import { kicker, stars } from "./cards.js";
import { h, when } from "./dom.js";
import { figure } from "./photo.js";

/** @typedef {import("./types").Article} Article */

/**
 * @param {Article} article
 * @param {{ draft?: boolean }} [how]
 */
export function articlePage(article, { draft = false } = {}) {
  describe(article, draft);
  const body = h("div", { class: "body" }, ...withoutLead(article).map((block) => render(/** @type {import("./types").Block} */ (block))));
  leadHome(body, article.url.slice(0, -article.path.length));
  return h("article", { class: "story", lang: article.locale },
    draft ? draftBanner() : null,
    h("header", {}, kicker(article), h("h1", {}, article.headline), article.standfirst && h("p", { class: "standfirst" }, article.standfirst), byline(article)),
    article.lead && figure(article.lead, { sizes: "(min-width: 70rem) 66rem, 100vw", eager: true }),
    article.flags.sensitive ? h("p", { class: "notice" }, "Some readers may find this story distressing.") : null,
    verdict(article),
    body,
    corrections(article),
    about(article),
    related(article));
}

/**
 * The body without the picture that stands above it already: nobody wants to see the same one twice.
 * @param {Article} article
 */
function withoutLead(article) {
  return article.body.filter((block) => block.type !== "photo" || block.id !== article.lead?.id);
}

function draftBanner() {
  return h("div", { class: "draft", role: "status" },
    h("strong", {}, "Draft"), "You see this story through a preview link. Readers do not see it like this.");
}

/** @param {Article} article */
function byline(article) {
  const locale = article.locale;
  const updated = article.updated_at ? h("span", {}, "Updated ", when(article.updated_at, { time: true, locale })) : null;
  const source = article.source ? h("span", {}, article.source.name) : null;
  const details = [when(article.published_at, { time: true, locale }), updated, source, h("span", {}, `${article.reading_time_minutes} min read`)];
  return h("div", { class: "byline" },
    article.byline ? h("p", { class: "authors" }, article.byline) : null,
    h("p", { class: "details" }, ...details));
}

/** @param {Article} article */
function verdict(article) {
  const review = article.review;
  if (!review || (review.rating === null && !review.verdict)) return null;
  const work = review.work ? h("p", { class: "kicker" }, h("a", { href: here(review.work.path) }, review.work.title)) : null;
  return h("aside", { class: "verdict", "aria-label": "Our verdict" }, work, stars(review), review.verdict ? h("p", {}, review.verdict) : null);
}

/** @param {Article} article */
function corrections(article) {
  if (!article.corrections.length) return null;
  const names = { correction: "Correction", clarification: "Clarification", update: "Update" };
  const rows = article.corrections.map((row) =>
    h("p", {}, h("strong", {}, names[/** @type {keyof typeof names} */ (row.kind)] ?? "Note"), ", ", when(row.at, { locale: article.locale }), ": ", row.text));
  return h("aside", { class: "corrections", "aria-label": "Corrections" }, h("h2", {}, "For the record"), ...rows);
}

/** @param {Article} article */
function about(article) {
  const chips = [
    ...article.people.map((person) => ({ path: person.path, name: person.name })),
    ...article.works.map((work) => ({ path: work.path, name: work.title })),
    ...article.tags.map((tag) => ({ path: tag.path, name: tag.name })),
  ].map(({ path, name }) => h("li", {}, h("a", { href: here(path) }, name)));
  return chips.length ? h("nav", { class: "chips", "aria-label": "In this story" }, h("h2", {}, "In this story"), h("ul", {}, ...chips)) : null;
}

/** @param {Article} article */
function related(article) {
  const rows = article.related.map((row) => h("li", {}, h("a", { href: here(row.path) }, row.headline)));
  return rows.length ? h("aside", { class: "related" }, h("h2", {}, "Read next"), h("ul", {}, ...rows)) : null;
}

/**
 * Links between stories lead to the real front end and carry their path beside it; a colleague may have typed such an
 * address too. Lead both to this one.
 * @param {HTMLElement} body
 * @param {string} root
 */
function leadHome(body, root) {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (body.querySelectorAll("a[href]"))) {
    const href = link.getAttribute("href") ?? "";
    const path = link.dataset.path ?? (root && href.startsWith(`${root}/`) ? href.slice(root.length) : null);
    if (path) link.setAttribute("href", here(path));
    else link.setAttribute("rel", "noopener external");
  }
}

/**
 * What search engines and shared links read. A real front end writes this on its server.
 * @param {Article} article
 * @param {boolean} draft
 */
function describe(article, draft) {
  document.title = `${draft ? "Draft: " : ""}${article.seo.title} · Marquee`;
  if (draft) return;
  document.head.append(
    h("meta", { name: "description", content: article.seo.description }),
    h("link", { rel: "canonical", href: article.canonical_url ?? article.url }),
    h("script", { type: "application/ld+json" }, JSON.stringify(article.structured_data)));
}
