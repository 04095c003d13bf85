// One line of inline HTML below a picture or an embed, edited in place.

import { make } from "marquee/dom"
import { cleanInline, fill } from "marquee/inline"

// `host` is what the field stands in: change(changes), undo(), redo(), leave(“after” or “node”).
export function captionField(host, label) {
  const attributes = { class: "mq-photo__caption", contenteditable: "true", role: "textbox", "aria-label": label, "aria-multiline": "false", "data-placeholder": "Caption", spellcheck: "true", dir: "auto" }
  const field = make("div", attributes)
  field.addEventListener("input", () => host.change({ caption: cleanInline(field.innerHTML) }))
  field.addEventListener("keydown", (event) => fieldKey(host, event))
  field.addEventListener("paste", pastePlain)
  field.addEventListener("drop", (event) => event.preventDefault())
  return field
}

// Shows a caption without moving the caret of who is just writing it.
export function showCaption(field, html) {
  if (cleanInline(field.innerHTML) === html) return
  fill(field, html)
  if (document.activeElement === field) getSelection().selectAllChildren(field), getSelection().collapseToEnd()
}

// Enter ends the field as it ends a caption on paper; undo is the text's, not the field's.
export function fieldKey(host, event) {
  const command = event.ctrlKey || event.metaKey
  const deeds = {
    Enter: () => host.leave("after"),
    Escape: () => host.leave("node"),
    ...(command && { z: () => (event.shiftKey ? host.redo() : host.undo()), y: () => host.redo() }),
  }
  const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key]
  if (!deed || event.isComposing) return
  event.preventDefault()
  event.stopPropagation()
  deed()
}

function pastePlain(event) {
  event.preventDefault()
  const text = event.clipboardData.getData("text/plain").replace(/\s+/g, " ")
  document.execCommand("insertText", false, text)
}
