// The language of the text is the story's; each block runs in the direction of its own words.

import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { isTyped } from "marquee/place"

const { Decoration, DecorationSet } = pm.view

// The language that the form says, or else the title that publishes.
export const language = () =>
  document.getElementById("id_locale")?.value.trim() || document.querySelector("[data-language]")?.dataset.language || "en"

export const Language = Extension.create({
  name: "language",

  onCreate() {
    const { view } = this.editor
    document.getElementById("id_locale")?.addEventListener("change", () => view.updateState(view.state))
  },

  addProseMirrorPlugins() {
    const state = { init: (_config, { doc }) => directed(doc), apply }
    const props = {
      attributes: () => ({ lang: language() }),
      decorations(now) {
        return this.getState(now)
      },
    }
    return [new Plugin({ state, props })]
  },
})

function apply(tr, was) {
  if (!tr.docChanged) return was
  return isTyped(tr) ? was.map(tr.mapping, tr.doc) : directed(tr.doc)
}

// Lists and quotes as a whole: their bullets and bars stand on the side where their words begin.
function directed(doc) {
  const found = []
  doc.forEach((node, at) => node.isAtom || found.push(Decoration.node(at, at + node.nodeSize, { dir: "auto" })))
  return DecorationSet.create(doc, found)
}
