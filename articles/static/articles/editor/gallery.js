// The gallery: an atom that holds many uses of photos in an order, each with its own caption and alt text.

import { Node } from "django-prose-editor/editor"
import { announce, button, make } from "marquee/dom"
import { PhotoCard, readFigure, USE, writeFigure } from "marquee/photo-card"
import { pickPhotos } from "marquee/picker"
import { insertBlock, paragraphAfter, removeNode, selectNode, track, updateAttributes } from "marquee/place"

export const Gallery = Node.create({
  name: "gallery",
  group: "figure",
  atom: true,
  draggable: true,

  addAttributes() {
    return { title: { default: null, rendered: false }, photos: { default: [], rendered: false } }
  },

  parseHTML() {
    const getAttrs = (element) => ({
      title: element.getAttribute("data-title"),
      photos: [...element.querySelectorAll("figure[data-photo]")].map(readFigure),
    })
    return [{ tag: "div[data-gallery]", priority: 60, getAttrs }]
  },

  renderHTML({ node, HTMLAttributes }) {
    const { title, photos } = node.attrs
    return make("div", { ...HTMLAttributes, "data-gallery": "", "data-title": title || null }, ...photos.map(writeFigure))
  },

  addCommands() {
    return { chooseGallery: () => ({ editor, dispatch }) => Boolean(dispatch ? choose(editor) : true) }
  },

  addKeyboardShortcuts() {
    return { "Mod-Alt-g": () => this.editor.commands.chooseGallery() }
  },

  addNodeView() {
    return (given) => new GalleryView(given)
  },
})

const DRAGGED = "application/x-marquee-photo"
const isBelowMiddle = ({ clientY }, dom) => clientY > dom.getBoundingClientRect().top + dom.offsetHeight / 2
const useOf = ({ id }) => ({ ...USE, photo: id })

function choose(editor) {
  const place = track(editor)
  pickPhotos({ title: "Choose the photos of a gallery", placement: "gallery", multiple: true }).then((photos) => {
    place.end()
    if (!photos.length) return editor.view.focus()
    insertBlock(editor, place.to, editor.schema.nodes.gallery.create({ photos: photos.map(useOf) }))
  })
  return true
}

class GalleryView {
  constructor({ node, editor, getPos }) {
    Object.assign(this, { node, editor, getPos, rows: [], dragged: null })
    this.title = make("input", { type: "text", class: "mq-input", dir: "auto", placeholder: "Title of the gallery", "aria-label": "Title of the gallery", on: { input: () => this.change({ title: this.title.value || null }) } })
    this.list = make("ol", { class: "mq-gallery__list" })
    this.count = make("span", { class: "mq-gallery__count" })
    this.handle = make("div", { class: "mq-gallery__handle", "data-drag-handle": true }, make("strong", {}, "Gallery "), this.count)
    this.body = make("div", { class: "mq-gallery__body" }, this.title, this.list, this.tools())
    this.dom = make("div", { class: "mq-block mq-gallery", contenteditable: "false" }, this.handle, this.body)
    this.handle.addEventListener("click", () => selectNode(editor, getPos()))
    this.show()
  }

  tools() {
    const remove = () => removeNode(this.editor, this.getPos())
    return make("div", { class: "mq-photo__controls" }, button("Add photos …", () => this.extend()), button("Remove the gallery", remove, { symbol: "delete", className: "mq-tool" }))
  }

  change(changes) {
    updateAttributes(this.editor, this.getPos(), changes)
  }

  arrange(photos) {
    updateAttributes(this.editor, this.getPos(), { photos }, { alone: true })
  }

  show() {
    const { title, photos } = this.node.attrs
    if (this.title.value !== (title ?? "")) this.title.value = title ?? ""
    this.count.textContent = `${photos.length} photo${photos.length === 1 ? "" : "s"}`
    while (this.rows.length < photos.length) this.rows.push(this.row(this.rows.length))
    while (this.rows.length > photos.length) this.rows.pop().dom.remove()
    photos.forEach((use, index) => this.rows[index].card.show(use, ...this.rows[index].controls))
  }

