// The caption and the alt text of one use, edited in place: a line of inline HTML, a plain line, and their keys.

import { make, uniqueId } from "marquee/dom"
import { cleanInline, fill, plainOf, fromPlain } from "marquee/inline"

// `host` is what the field stands in: change(changes), undo(), redo(), leave(“after” or “node”).
export function captionField(host, label, placeholder = "Caption") {
  const attributes = { class: "mq-photo__caption", contenteditable: "true", role: "textbox", "aria-label": label, "aria-multiline": "false", "data-placeholder": placeholder, spellcheck: "true", dir: "auto", "data-field": "caption" }
  const field = make("div", attributes)
  field.addEventListener("input", () => host.change({ caption: cleanInline(field.innerHTML) }))
  field.addEventListener("keydown", (event) => fieldKey(host, event))
  field.addEventListener("paste", pastePlain)
  field.addEventListener("drop", (event) => event.preventDefault())
  return field
}

// A caption of a form is plain; its host hears inline HTML as from any other.
export function plainCaption(host, label, placeholder) {
  return lines(host, label, "caption", placeholder, (caption) => ({ caption: fromPlain(caption) }))
}

export function altField(host, label) {
  return lines(host, label, "alt", "Describe the picture for people who cannot see it", (alt) => ({ alt, decorative: false }))
}

function lines(host, label, name, placeholder, changes) {
  const field = make("textarea", { id: uniqueId(`mq-${name}`), class: `mq-photo__${name}`, dir: "auto", rows: "1", placeholder, "aria-label": label, "data-field": name, spellcheck: "true" })
  field.addEventListener("input", () => host.change(changes(field.value.replace(/\s+/g, " "))))
  field.addEventListener("keydown", (event) => fieldKey(host, event))
  return field
}

// Shows words without moving the caret of who is just writing them.
export function showWords(field, html) {
  if ("value" in field) return void (fromPlain(field.value) === html || (field.value = plainOf(html)))
  if (cleanInline(field.innerHTML) === html) return
  fill(field, html)
  if (document.activeElement === field) getSelection().selectAllChildren(field), getSelection().collapseToEnd()
}

// Enter ends the field as it ends a caption on paper; undo is the text's, not the field's.
export function fieldKey(host, event) {
  const command = event.ctrlKey || event.metaKey
  const deeds = {
    Enter: () => host.leave("after", event.target),
    Escape: () => host.leave("node", event.target),
    ...(command && host.undo && { z: () => (event.shiftKey ? host.redo() : host.undo()), y: () => host.redo() }),
  }
  const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key]
  if (!deed || event.isComposing) return
  if (event.key === "Escape" && !host.undo) return
  event.preventDefault()
  event.stopPropagation()
  deed()
}

function pastePlain(event) {
  event.preventDefault()
  const text = event.clipboardData.getData("text/plain").replace(/\s+/g, " ")
  document.execCommand("insertText", false, text)
}
