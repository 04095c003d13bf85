// What holds for every block: an id that stays, keys that select before they delete and that move blocks.

import { Document as BaseDocument, Extension, HorizontalRule as BaseRule, ListItem as BaseItem, pm, Plugin } from "django-prose-editor/editor"
import { moveBlocks, removeNode, selectNode } from "marquee/place"

// Photos, galleries, embeds, pull quotes and dividers stand between texts, never inside a list or a quote.
export const Document = BaseDocument.extend({
  content: "(block | figure)+",

  // The engine would write its few rules into the page, which the policy forbids; they stand in editor.css.
  onBeforeCreate() {
    this.editor.options.injectCSS = false
  },
})
export const HorizontalRule = BaseRule.extend({ group: "figure" })
export const ListItem = BaseItem.extend({ content: "paragraph (paragraph | bulletList | orderedList)*" })

const IDENTIFIED = ["paragraph", "heading", "bulletList", "orderedList", "blockquote", "pullQuote", "horizontalRule", "photo", "gallery", "embed"]
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => LETTERS[byte % 36]).join("")

export const BlockIds = Extension.create({
  name: "blockIds",

  addGlobalAttributes() {
    const id = {
      default: null,
      keepOnSplit: false,
      parseHTML: (element) => element.getAttribute("data-id"),
      renderHTML: ({ id }) => (id ? { "data-id": id } : {}),
    }
    return [{ types: IDENTIFIED, attributes: { id } }]
  },

  // The line of a new story too, before its first letter: the library replaces no sign as it is typed where more changes.
  onCreate() {
    const tr = this.editor.isEmpty && identified(this.editor.state)
    if (tr) this.editor.view.dispatch(tr.setMeta("addToHistory", false))
  },

  addProseMirrorPlugins() {
    const appendTransaction = (transactions, _before, state) =>
      transactions.some((each) => each.docChanged) ? identified(state) : null
    return [new Plugin({ appendTransaction })]
  },
})

// Gives every block without an id, and every second bearer of one, an id of its own; blocks inside blocks have none.
function identified(state) {
  const seen = new Set()
  const tr = state.tr
  state.doc.forEach((block, position) => {
    const { id } = block.attrs
    const wanted = id && !seen.has(id) ? id : newId()
    if ("id" in block.attrs && wanted !== id) tr.setNodeAttribute(position, "id", wanted)
    seen.add(wanted)
    if (!anonymous.has(block)) block.descendants((node, at) => void (node.attrs.id && tr.setNodeAttribute(position + 1 + at, "id", null)))
    anonymous.add(block)
  })
  return tr.docChanged ? tr : null
}

// Blocks that have no ids inside of them. A block that changes is another one.
const anonymous = new WeakSet()

export const BlockKeys = Extension.create({
  name: "blockKeys",
  priority: 200,

  addKeyboardShortcuts() {
    return {
      Backspace: () => removeSelected(this.editor) || selectBeside(this.editor, -1),
      Delete: () => removeSelected(this.editor) || selectBeside(this.editor, 1),
      "Alt-ArrowUp": () => moveBlocks(this.editor, -1) || true,
      "Alt-ArrowDown": () => moveBlocks(this.editor, 1) || true,
      // With nothing left to redo the engine would try the same key without Shift, and undo.
      "Mod-Shift-z": () => this.editor.commands.redo() || true,
    }
  },
})

function removeSelected(editor) {
  const { selection } = editor.state
  if (!(selection instanceof pm.state.NodeSelection)) return false
  removeNode(editor, selection.from)
  return true
}

// Nobody loses a photo to one Backspace too many: the first selects what stands beside the caret, the second deletes it.
function selectBeside(editor, direction) {
  const { selection } = editor.state
  if (!(selection instanceof pm.state.TextSelection) || !selection.empty) return false
  const { $from } = selection
  const atEdge = direction < 0 ? $from.parentOffset === 0 : $from.parentOffset === $from.parent.content.size
  if ($from.depth !== 1 || !atEdge) return false
  const edge = editor.state.doc.resolve(direction < 0 ? $from.before() : $from.after())
  const beside = direction < 0 ? edge.nodeBefore : edge.nodeAfter
  if (!beside?.isAtom) return false
  selectNode(editor, direction < 0 ? edge.pos - beside.nodeSize : edge.pos)
  return true
}
