// @ts-check
import { here, more } from "./api.js";
import { h } from "./dom.js";
import { creditLine, picture } from "./photo.js";

/** @typedef {import("./types").Card} Card */

/** @param {Card} card */
export function kicker(card) {
  const said = card.flags.breaking ? "Breaking" : card.label;
  const section = card.section ? h("a", { href: here(card.section.path) }, card.section.name) : null;
  return h("p", { class: "kicker" },
    said ? h("strong", {}, said) : null, section, card.flags.sponsored ? h("span", { class: "sponsored" }, card.flags.sponsored) : null);
}

/** @param {import("./types").Review | null} review */
export function stars(review) {
  if (review?.rating == null) return null;
  const said = `${review.rating} of ${review.scale}`;
  const drawn = h("span", { class: "stars", role: "img", "aria-label": `Rating: ${said}` }, "★".repeat(review.scale));
  drawn.style.setProperty("--share", `${(100 * review.rating) / review.scale}%`);
  return drawn;
}

/**
 * @param {Card} card
 * @param {{ size?: "hero" | "medium" | "large" | "small", eager?: boolean, snippet?: Node | null, level?: 2 | 3 }} [how]
 */
export function teaser(card, { size = "small", eager = false, snippet = null, level = 2 } = {}) {
  const sizes = size === "hero" ? "(min-width: 62rem) 46rem, 100vw" : "(min-width: 62rem) 22rem, (min-width: 40rem) 45vw, 100vw";
  const drawn = card.lead && picture(card.lead, { crop: size === "medium" ? "ratio_16_9" : "ratio_4_3", sizes, eager });
  const link = h("a", { href: here(card.path) }, card.headlines.short);
  return h("article", { class: `card ${size}${drawn ? "" : " wordy"}` },
    drawn ? h("div", { class: "card-picture" }, drawn) : null,
    h("div", { class: "card-words" },
      kicker(card), h(`h${level}`, {}, link), stars(card.review), snippet ?? h("p", { class: "standfirst" }, card.standfirst),
      drawn && card.lead ? creditLine(card.lead) : null));
}

/**
 * A grid of cards with a button for the next page.
 * @param {readonly Card[]} cards
 * @param {string | null} next
 */
export function grid(cards, next) {
  const holder = h("div", { class: "grid" }, ...cards.map((card) => teaser(card)));
  const button = h("button", { type: "button", class: "more", hidden: !next }, "More stories");
  button.addEventListener("click", async () => {
    if (!next) return;
    button.disabled = true;
    try {
      const page = await more(next);
      next = page.next;
      holder.append(...page.results.map((card) => teaser(card)));
      button.hidden = !next;
    } finally {
      button.disabled = false;
    }
  });
  return h("div", {}, holder, button);
}
