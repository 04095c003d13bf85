// The photo in the text: an atom that shows the picture and what this use says about it.

import { Node } from "django-prose-editor/editor"
import { button, make, select } from "marquee/dom"
import { PhotoCard, readFigure, USE, writeFigure } from "marquee/photo-card"
import { recall } from "marquee/photos"
import { pickPhotos } from "marquee/picker"
import { insertBlocks, moveBlocks, paragraphAfter, removeNode, selectNode, track, updateAttributes } from "marquee/place"
import { handedOn } from "marquee/swap"
import { imagesOf } from "marquee/upload"
import { uploadInto } from "marquee/uploads"

const LAYOUTS = [["wide", "Wide"], ["inset", "Inset"], ["full", "Full width"], ["portrait", "Portrait"]]

export const Photo = Node.create({
  name: "photo",
  group: "figure",
  atom: true,
  draggable: true,
  selectable: true,

  addAttributes() {
    const hidden = (name) => ({ default: USE[name], rendered: false })
    return { photo: hidden("photo"), layout: hidden("layout"), caption: hidden("caption"), alt: hidden("alt"), decorative: hidden("decorative") }
  },

  parseHTML() {
    return [{ tag: "figure[data-photo]", priority: 60, getAttrs: readFigure }]
  },

  renderHTML({ node, HTMLAttributes }) {
    return writeFigure({ ...node.attrs, id: HTMLAttributes["data-id"] })
  },

  addCommands() {
    return { choosePhoto: () => ({ editor, dispatch }) => Boolean(dispatch ? choose(editor) : true) }
  },

  addKeyboardShortcuts() {
    return { "Mod-Alt-p": () => this.editor.commands.choosePhoto() }
  },

  addNodeView() {
    return (given) => new PhotoView(given)
  },
})

// The place is read before the dialog opens: while it is open, the text has no caret.
export function choose(editor) {
  const place = track(editor)
  pickPhotos({ title: "Choose photos", placement: "body", multiple: true, words: "rich" }).then((photos) => {
    place.end()
    insertPhotos(editor, place.to, photos)
  })
  return true
}

export function insertPhotos(editor, position, photos) {
  if (photos.length) insertBlocks(editor, position, photos.map(({ id, use }) => editor.schema.nodes.photo.create({ ...use, photo: id })))
  else editor.view.focus()
}

class PhotoView {
  constructor({ node, editor, getPos }) {
    Object.assign(this, { node, editor, getPos })
    this.card = new PhotoCard(this.host())
    this.dom = make("figure", { class: "mq-block mq-photo", contenteditable: "false" }, this.card.picture, this.card.fields)
    this.card.picture.addEventListener("click", () => selectNode(editor, getPos()))
    this.card.picture.addEventListener("dblclick", () => this.replace())
    this.dom.addEventListener("drop", (event) => this.drop(event))
    this.show()
  }

  host() {
    const { editor } = this
    return {
      change: (changes, options) => updateAttributes(editor, this.getPos(), changes, options),
      upload: (files) => this.fillWith(files),
      choose: () => this.replace(),
      undo: () => editor.commands.undo(),
      redo: () => editor.commands.redo(),
      leave: (where) => (where === "after" ? paragraphAfter(editor, this.getPos()) : selectNode(editor, this.getPos())),
    }
  }

  show() {
    const { id, photo, layout } = this.node.attrs
    Object.assign(this.dom.dataset, { layout, block: id ?? "", photo })
    this.controls ??= this.makeControls()
    this.controls[0].value = this.node.attrs.layout
    this.card.show(this.node.attrs, ...this.controls)
  }

  makeControls() {
    const deed = (label, symbol, action) => button(label, action, { symbol, className: "mq-tool" })
    const move = (direction) => () => {
      selectNode(this.editor, this.getPos())
      moveBlocks(this.editor, direction)
    }
    return [
      select("Size", LAYOUTS, this.node.attrs.layout, (layout) => this.card.host.change({ layout })),
      deed("Choose another photo", "swap_horiz", () => this.replace()),
      deed("Move up", "arrow_upward", move(-1)),
      deed("Move down", "arrow_downward", move(1)),
      deed("Remove this photo", "delete", () => removeNode(this.editor, this.getPos())),
    ]
  }

  async replace() {
    const [photo] = await pickPhotos({ title: "Choose another photo", placement: "body" })
    if (photo) await this.take(photo.id)
    if (this.getPos() !== undefined) selectNode(this.editor, this.getPos())
  }

  async take(photo) {
    const kept = await handedOn(this.node.attrs, photo)
    if (kept && this.getPos() !== undefined) this.card.host.change({ ...kept, photo }, { alone: true })
  }

  // Files that are dropped on a slot: the first one fills it, the others stand below.
  drop(event) {
    const files = imagesOf(event.dataTransfer)
    if (!files.length || recall(this.node.attrs.photo)?.state !== "awaiting") return
    event.preventDefault()
    event.stopPropagation()
    this.fillWith(files)
  }

  fillWith(files) {
    uploadInto(this.editor, this.getPos() + this.node.nodeSize, files, async (id, index) => index === 0 && this.fill(id))
  }

  // Whether the slot is still here to be filled.
  async fill(photo) {
    if (this.getPos() === undefined) return false
    await this.take(photo)
    return true
  }

  update(node) {
    if (node.type !== this.node.type) return false
    this.node = node
    this.show()
    return true
  }

  destroy() {
    this.card.dispose()
  }

  selectNode() {
    this.dom.classList.add("mq-selected")
  }

  deselectNode() {
    this.dom.classList.remove("mq-selected")
  }

  stopEvent(event) {
    return this.card.fields.contains(event.target)
  }

  ignoreMutation() {
    return true
  }
}
