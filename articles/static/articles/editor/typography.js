// Quotes and dashes as the story's language sets them: while they are typed, and on demand for a text that has straight ones.

import { mapText } from "marquee/inline"
import { language } from "marquee/language"

const THIN = "\u202f" // The narrow space that French sets inside its quotes and that no line breaks at.
const ENGLISH = ["“", "”", "‘", "’"]
const GERMAN = ["„", "“", "‚", "‘"]
const LATIN = ["«", "»", "“", "”"]
const SWISS = ["«", "»", "‹", "›"]
const FRENCH = [`«${THIN}`, `${THIN}»`, "“", "”"]
const NORTHERN = ["”", "”", "’", "’"]
const EASTERN = ["„", "”", "«", "»"]
const SLAVIC = ["«", "»", "„", "“"]

// For each language: quotes, and quotes within quotes. Of a language that is not listed, what was typed stays.
const QUOTES = {
  en: ENGLISH, nl: ENGLISH, pt: ENGLISH, tr: ENGLISH, vi: ENGLISH, id: ENGLISH, ko: ENGLISH, zh: ENGLISH, ga: ENGLISH, cy: ENGLISH,
  de: GERMAN, cs: GERMAN, sk: GERMAN, sl: GERMAN, lt: GERMAN, bg: GERMAN, is: GERMAN,
  es: LATIN, it: LATIN, "pt-pt": LATIN, ca: LATIN, el: LATIN, gl: LATIN, eu: LATIN,
  nb: ["«", "»", "‘", "’"], nn: ["«", "»", "‘", "’"], no: ["«", "»", "‘", "’"],
  fr: FRENCH, "fr-ch": [...FRENCH.slice(0, 2), "‹", "›"], "de-ch": SWISS, "de-li": SWISS, "it-ch": SWISS,
  sv: NORTHERN, fi: NORTHERN, da: NORTHERN,
  pl: EASTERN, ro: EASTERN, hu: ["„", "”", "»", "«"], hr: ["„", "”", "‘", "’"], sr: ["„", "”", "’", "’"], et: ["„", "“", "«", "»"], lv: ["„", "”", "«", "»"],
  ru: SLAVIC, uk: SLAVIC, be: SLAVIC,
}
const LONG_DASH = new Set(["en", "es", "pt", "ru", "uk", "be"])
const OPENS = /(?:^|%leaf%|[\s([{<“„«‹‘‚—–\-/\u00a0])$/
// Words and years that begin with an apostrophe, not with a quote.
const SHORTENED = /^(?:\d\d(?:s|er)?|tis|twas|cause|em|n)$/i

function quotesOf(tag) {
  const [primary, region] = tag.toLowerCase().split(/[-_]/)
  if (primary === "es" && region && region !== "es") return ENGLISH
  return QUOTES[`${primary}-${region}`] ?? QUOTES[primary]
}

function dashOf(tag) {
  const [primary, region] = tag.toLowerCase().split(/[-_]/)
  return LONG_DASH.has(primary) && !(primary === "en" && region && region !== "us") ? "—" : "–"
}

// Addresses and code stay as they are typed.
const isLiteral = (before) => /(?:\w:\/\/|www\.|\S@)\S*$/i.test(before) || (before.match(/`/g) ?? []).length % 2 === 1

const isOpen = (before, [open, close]) => before.lastIndexOf(open.trim()) > before.lastIndexOf(close.trim())

// What stands for a quote or dash that is typed after some text: how many letters before it are replaced too, and by what.
export function typedSign(before, sign, tag) {
  const quotes = quotesOf(tag)
  if (isLiteral(before)) return null
  if (sign === '"') return quotes && double(before, quotes)
  if (sign === "'") return quotes && { taken: 0, written: single(before, quotes) }
  if (sign === "-" && /(?:^|[^-])-$/.test(before)) return { taken: 1, written: dashOf(tag) }
  if (sign === " " && /[^\s\d] -$/.test(before)) return { taken: 1, written: `${dashOf(tag)} ` }
  if (sign === " " && before.endsWith(`«${THIN}`)) return { taken: 0, written: "" }
  return shortened(before, sign, quotes)
}

// Who sets a space inside the quotes by hand gets the narrow one instead.
function double(before, [open, close]) {
  const within = isOpen(before, [open, close])
  if (within && close.startsWith(THIN)) return { taken: / $/.test(before) ? 1 : 0, written: close }
  return { taken: 0, written: OPENS.test(before) ? open : close }
}

function single(before, [, , open, close]) {
  if (OPENS.test(before)) return open
  return close === "’" || !isOpen(before, [open, close]) ? "’" : close
}

// ‘90s and ‘tis, once they are seen to be such: ’90s and ’tis.
function shortened(before, sign, quotes) {
  const [, open, word] = (/[\s.,;:!?)]/.test(sign) && before.match(/(?:^|[\s(["—–])([^\w\s])(\w+)$/)) || []
  if (!quotes || open !== quotes[2] || !SHORTENED.test(word)) return null
  return { taken: word.length + 1, written: `’${word}${sign}` }
}

// A text with straight quotes as it would be if it were typed after another. Its dashes stay.
export function curled(text, before = "", tag = language()) {
  let written = before
  for (const sign of text) {
    const change = sign !== "-" && sign !== " " ? typedSign(written, sign, tag) : shortened(written, sign, quotesOf(tag))
    written = change ? written.slice(0, written.length - change.taken) + change.written : written + sign
  }
  return written.slice(before.length)
}

export function curlQuotes(editor) {
  const { doc, tr } = editor.state
  doc.descendants((node, position) => {
    if (node.isTextblock) curlBlock(tr, node, position)
    else if (node.isAtom) curlAtom(tr, node, position)
  })
  if (tr.docChanged) editor.view.dispatch(tr)
  editor.view.focus()
  return true
}

function curlBlock(tr, block, position) {
  let before = ""
  block.forEach((node, offset) => {
    const text = node.isText ? node.text : ""
    const curly = curled(text, before)
    const [from, to] = [offset, offset + node.nodeSize].map((at) => tr.mapping.map(position + 1 + at))
    if (curly !== text) tr.replaceWith(from, to, node.type.schema.text(curly, node.marks))
    before = node.isText ? before + curly : ""
  })
}

function curlAtom(tr, node, position) {
  const at = tr.mapping.map(position)
  const own = (use) => (use.caption ? { ...use, caption: mapText(use.caption, (text, before) => curled(text, before)) } : use)
  if (["photo", "embed"].includes(node.type.name) && node.attrs.caption) tr.setNodeMarkup(at, null, own(node.attrs))
  if (node.type.name === "gallery") {
    const title = node.attrs.title && curled(node.attrs.title)
    tr.setNodeMarkup(at, null, { ...node.attrs, title, photos: node.attrs.photos.map(own) })
  }
}
