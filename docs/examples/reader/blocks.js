// @ts-check
import { h, markup } from "./dom.js";
import { figure } from "./photo.js";

/** @typedef {import("./types").Block} Block */

const TEXT_SIZES = "(min-width: 62rem) 60rem, 100vw";
const GALLERY_SIZES = "(min-width: 40rem) 40rem, 80vw";

/**
 * One block of an article. Types this site does not know are left out: the API may add some.
 * @param {Block} block
 * @returns {Node | null}
 */
export function render(block) {
  switch (block.type) {
    case "paragraph":
      return markup("p", {}, block.html);
    case "heading":
      return markup(/** @type {"h2" | "h3" | "h4"} */ (`h${block.level}`), { id: block.id }, block.html);
    case "list":
      return list(block.ordered, block.items);
    case "quote":
      return quote(block, "quote");
    case "pull_quote":
      return quote(block, "pull-quote");
    case "photo":
      return figure(block, { sizes: TEXT_SIZES });
    case "gallery":
      return gallery(block);
    case "embed":
      return embed(block);
    case "divider":
      return h("hr");
    case "notice":
      return h("p", { class: "notice" }, block.text);
    default:
      return null;
  }
}

/**
 * @param {boolean} ordered
 * @param {readonly import("./types").ListItem[]} items
 * @returns {HTMLElement}
 */
function list(ordered, items) {
  return h(ordered ? "ol" : "ul", {}, ...items.map((item) => {
    const line = markup("li", {}, item.html);
    if (item.items.length) line.append(list(item.ordered, item.items));
    return line;
  }));
}

/**
 * @param {import("./types").Quote} block
 * @param {string} kind
 */
function quote(block, kind) {
  const words = markup("blockquote", {}, block.html);
  return h("figure", { class: kind }, words, block.cite ? h("figcaption", {}, block.cite) : null);
}

/** @param {import("./types").Gallery} block */
function gallery(block) {
  const photos = block.photos.filter((photo) => photo.image);
  if (!photos.length) return null;
  const items = photos.map((photo, index) => {
    const item = h("li", {}, figure(photo, { sizes: GALLERY_SIZES }));
    item.querySelector("figcaption")?.prepend(h("span", { class: "count" }, `${index + 1}/${photos.length}`));
    return item;
  });
  const name = block.title ?? "Gallery";
  const heading = h("h2", {}, name, h("small", {}, `${photos.length} photos`));
  return h("section", { class: "gallery", "aria-label": name }, heading, h("ol", { class: "strip", tabindex: 0 }, ...items));
}

// Embeds. Nothing of another site is loaded before the reader asks for it.

const NAMES = {
  youtube: "YouTube", vimeo: "Vimeo", instagram: "Instagram", tiktok: "TikTok", x: "X", facebook: "Facebook",
  spotify: "Spotify", apple_music: "Apple Music", soundcloud: "SoundCloud", reddit: "Reddit", threads: "Threads",
  bluesky: "Bluesky",
};

/**
 * Where a provider's player lives; one that is not here is shown as a link.
 * @type {Record<string, (id: string, url: string, start: number | null) => string>}
 */
const PLAYERS = {
  youtube: (id, url, start) => `https://www.youtube-nocookie.com/embed/${url.includes("list=") ? `videoseries?list=${id}` : `${id}${start ? `?start=${start}` : ""}`}`,
  vimeo: (id, _, start) => `https://player.vimeo.com/video/${id.replace("/", "?h=")}${start ? `#t=${start}s` : ""}`,
  instagram: (_, url) => `${url}embed/`,
  tiktok: (id) => `https://www.tiktok.com/embed/v2/${id}`,
  spotify: (_, url) => url.replace("open.spotify.com/", "open.spotify.com/embed/"),
  apple_music: (_, url) => url.replace("music.apple.com/", "embed.music.apple.com/"),
};

/** @param {import("./types").Embed} block */
function embed(block) {
  const name = NAMES[/** @type {keyof typeof NAMES} */ (block.provider)] ?? block.provider;
  const link = h("a", { href: block.url, rel: "noopener external" }, `Open on ${name}`);
  const player = PLAYERS[block.provider];
  const button = player ? h("button", { type: "button" }, "Load it here") : null;
  const hint = player ? h("p", { class: "hint" }, `${name} may set cookies and learn that you are here.`) : null;
  const card = h("div", { class: "embed", "data-provider": block.provider },
    h("p", { class: "embed-name" }, name), h("p", {}, block.fallback_text), h("p", { class: "embed-ways" }, button, link), hint);
  const [across, down] = (block.aspect_ratio ?? "16:9").split(":");
  if (block.aspect_ratio) card.style.aspectRatio = `${across} / ${down}`;
  if (block.aspect_ratio === "9:16") card.classList.add("upright");
  button?.addEventListener("click", () => {
    if (player) card.replaceChildren(h("iframe", {
      src: player(block.embed_id, block.url, block.start), title: block.fallback_text, allowfullscreen: true,
      allow: "fullscreen; encrypted-media; picture-in-picture", referrerpolicy: "strict-origin-when-cross-origin",
    }));
    card.classList.add("playing");
  });
  return block.caption_html ? h("figure", {}, card, markup("figcaption", {}, block.caption_html)) : card;
}
