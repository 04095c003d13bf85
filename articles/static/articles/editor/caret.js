// The caret: a key acts where the writer sees it.

import { Extension, Plugin } from "django-prose-editor/editor"

// Browsers tell of a moved caret with the next frame, which is late on a busy page. A key that comes sooner would act at
// the old place; and a little after the focus came, the editor would put the caret back there.
export const Caret = Extension.create({
  name: "caret",
  priority: 2000,

  addProseMirrorPlugins() {
    const keydown = (_view, event) => void (event.isComposing || readCaret())
    const mousedown = () => void setTimeout(readCaret)
    return [new Plugin({ props: { handleDOMEvents: { keydown, mousedown } } })]
  },
})

const readCaret = () => void document.dispatchEvent(new Event("selectionchange"))
