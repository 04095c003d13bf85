// Straight quotes to curly ones, on demand, in the text and in captions of this story.

import { mapText } from "marquee/inline"

const OPENS = /[\s([{<“‘—–\-/\u00a0]$/

// `before` is the character that stands before the text.
export function curled(text, before = "") {
  let previous = before
  return Array.from(text, (character, index) => {
    const opens = !previous || OPENS.test(previous)
    const shortened = character === "'" && /^'\d\ds?\b|^'(?:tis|twas|cause|em|n)\b/i.test(text.slice(index))
    previous = character === '"' ? (opens ? "“" : "”") : character === "'" ? (opens && !shortened ? "‘" : "’") : character
    return previous
  }).join("")
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

// Each character is replaced by one of the same length, so that no position moves and every mark stays.
function curlBlock(tr, block, position) {
  let before = ""
  block.forEach((node, offset) => {
    const text = node.isText ? node.text : ""
    const curly = curled(text, before)
    if (curly !== text) tr.replaceWith(position + 1 + offset, position + 1 + offset + node.nodeSize, node.type.schema.text(curly, node.marks))
    before = node.isText ? text.slice(-1) : ""
  })
}

function curlAtom(tr, node, position) {
  const own = (use) => (use.caption ? { ...use, caption: mapText(use.caption, curled) } : use)
  if (["photo", "embed"].includes(node.type.name) && node.attrs.caption) tr.setNodeMarkup(position, null, own(node.attrs))
  if (node.type.name === "gallery") {
    const title = node.attrs.title && curled(node.attrs.title)
    tr.setNodeMarkup(position, null, { ...node.attrs, title, photos: node.attrs.photos.map(own) })
  }
}
