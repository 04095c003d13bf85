// What is made of signs as they are typed: lists and headings from the marks of Markdown, quotes and dashes of the story's
// language. One undo takes each back to what was typed.

import { Extension, InputRule, textblockTypeInputRule, wrappingInputRule } from "django-prose-editor/editor"
import { language } from "marquee/language"
import { typedSign } from "marquee/typography"

export const Typing = Extension.create({
  name: "typing",

  addInputRules() {
    const { heading, orderedList } = this.editor.schema.nodes
    return [
      textblockTypeInputRule({ find: /^#\s$/, type: heading, getAttributes: { level: 2 } }),
      // Only a list that begins with 1: “5. November” is a date.
      wrappingInputRule({ find: /^1[.)]\s$/, type: orderedList }),
      new InputRule({ find: found, handler: replace, undoable: false }),
    ]
  },
})

function found(text) {
  const [before, sign] = [text.slice(0, -1), text.slice(-1)]
  const change = typedSign(before, sign, language())
  return change && { index: before.length - change.taken, text: text.slice(before.length - change.taken), data: change }
}

function replace({ state, range, match }) {
  const { written } = match.data
  if (written) state.tr.insertText(written, range.from, range.to)
  else state.tr.delete(range.from, range.to)
}
