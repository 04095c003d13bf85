// Where things stand in the text: positions that outlive edits, whole blocks put in, moved and selected.

import { pm } from "django-prose-editor/editor"

const { NodeSelection, TextSelection, Selection } = pm.state

// A change of the text's structure: undone by itself, however soon it followed on the last word typed.
const change = (editor) => pm.history.closeHistory(editor.state.tr)

// A range that follows the text while a dialog is open or the server is asked.
export function track(editor, from = editor.state.selection.from, to = editor.state.selection.to) {
  const place = { from, to, end: () => editor.off("transaction", follow) }
  const follow = ({ transaction }) => {
    place.from = transaction.mapping.map(place.from, -1)
    place.to = transaction.mapping.map(place.to, 1)
  }
  editor.on("transaction", follow)
  return place
}

// The top-level block around a position: where it begins and ends, and its node (null between two blocks).
export function blockAt(doc, position) {
  const at = doc.resolve(Math.min(position, doc.content.size))
  if (at.depth) return { from: at.before(1), to: at.after(1), node: at.node(1) }
  const node = at.nodeAfter
  return { from: position, to: position + (node?.nodeSize ?? 0), node }
}

const isEmptyParagraph = (node) => node?.type.name === "paragraph" && node.content.size === 0

// Puts a whole block in at a position: instead of an empty paragraph, before a text from its start, else after it.
export function insertBlock(editor, position, node) {
  const { doc, schema } = editor.state
  const block = blockAt(doc, position)
  const tr = change(editor)
  const at = isEmptyParagraph(block.node) || isAtStartOf(block, position) ? block.from : block.to
  if (isEmptyParagraph(block.node)) tr.delete(block.from, block.to)
  tr.insert(at, node)
  // Below the last block there is nothing to click on: give the writer a line to go on.
  if (node.isAtom && at + node.nodeSize >= tr.doc.content.size) tr.insert(tr.doc.content.size, schema.nodes.paragraph.create())
  tr.setSelection(node.isAtom ? NodeSelection.create(tr.doc, at) : Selection.near(tr.doc.resolve(at + 1)))
  editor.view.dispatch(tr.scrollIntoView())
  editor.view.focus()
}

const isAtStartOf = (block, position) => block.node?.isTextblock && position === block.from + 1

// Moves the selected blocks above their neighbour (-1) or below it (1), and the selection with them.
export function moveBlocks(editor, direction) {
  const { doc, selection } = editor.state
  const first = blockAt(doc, selection.from)
  const last = selection instanceof NodeSelection ? first : blockAt(doc, selection.to)
  const neighbour = direction < 0 ? doc.resolve(first.from).nodeBefore : doc.resolve(last.to).nodeAfter
  if (!neighbour) return false
  const moved = doc.slice(first.from, last.to).content
  const tr = change(editor)
  const shift = direction * neighbour.nodeSize
  if (direction < 0) tr.replaceWith(first.from - neighbour.nodeSize, last.to, moved.addToEnd(neighbour))
  else tr.replaceWith(first.from, last.to + neighbour.nodeSize, moved.addToStart(neighbour))
  tr.setSelection(shifted(tr.doc, selection, shift))
  editor.view.dispatch(tr.scrollIntoView())
  return true
}

function shifted(doc, selection, shift) {
  if (selection instanceof NodeSelection) return NodeSelection.create(doc, selection.from + shift)
  return TextSelection.between(doc.resolve(selection.anchor + shift), doc.resolve(selection.head + shift))
}

export function selectNode(editor, position) {
  editor.view.dispatch(editor.state.tr.setSelection(NodeSelection.create(editor.state.doc, position)))
  editor.view.focus()
}

// A new paragraph right after the block that begins here, with the caret in it.
export function paragraphAfter(editor, position) {
  const { doc, schema } = editor.state
  const after = position + doc.nodeAt(position).nodeSize
  const tr = change(editor).insert(after, schema.nodes.paragraph.create())
  editor.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView())
  editor.view.focus()
}

// Changes attributes of a block in place; what is typed in one go is undone in one go, unless it is undone `alone`.
export function updateAttributes(editor, position, changes, { alone = false } = {}) {
  const node = editor.state.doc.nodeAt(position)
  const { selection } = editor.state
  const tr = (alone ? change(editor) : editor.state.tr).setNodeMarkup(position, null, { ...node.attrs, ...changes })
  if (selection instanceof NodeSelection && selection.from === position) tr.setSelection(NodeSelection.create(tr.doc, position))
  editor.view.dispatch(tr)
}

export function removeNode(editor, position) {
  const node = editor.state.doc.nodeAt(position)
  const tr = change(editor).delete(position, position + node.nodeSize)
  if (!tr.doc.content.size) tr.insert(0, editor.schema.nodes.paragraph.create())
  editor.view.dispatch(tr.setSelection(Selection.near(tr.doc.resolve(Math.min(position, tr.doc.content.size)))))
  editor.view.focus()
}
