// A selected block (a photo, a gallery, an embed, a divider) is never replaced: what is typed, pasted or dropped on it
// goes into the line below. Only Backspace and Delete take it away.

import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { change, endOfSelected, lineBelow, paragraphAfter, stepBelow } from "marquee/place"

const { TextSelection } = pm.state

export const SelectedBlock = Extension.create({
  name: "selectedBlock",
  // Before the caret is read.
  priority: 2100,

  addProseMirrorPlugins() {
    const { editor } = this
    const props = {
      handleKeyDown: (_view, event) => key(editor, event),
      handleTextInput: (_view, _from, _to, text) => write(editor, text),
      handlePaste: (_view, { clipboardData }) => void (clipboardData?.types.length && stepBelow(editor, { fresh: true })),
      handleDrop: (view, event, slice, moved) => !moved && drop(editor, view, event, slice),
      handleDOMEvents: {
        beforeinput: (_view, event) => input(editor, event),
        compositionstart: () => void stepBelow(editor),
        click: (view) => hold(view),
        keydown: (view) => void (view === held && reselect(view)),
      },
    }
    return [new Plugin({ props })]
  },
})

// A click on a block that is selected already leaves the page without a selection, a moment later: the next key would act
// at the start of the text.
let held = null

function hold(view) {
  if (endOfSelected(view.state) === null) return
  held = view
  setTimeout(() => (reselect(view), (held = null)))
}

function reselect(view) {
  if (!view.isDestroyed && view.hasFocus() && endOfSelected(view.state) !== null) view.focus()
}

function key(editor, event) {
  if (endOfSelected(editor.state) === null) return false
  if (event.key === "Enter" && !event.isComposing) return paragraphAfter(editor, editor.state.selection.from), true
  if (types(event)) stepBelow(editor)
  // The key itself is the browser's: it acts where the caret stands now.
  return false
}

// Whether a key writes a letter or begins to. AltGr passes for Ctrl and Alt together.
function types(event) {
  if (event.isComposing || event.keyCode === 229 || event.key === "Dead") return true
  const commands = (event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph")
  return event.key.length === 1 && !commands
}

// Text that comes without a key: from a telephone's keyboard, an emoji table, dictation.
function input(editor, event) {
  if (!event.inputType.startsWith("insert") || event.inputType === "insertFromDrop" || !stepBelow(editor)) return false
  if (!event.cancelable || !event.data) return false
  event.preventDefault()
  editor.view.dispatch(editor.state.tr.insertText(event.data).scrollIntoView())
  return true
}

function write(editor, text) {
  if (!stepBelow(editor)) return false
  editor.view.dispatch(editor.state.tr.insertText(text).scrollIntoView())
  return true
}

// Words dropped on a block go below it; files have a place of their own.
function drop(editor, view, event, slice) {
  const at = view.posAtCoords({ left: event.clientX, top: event.clientY })
  const block = at?.inside >= 0 && view.state.doc.nodeAt(at.inside)
  if (!block?.isAtom || !slice.size || event.dataTransfer?.files.length) return false
  const tr = change(editor)
  const line = lineBelow(tr, at.inside + block.nodeSize, true)
  tr.setSelection(TextSelection.create(tr.doc, line)).replaceSelection(slice)
  view.dispatch(tr.setMeta("uiEvent", "drop").scrollIntoView())
  view.focus()
  return true
}
