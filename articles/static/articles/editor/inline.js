// Inline HTML as we store it: text, <strong>, <em>, <a href>, <br>. The server has the last word; this keeps the page clean.

const MARKS = { B: "strong", STRONG: "strong", I: "em", EM: "em", A: "a" }
const LINES = new Set(["P", "DIV", "LI", "H1", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE"])
const ADDRESS = /^(?:https?:\/\/|mailto:|article:|person:|work:)/i

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\u00a0", "&nbsp;")

function written(node) {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.data)
  if (node.nodeType !== Node.ELEMENT_NODE) return ""
  if (node.tagName === "BR") return "<br>"
  const inside = inlineOf(node)
  const mark = MARKS[node.tagName]
  if (mark === "a") return linked(node, inside)
  if (mark) return inside && `<${mark}>${inside}</${mark}>`
  return LINES.has(node.tagName) && inside ? `<br>${inside}` : inside
}

function linked(node, inside) {
  const href = node.getAttribute("href") ?? ""
  return ADDRESS.test(href) ? `<a href="${escaped(href).replaceAll('"', "&quot;")}">${inside}</a>` : inside
}

// The inline HTML of what an element holds.
export const inlineOf = (element) => [...element.childNodes].map(written).join("")

const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body

export const cleanInline = (html) => inlineOf(parsed(html)).replace(/^(?:<br>|\s)+|(?:<br>|\s)+$/g, "")

export const plainOf = (html) => parsed(html.replaceAll("<br>", " ")).textContent

export const fromPlain = (text) => escaped(text.replace(/\s+/g, " ").trim())

// Puts clean inline HTML into an element.
export function fill(element, html) {
  element.replaceChildren(...parsed(cleanInline(html)).childNodes)
}

// Every text of some inline HTML passed through `change`; the marks stay.
export function mapText(html, change) {
  const body = parsed(html)
  const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  let before = ""
  while (texts.nextNode()) {
    const own = texts.currentNode.data
    texts.currentNode.data = change(own, before)
    before = own.slice(-1)
  }
  return inlineOf(body)
}
