// Uploads into the text: each is seen where its photo will stand until it is there, or says why it never will be. None of
// this is part of the text that is saved.

import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { announce, button, icon, make } from "marquee/dom"
import { load, together } from "marquee/photos"
import { change, gapAt, putBlocks } from "marquee/place"
import { send } from "marquee/upload"

const key = new pm.state.PluginKey("mq-uploads")
const { Decoration, DecorationSet } = pm.view

export const Uploads = Extension.create({
  name: "uploads",

  addProseMirrorPlugins() {
    const state = { init: () => [], apply: moved }
    return [new Plugin({ key, state, props: { decorations: shown } })]
  },

  onCreate() {
    const isRunning = () => key.getState(this.editor.state).some(({ upload }) => !upload.isRefused)
    addEventListener("beforeunload", (event) => isRunning() && event.preventDefault())
    // A file dropped beside the text would otherwise take the place of the page, and of all that was typed.
    for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => holdsFiles(event) && event.preventDefault())
  },
})

const holdsFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files")

// Where each upload stands after a change. What was dropped later at the same place stays below what has arrived.
function moved(tr, uploads) {
  const { begun = [], ended } = tr.getMeta(key) ?? {}
  const arrived = uploads.findIndex(({ upload }) => upload === ended)
  const follow = ({ upload, at }, index) => ({ upload, at: tr.mapping.map(at, arrived >= 0 && index > arrived ? 1 : -1) })
  return [...uploads.map(follow).filter(({ upload }) => upload !== ended), ...begun]
}

function shown(state) {
  const uploads = key.getState(state)
  if (!uploads.length) return null
  const options = { stopEvent: () => true, ignoreSelection: true }
  const widget = ({ upload, at }, side) => Decoration.widget(gapAt(state.doc, at), upload.dom, { ...options, key: upload.name, side: side - 1000 })
  return DecorationSet.create(state.doc, uploads.map(widget))
}

// Sends files to the photo desk, one after the other; their photos go into the gap. The caret stays where the writer has it.
// They may be for something else: `take` hears each one's id and number and says whether it was taken.
export function uploadInto(editor, gap, files, take = async () => false) {
  const group = new Set()
  const begun = files.map((file, index) => ({ upload: new Upload(editor, file, group, (id) => take(id, index)), at: gap }))
  const quiet = stillness()
  editor.view.dispatch(editor.state.tr.setMeta(key, { begun }).setMeta("addToHistory", false))
  announce(`Uploading ${files.map(({ name }) => name).join(", ")}…`)
  begun.reduce((before, { upload }) => before.then(() => upload.start()), Promise.resolve()).then(() => quiet() && goToCredit(editor, group))
}

// Whether the writer has done nothing since: then the caret may go where words are missing.
function stillness() {
  const signal = new AbortController()
  for (const kind of ["keydown", "pointerdown", "focusin", "compositionstart"]) addEventListener(kind, () => signal.abort(), { capture: true, signal: signal.signal })
  return () => !signal.signal.aborted && !signal.abort()
}

async function goToCredit(editor, group) {
  const quiet = stillness()
  const photos = await Promise.all([...group].map((id) => load(id)))
  const without = photos.find((photo) => photo && !photo.credit)
  if (!without || !quiet()) return
  requestAnimationFrame(() => editor.view.dom.querySelector(`[data-photo="${without.id}"] [data-field="credit"]`)?.focus())
}

let uploads = 0

class Upload {
  constructor(editor, file, group, take) {
    Object.assign(this, { editor, file, group, take, name: `mq-upload-${++uploads}`, isRefused: false })
    this.sentence = make("span", { class: "mq-upload__sentence" }, "Waiting…")
    this.again = button("Try again", () => this.start(), { hidden: true })
    this.dismiss = button(`Dismiss ${file.name}`, () => this.end(), { symbol: "close", className: "mq-tool", hidden: true })
    const text = make("div", { class: "mq-upload__text" }, make("strong", {}, file.name), this.sentence)
    this.dom = make("div", { class: "mq-upload", contenteditable: "false", role: "group", "aria-label": `Upload of ${file.name}` }, icon("image"), text, this.again, this.dismiss)
  }

  say(sentence, isRefused) {
    this.isRefused = isRefused
    this.sentence.textContent = sentence
    this.dom.classList.toggle("mq-upload--refused", isRefused)
    this.again.hidden = this.dismiss.hidden = !isRefused
  }

  async start() {
    this.say("Uploading…", false)
    try {
      const { id, note } = await send(this.file)
      together(this.group, id)
      if (await this.take(id)) this.end()
      else this.arrive(id)
      announce(`${this.file.name}: ${note || "uploaded."}`)
    } catch (error) {
      this.say(error.message, true)
      announce(`${this.file.name}: ${error.message}`)
    }
  }

  get place() {
    return key.getState(this.editor.state).find(({ upload }) => upload === this)
  }

  arrive(id) {
    if (!this.editor.isEditable) throw new Error("Someone else is writing in this story now. The photo was added to the library instead.")
    const tr = change(this.editor)
    const gap = gapAt(tr.doc, this.place.at)
    putBlocks(tr, gap, [this.editor.schema.nodes.photo.create({ photo: id })])
    this.end(tr)
  }

  end(tr = this.editor.state.tr) {
    this.editor.view.dispatch(tr.setMeta(key, { ended: this }))
  }
}
