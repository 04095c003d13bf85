// Paste: what other programs put on the clipboard goes through the server's cleaner, the one that guards every save too.

import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { announce, tell } from "marquee/dom"
import { identify, insertEmbed } from "marquee/embed"
import { insertPhotos } from "marquee/photo"
import { blockAt, track } from "marquee/place"
import { offerStructure } from "marquee/story"
import { imagesOf, upload } from "marquee/upload"

const ADDRESS = /^https?:\/\/\S+$/

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
  if (html.includes("data-pm-slice")) return false
  if (ADDRESS.test(text.trim())) return pasteAddress(editor, text.trim())
  if (html) return pasteClean(editor, html, text)
  if (imagesOf(clipboard).length) return uploadHere(editor, imagesOf(clipboard), editor.state.selection.to)
  return text.includes("\n") ? pasteText(editor, text) : false
}

// An address on a line of its own becomes an embed where a provider knows it; selected words become a link.
function pasteAddress(editor, url) {
  const { selection, doc } = editor.state
  if (!selection.empty) return editor.commands.setLink({ href: url })
  const alone = selection.$from.depth === 1 && blockAt(doc, selection.from).node.content.size === 0
  const asLink = () => editor.commands.insertContent({ type: "text", text: url, marks: [{ type: "link", attrs: { href: url } }] })
  if (!alone) return asLink()
  const place = track(editor)
  identify(url)
    .then((found) => insertEmbed(editor, place.to, found.url), asLink)
    .finally(place.end)
  return true
}

function pasteClean(editor, html, text) {
  const place = track(editor)
  tell("clean/", { html })
    .then(({ html: clean }) => insert(editor, place, spaced(clean, text)))
    .catch((error) => (announce(error.message), insert(editor, place, withoutPictures(html))))
    .then(() => offerStructure(editor, place, text, html))
  return true
}

function pasteText(editor, text) {
  const place = track(editor)
  const html = text.split(/\r?\n+/).filter((line) => line.trim()).map(paragraph).join("")
  insert(editor, place, html)
  offerStructure(editor, place, text)
  return true
}

function paragraph(line) {
  const element = document.createElement("p")
  element.textContent = line
  return element.outerHTML
}

// Puts HTML in the place of a range, as the editor's own paste would; `place` then spans what was put in.
export function insert(editor, place, html) {
  const body = new DOMParser().parseFromString(html, "text/html").body
  const slice = pm.model.DOMParser.fromSchema(editor.schema).parseSlice(body)
  const tr = editor.state.tr
  const { from } = place
  tr.setSelection(pm.state.TextSelection.between(tr.doc.resolve(from), tr.doc.resolve(place.to)))
  tr.replaceSelection(slice).setMeta("paste", true).setMeta("uiEvent", "paste")
  editor.view.dispatch(tr.scrollIntoView())
  place.from = Math.min(from, place.from)
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
  const body = new DOMParser().parseFromString(html, "text/html").body
  for (const each of body.querySelectorAll("img, picture, svg, style, script, iframe, meta, title")) each.remove()
  for (const each of body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")) if (!each.textContent.trim()) each.remove()
  return body.innerHTML
}

function drop(editor, view, event) {
  const files = imagesOf(event.dataTransfer)
  if (!files.length) return false
  event.preventDefault()
  const at = view.posAtCoords({ left: event.clientX, top: event.clientY })
  return uploadHere(editor, files, at?.pos ?? view.state.doc.content.size)
}

function uploadHere(editor, files, position) {
  const place = track(editor, position, position)
  announce("Uploading …")
  upload(files, (file, sentence) => announce(`${file.name}: ${sentence || "uploaded"}`)).then((ids) => {
    place.end()
    insertPhotos(editor, place.to, ids.map((id) => ({ id })))
  })
  return true
}
