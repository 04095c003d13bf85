// Blocks far from the caret need not be drawn while they are out of sight. At every key the browser counts the letters
// before the caret: it leaves these out, and a key in a long story costs what it costs in a short one.

import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { isTyped } from "marquee/place"

const { Decoration, DecorationSet } = pm.view
// So many blocks around the caret are always drawn, and so many the caret may go before they are reckoned anew.
const NEAR = 8
const STEP = 4

export const Far = Extension.create({
  name: "far",

  addProseMirrorPlugins() {
    const state = { init: (_config, now) => around(now.doc, 0), apply }
    const decorations = function (now) {
      return this.getState(now).set
    }
    return [new Plugin({ state, props: { decorations } })]
  },
})

function apply(tr, was) {
  const here = tr.selection.$head.index(0)
  if (Math.abs(here - was.here) > STEP || (tr.docChanged && !isTyped(tr))) return around(tr.doc, here)
  return tr.docChanged ? { ...was, set: was.set.map(tr.mapping, tr.doc) } : was
}

function around(doc, here) {
  const far = []
  doc.forEach((node, at, index) => Math.abs(index - here) > NEAR && far.push(Decoration.node(at, at + node.nodeSize, { class: "mq-far" })))
  return { here, set: DecorationSet.create(doc, far) }
}
