// The form field behind the text: it always holds what the text holds, as HTML.

import { Extension, pm } from "django-prose-editor/editor"

// A block is written when it changes. Writing the whole text at every key would take the longer the longer the story is.
const written = new WeakMap()
const inert = document.implementation.createHTMLDocument()

export const FormField = Extension.create({
  name: "formField",

  // In place of the engine's own listener, which writes the whole text and takes a story of one photo for an empty one.
  onBeforeCreate() {
    this.editor.options.onUpdate = ({ editor }) => write(editor)
  },
})

function write(editor) {
  const field = editor.view.dom.closest(".prose-editor").querySelector("textarea[name]")
  field.value = htmlOf(editor.state.doc)
  field.dispatchEvent(new Event("input", { bubbles: true }))
}

function htmlOf(doc) {
  if (doc.childCount === 1 && doc.firstChild.isTextblock && !doc.firstChild.content.size) return ""
  return doc.children.map(blockOf).join("")
}

function blockOf(node) {
  if (!written.has(node)) written.set(node, serialized(node))
  return written.get(node)
}

function serialized(node) {
  const block = pm.model.DOMSerializer.fromSchema(node.type.schema).serializeNode(node, { document: inert })
  return block.outerHTML
}
