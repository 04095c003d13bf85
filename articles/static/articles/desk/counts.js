// How long the text is, counted as the server counts it: words that readers read, no buttons and no addresses.

import { counted } from "marquee/counted";
import { columns, form, one } from "marquee/desk/page";

const SPACE = /[\s\x1c-\x1f\x85]+/;
const WORD = /[\p{L}\p{N}]/u;
const BLOCKS = new Set(["P", "H1", "H2", "H3", "H4", "H5", "H6", "LI", "UL", "OL", "BLOCKQUOTE", "ASIDE", "FIGURE", "FIGCAPTION", "DIV", "BR", "HR"]);

export const wordsOf = (text) => text.split(SPACE).filter((word) => WORD.test(word)).length;

function prose(html) {
  const text = [];
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return void text.push(node.data);
    // Blocks part words, marks do not.
    if (BLOCKS.has(node.tagName)) text.push(" ");
    node.childNodes.forEach(read);
    if (BLOCKS.has(node.tagName)) text.push(" ");
  };
  read(new DOMParser().parseFromString(html, "text/html").body);
  return text.join("");
}

export function count({ headline = "", body = "", lead_caption = "" }) {
  const caption = lead_caption.trim() === "-" ? "" : lead_caption;
  return wordsOf(headline) + wordsOf(prose(body)) + wordsOf(caption);
}

const sources = () => ["headline", "body", "lead_caption"].map((name) => [name, form.elements[name]?.value ?? ""]);
let seen = null;

function show() {
  const texts = sources();
  const now = texts.map(([, text]) => text).join("\0");
  if (now === seen) return;
  seen = now;
  const words = count(Object.fromEntries(texts));
  const minutes = Math.max(1, Math.ceil(words / Number(columns.dataset.wordsAMinute)));
  one("[data-counts]")?.replaceChildren(`· ${counted(words, "word")} · ${minutes} min`);
}

// A page that only shows a story has no fields to count.
export function watchLength() {
  if (!form.elements.body) return;
  const idle = window.requestIdleCallback ?? ((act) => act());
  setInterval(() => idle(show), 1500);
}
