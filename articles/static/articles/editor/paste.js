// Paste and drop: what other programs hand over goes through the server's cleaner, the one that guards every save too.

import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { announce, tell } from "marquee/dom"
import { identify, insertEmbed } from "marquee/embed"
import { change, gapAt, track } from "marquee/place"
import { offerStructure } from "marquee/story"
import { imagesOf } from "marquee/upload"
import { uploadInto } from "marquee/uploads"

const { TextSelection, Selection } = pm.state
const ADDRESS = /^https?:\/\/\S+$/
// The code providers give to embed a post: a frame, or a quote with a script below.
const EMBED_CODE = /^\s*<(?:(?:iframe|object|embed)\b|(?:blockquote|div|script|a|p)\b[^]*<(?:iframe|script)\b)/i
const FRAME = /<iframe\b[^>]*>/i
// Signs of Markdown at the beginning of a line, and in it.
const MARKDOWN = /^ {0,3}(?:#{1,6} |[-*+] |\d{1,3}[.)] |> |```)|\*\*\S|\]\((?:https?|mailto):/m

export const Paste = Extension.create({
  name: "marqueePaste",
  priority: 1100,

  addProseMirrorPlugins() {
    const { editor } = this
    const handlePaste = (_view, event) => paste(editor, event.clipboardData)
    const handleDrop = (view, event, _slice, moved) => !moved && drop(editor, view, event)
    return [new Plugin({ props: { handlePaste, handleDrop, transformPastedHTML: withoutPictures } })]
  },
})

// Answers whether the paste is taken care of; if not, the editor does what it always does.
function paste(editor, clipboard) {
  if (!clipboard) return false
  const html = clipboard.getData("text/html")
  const text = clipboard.getData("text/plain")
  const images = imagesOf(clipboard)
  if (html.includes("data-pm-slice")) return false
  // A picture copied in a browser comes as its file and as HTML that shows it.
  if (images.length && !wordsOf(html)) return uploadInto(editor, gapAt(editor.state.doc, editor.state.selection.to), images), true
  const code = EMBED_CODE.test(text) ? text : !wordsOf(html) && html.match(FRAME)?.[0]
  if (code) return pasteEmbed(editor, code.trim(), (place, error) => (announce(error.message), insert(editor, place, linesOf(code))))
  if (ADDRESS.test(text.trim())) return pasteAddress(editor, text.trim())
  if (html || MARKDOWN.test(text)) return pasteClean(editor, html, text)
  return text.includes("\n") ? pasteText(editor, text) : false
}

// An address on a line of its own becomes an embed where a provider knows it; selected words become a link.
function pasteAddress(editor, url) {
  const { selection } = editor.state
  if (!selection.empty) return editor.commands.setLink({ href: url })
  const isAlone = selection.$from.depth === 1 && selection.$from.parent.content.size === 0
  if (!isAlone) return insertLink(editor, selection.from, url), true
  return pasteEmbed(editor, url, (place) => insertLink(editor, place.to, url))
}

function insertLink(editor, position, url) {
  const { schema, tr } = editor.state
  editor.view.dispatch(tr.insert(position, schema.text(url, [schema.marks.link.create({ href: url })])).removeStoredMark(schema.marks.link))
}

// The embed stands above the line it was pasted into, so the writer goes on below, however long the server thinks.
function pasteEmbed(editor, code, otherwise) {
  const place = track(editor, editor.state.selection.to, editor.state.selection.to)
  identify(code)
    .then((found) => insertEmbed(editor, place.to, found.url, { follow: false }), (error) => otherwise(place, error))
    .finally(place.end)
  return true
}

function pasteClean(editor, html, text) {
  const place = opened(editor)
  tell("clean/", { html, text })
    .then(({ html: clean }) => insert(editor, place, spaced(clean, text)))
    .catch((error) => (announce(error.message), insert(editor, place, html ? withoutPictures(html) : linesOf(text))))
    .then(() => offerStructure(editor, place, text, html))
  return true
}

function pasteText(editor, text) {
  const place = opened(editor)
  insert(editor, place, linesOf(text))
  offerStructure(editor, place, text)
  return true
}

// The place of a paste. Selected words make room at once: what is typed while the server is asked comes after the paste.
function opened(editor) {
  if (!editor.state.selection.empty) editor.view.dispatch(change(editor).deleteSelection())
  const { from } = editor.state.selection
  return track(editor, from, from)
}

const linesOf = (text) => text.split(/\r?\n+/).filter((line) => line.trim()).map(paragraph).join("")

function paragraph(line) {
  const element = document.createElement("p")
  element.textContent = line
  return element.outerHTML
}

const bodyOf = (html) => new DOMParser().parseFromString(html, "text/html").body

const wordsOf = (html) => bodyOf(withoutPictures(html)).textContent.trim()

// Puts HTML in the place of a range, as the editor's own paste would; `place` then spans what was put in. The caret follows
// only where it still waits for it.
export function insert(editor, place, html) {
  const { doc, selection, tr } = editor.state
  const { from, to } = place
  const follows = selection.from === from && selection.to === to
  const slice = pm.model.DOMParser.fromSchema(editor.schema).parseSlice(asItems(doc.resolve(from), bodyOf(html)))
  if (doc.resolve(from).parent.inlineContent) tr.setSelection(TextSelection.between(doc.resolve(from), doc.resolve(to))).replaceSelection(slice)
  else tr.replaceRange(from, to, slice).setSelection(Selection.near(tr.doc.resolve(tr.mapping.map(to)), -1))
  const end = tr.mapping.map(to, 1)
  if (!follows) tr.setSelection(selection.map(tr.doc, tr.mapping))
  editor.view.dispatch((follows ? tr.scrollIntoView() : tr).setMeta("paste", true).setMeta("uiEvent", "paste"))
  Object.assign(place, { from, to: end })
}

// Several lines pasted into an item of a list are as many items.
function asItems($from, body) {
  const lines = [...body.children]
  if ($from.node(-1)?.type.name !== "listItem" || lines.length < 2 || lines.some(({ tagName }) => tagName !== "P")) return body
  const list = document.createElement($from.node(-2).type.name === "orderedList" ? "ol" : "ul")
  for (const line of lines) list.appendChild(document.createElement("li")).append(line)
  body.replaceChildren(list)
  return body
}

// The cleaner trims a line; a few words copied out of one keep the space they were copied with.
function spaced(clean, text) {
  if ((clean.match(/<p/g) ?? []).length !== 1 || text.includes("\n")) return clean
  const before = /^\s/.test(text) ? "&nbsp;" : ""
  const after = /\s$/.test(text) ? "&nbsp;" : ""
  return clean.replace(/^<p>/, `<p>${before}`).replace(/<\/p>$/, `${after}</p>`)
}

// What holds even where the server is out of reach: no foreign pictures, no empty paragraphs.
function withoutPictures(html) {
  const body = bodyOf(html)
  for (const each of body.querySelectorAll("img, picture, svg, style, script, iframe, meta, title")) each.remove()
  for (const each of body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")) if (!each.textContent.trim()) each.remove()
  return body.innerHTML
}

function drop(editor, view, event) {
  const files = [...(event.dataTransfer?.files ?? [])]
  if (!files.length) return false
  event.preventDefault()
  uploadInto(editor, gapUnder(view, event), files)
  return true
}

// The gap that a drop means: below the block or the text it falls on, above an empty line.
function gapUnder(view, event) {
  const { doc } = view.state
  const at = view.posAtCoords({ left: event.clientX, top: event.clientY })
  const block = at?.inside >= 0 && doc.nodeAt(at.inside)
  if (block?.isAtom) return at.inside + block.nodeSize
  return gapAt(doc, at?.pos ?? doc.content.size)
}