  row(index) {
    const { editor } = this
    const host = {
      change: (changes) => this.change({ photos: this.node.attrs.photos.map((use, at) => (at === index ? { ...use, ...changes } : use)) }),
      undo: () => editor.commands.undo(),
      redo: () => editor.commands.redo(),
      leave: (where) => (where === "after" ? this.leave(index) : selectNode(editor, this.getPos())),
    }
    const card = new PhotoCard(host, 320)
    const dom = make("li", { class: "mq-gallery__item" }, card.picture, card.fields)
    this.letDrag(dom, card.picture, index)
    this.list.append(dom)
    return { card, dom, controls: this.controls(index) }
  }

  // Enter goes on to the next caption, and from the last one into the text.
  leave(index) {
    const next = this.rows[index + 1]
    if (next) next.card.caption.focus()
    else paragraphAfter(this.editor, this.getPos())
  }

  controls(index) {
    const deed = (label, symbol, action) => button(label, action, { symbol, className: "mq-tool" })
    return [
      deed("Move earlier", "arrow_upward", () => this.move(index, index - 1)),
      deed("Move later", "arrow_downward", () => this.move(index, index + 1)),
      deed("Take out of the gallery", "delete", () => this.take(index)),
    ]
  }

  move(from, to) {
    if (to < 0 || to >= this.rows.length) return
    this.reorder(from, to)
    this.rows[to].controls[to > from ? 1 : 0].focus()
  }

  reorder(from, to) {
    const photos = [...this.node.attrs.photos]
    photos.splice(to, 0, ...photos.splice(from, 1))
    this.arrange(photos)
    announce(`Photo ${to + 1} of ${photos.length}.`)
  }

  // A photo is taken by its picture and dropped above or below another one of the same gallery.
  letDrag(dom, picture, index) {
    picture.draggable = true
    picture.addEventListener("dragstart", ({ dataTransfer }) => {
      this.dragged = index
      dataTransfer.effectAllowed = "move"
      dataTransfer.setData(DRAGGED, String(index))
      dataTransfer.setDragImage(dom, 20, 20)
    })
    picture.addEventListener("dragend", () => this.aim(null))
    dom.addEventListener("dragover", (event) => this.over(event, index, isBelowMiddle(event, dom)))
    dom.addEventListener("drop", (event) => this.drop(event, index + isBelowMiddle(event, dom)))
  }

  over(event, index, below) {
    if (this.dragged === null) return
    event.preventDefault()
    // The text would mark a place of its own.
    event.stopPropagation()
    this.aim(index, below)
  }

  // Shows where the photo would go; null when it is no longer dragged.
  aim(index, below) {
    this.rows.forEach(({ dom }, at) => {
      dom.classList.toggle("mq-gallery__item--above", at === index && !below)
      dom.classList.toggle("mq-gallery__item--below", at === index && below)
    })
    if (index === null) this.dragged = null
  }

  drop(event, gap) {
    const from = this.dragged
    if (from === null) return
    event.preventDefault()
    this.aim(null)
    const to = gap > from ? gap - 1 : gap
    if (to !== from) this.reorder(from, to)
  }

  take(index) {
    this.arrange(this.node.attrs.photos.filter((_, at) => at !== index))
  }

  async extend() {
    const photos = await pickPhotos({ title: "Add photos to the gallery", placement: "gallery", multiple: true })
    if (photos.length) this.arrange([...this.node.attrs.photos, ...photos.map(useOf)])
  }

  update(node) {
    if (node.type !== this.node.type) return false
    this.node = node
    this.show()
    return true
  }

  selectNode() {
    this.dom.classList.add("mq-selected")
  }

  deselectNode() {
    this.dom.classList.remove("mq-selected")
  }

  stopEvent(event) {
    return this.body.contains(event.target)
  }

  ignoreMutation() {
    return true
  }
}
