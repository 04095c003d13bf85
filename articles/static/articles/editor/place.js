// Where things stand in the text: positions that outlive edits, whole blocks put in, moved and selected.

import { pm } from "django-prose-editor/editor"

const { NodeSelection, TextSelection, Selection } = pm.state

// A change of the text's structure: undone by itself, however soon it followed on the last word typed.
export const change = (editor) => pm.history.closeHistory(editor.state.tr)

// A range that follows the text while a dialog is open or the server is asked. What is typed at its edges stays outside.
export function track(editor, from = editor.state.selection.from, to = editor.state.selection.to) {
  const place = { from, to, end: () => editor.off("transaction", follow) }
  const follow = ({ transaction: { mapping } }) => {
    const inward = place.from < place.to ? 1 : -1
    place.to = mapping.map(place.to, -1)
    place.from = Math.min(place.to, mapping.map(place.from, inward))
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

// Whether a change is no more than letters in a block: every block stays where it is among the others.
export const isTyped = (tr) =>
  tr.before.childCount === tr.doc.childCount && tr.steps.every(({ slice }) => slice && !slice.content.firstChild?.isBlock)

const isParagraph = (node) => node?.type.name === "paragraph"
const isEmptyLine = (node) => isParagraph(node) && node.content.size === 0

// The gap between two blocks where one goes that is asked for at a position: above an empty line and above a text from its
// start, else below.
export function gapAt(doc, position) {
  const at = doc.resolve(Math.min(position, doc.content.size))
  if (!at.depth) return at.pos
  const block = at.node(1)
  const isAbove = isEmptyLine(block) || (block.isTextblock && at.parentOffset === 0)
  return isAbove ? at.before(1) : at.after(1)
}

// Where the line below a gap begins: a paragraph, made if none is there; or if that holds words and a `fresh` one is wanted.
export function lineBelow(tr, gap, fresh = false) {
  const below = tr.doc.resolve(gap).nodeAfter
  if (!isParagraph(below) || (fresh && !isEmptyLine(below))) tr.insert(gap, tr.doc.type.schema.nodes.paragraph.create())
  return gap + 1
}

// Puts whole blocks into a gap and returns where they end. Nobody is left without a line to go on below the last block.
export function putBlocks(tr, gap, nodes) {
  tr.insert(gap, nodes)
  const end = nodes.reduce((position, node) => position + node.nodeSize, gap)
  if (end === tr.doc.content.size) lineBelow(tr, end)
  return end
}

// Puts blocks in for a writer who waits for them: the caret goes on in the line below. Without `follow` it stays.
export function insertBlocks(editor, position, nodes, { follow = true } = {}) {
  const tr = change(editor)
  const end = putBlocks(tr, gapAt(tr.doc, position), nodes)
  if (!follow) return editor.view.dispatch(tr)
  const line = lineBelow(tr, end)
  editor.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, line)).scrollIntoView())
  editor.view.focus()
}

export const insertBlock = (editor, position, node, options) => insertBlocks(editor, position, [node], options)

// Where the selected block ends; null if the selection is in a text.
export function endOfSelected({ selection }) {
  if (!(selection instanceof NodeSelection) || !selection.node.isBlock) return null
  return selection.$from.depth ? selection.$from.after(1) : selection.to
}

// Leaves a selected block for the line below it. Returns whether a block was selected.
export function stepBelow(editor, { fresh = false } = {}) {
  const end = endOfSelected(editor.state)
  if (end === null) return false
  const { tr } = editor.state
  const line = lineBelow(tr, end, fresh)
  editor.view.dispatch(tr.setSelection(TextSelection.create(tr.doc, line)).scrollIntoView())
  return true
}

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
