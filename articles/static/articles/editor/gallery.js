// The gallery: an atom that holds many uses of photos in an order, each with its own caption and alt text.

import { Node } from "django-prose-editor/editor"
import { counted } from "marquee/counted"
import { announce, button, make } from "marquee/dom"
import { Order } from "marquee/gallery-order"
import { PhotoCard, readFigure, USE, writeFigure } from "marquee/photo-card"
import { recall } from "marquee/photos"
import { pickPhotos } from "marquee/picker"
import { insertBlock, paragraphAfter, removeNode, selectNode, track, updateAttributes } from "marquee/place"
import { handedOn } from "marquee/swap"
import { imagesOf } from "marquee/upload"
import { uploadInto } from "marquee/uploads"

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

const placeOf = (photos, id, index) => (photos[index]?.photo === id ? index : photos.findIndex(({ photo }) => photo === id))
const useOf = ({ id, use }) => ({ ...USE, ...use, photo: id })

function choose(editor) {
  const place = track(editor)
  pickPhotos({ title: "Choose the photos of a gallery", placement: "gallery", multiple: true, words: "rich" }).then((photos) => {
    place.end()
    if (!photos.length) return editor.view.focus()
    insertBlock(editor, place.to, editor.schema.nodes.gallery.create({ photos: photos.map(useOf) }))
  })
  return true
}

class GalleryView {
  constructor({ node, editor, getPos }) {
    Object.assign(this, { node, editor, getPos, rows: [] })
    this.order = new Order((from, to) => this.reorder(from, to))
    this.title = make("input", { type: "text", class: "mq-input", dir: "auto", placeholder: "Title of the gallery", "aria-label": "Title of the gallery", on: { input: () => this.change({ title: this.title.value || null }) } })
    this.list = make("ol", { class: "mq-gallery__list" })
    this.count = make("span", { class: "mq-gallery__count" })
    this.handle = make("div", { class: "mq-gallery__handle", "data-drag-handle": true }, make("strong", {}, "Gallery "), this.count)
    this.body = make("div", { class: "mq-gallery__body" }, this.title, this.list, this.tools())
    this.dom = make("div", { class: "mq-block mq-gallery", contenteditable: "false" }, this.handle, this.body)
    this.handle.addEventListener("click", () => selectNode(editor, getPos()))
    this.body.addEventListener("drop", (event) => this.receive(event))
    this.show()
  }

  tools() {
    const remove = () => removeNode(this.editor, this.getPos())
    return make("div", { class: "mq-photo__controls" }, button("Add photos…", () => this.extend()), button("Remove the gallery", remove, { symbol: "delete", className: "mq-tool" }))
  }

  change(changes) {
    updateAttributes(this.editor, this.getPos(), changes)
  }

  arrange(photos) {
    updateAttributes(this.editor, this.getPos(), { photos }, { alone: true })
  }

  show() {
    const { id, title, photos } = this.node.attrs
    this.dom.dataset.block = id ?? ""
    if (this.title.value !== (title ?? "")) this.title.value = title ?? ""
    this.count.textContent = counted(photos.length, "photo")
    while (this.rows.length < photos.length) this.rows.push(this.row(this.rows.length))
    while (this.rows.length > photos.length) this.remove(this.rows.pop())
    photos.forEach((use, index) => this.showRow(this.rows[index], use))
  }

  showRow({ card, controls, dom }, use) {
    Object.assign(dom.dataset, { photo: use.photo, use: "" })
    card.show(use, ...controls)
  }

  remove({ card, dom }) {
    this.order.forget(dom)
    card.dispose()
    dom.remove()
  }

  row(index) {
    const { editor } = this
    const host = {
      change: (changes) => this.change({ photos: this.node.attrs.photos.map((use, at) => (at === index ? { ...use, ...changes } : use)) }),
      upload: (files) => this.upload(files, this.node.attrs.photos[index].photo),
      choose: () => this.replace(index),
      undo: () => editor.commands.undo(),
      redo: () => editor.commands.redo(),
      leave: (where) => (where === "after" ? this.leave(index) : selectNode(editor, this.getPos())),
    }
    const card = new PhotoCard(host, { width: 320, placement: "gallery" })
    const dom = make("li", { class: "mq-gallery__item" }, card.picture, card.fields)
    this.order.add(dom, card.picture, index)
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
      deed("Choose another photo", "swap_horiz", () => this.replace(index)),
      deed("Move earlier", "arrow_upward", () => this.move(index, index - 1)),
      deed("Move later", "arrow_downward", () => this.move(index, index + 1)),
      deed("Remove from the gallery", "delete", () => this.take(index)),
    ]
  }

  move(from, to) {
    if (to < 0 || to >= this.rows.length) return
    this.reorder(from, to)
    this.rows[to].controls[to > from ? 2 : 1].focus()
  }

  reorder(from, to) {
    const photos = [...this.node.attrs.photos]
    photos.splice(to, 0, ...photos.splice(from, 1))
    this.arrange(photos)
    announce(`Photo ${to + 1} of ${photos.length}.`)
  }

  take(index) {
    this.arrange(this.node.attrs.photos.filter((_, at) => at !== index))
  }

  async extend() {
    const photos = await pickPhotos({ title: "Add photos to the gallery", placement: "gallery", multiple: true, words: "rich" })
    if (photos.length) this.arrange([...this.node.attrs.photos, ...photos.map(useOf)])
  }

  // ---- another photo, an awaited one, files

  async replace(index) {
    const { photo } = this.node.attrs.photos[index]
    const [chosen] = await pickPhotos({ title: "Choose another photo", placement: "gallery" })
    if (chosen) await this.put(chosen.id, photo, index)
    this.rows[index]?.controls[0].focus()
  }

  // Puts a photo in the place of one that the gallery shows, wherever that stands by now. Returns whether it was there.
  async put(id, former, index = 0) {
    const used = () => placeOf(this.node.attrs.photos, former, index)
    if (used() < 0) return false
    const kept = await handedOn(this.node.attrs.photos[used()], id, "gallery")
    if (!kept || used() < 0) return false
    const now = used()
    this.arrange(this.node.attrs.photos.map((use, at) => (at === now ? { ...use, ...kept, photo: id } : use)))
    return true
  }

  // Files that are dropped on an awaited photo fill it; others are added.
  receive(event) {
    const files = imagesOf(event.dataTransfer)
    if (!files.length) return
    event.preventDefault()
    event.stopPropagation()
    const photo = event.target.closest("[data-photo]")?.dataset.photo
    this.upload(files, recall(photo, "gallery")?.state === "awaiting" ? photo : null)
  }

  upload(files, slot) {
    const take = async (id, index) => {
      if (this.getPos() === undefined) return false
      if (index === 0 && slot && (await this.put(id, slot))) return true
      this.arrange([...this.node.attrs.photos, useOf({ id })])
      return true
    }
    uploadInto(this.editor, this.getPos() + this.node.nodeSize, files, take)
  }

  destroy() {
    this.rows.forEach(({ card }) => card.dispose())
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
