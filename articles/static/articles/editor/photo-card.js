// One use of a photo, shown as readers see it: picture, caption, credit; and what this use says for itself.

import { make } from "marquee/dom"
import { cleanInline, fill, plainOf } from "marquee/inline"
import { PhotoWords } from "marquee/photo-words"
import { badge, load, picture, recall } from "marquee/photos"
import { slotTools } from "marquee/slot-tools"

export const USE = { photo: null, layout: "wide", caption: null, alt: null, decorative: false }

// What a figure of the stored HTML says; null for one that shows no photo of ours.
export function readFigure(figure) {
  const caption = figure.querySelector("figcaption")
  return {
    id: figure.getAttribute("data-id"),
    photo: figure.getAttribute("data-photo"),
    layout: figure.getAttribute("data-layout") || "wide",
    caption: caption ? cleanInline(caption.innerHTML) : null,
    alt: figure.getAttribute("data-alt"),
    decorative: figure.hasAttribute("data-decorative"),
  }
}

export function writeFigure({ id, photo, layout, caption, alt, decorative }) {
  const figure = make("figure", { "data-id": id, "data-photo": photo, "data-layout": layout, "data-alt": alt, "data-decorative": decorative })
  if (caption !== null) {
    const text = make("figcaption")
    fill(text, caption)
    figure.append(text)
  }
  return figure
}

// `host` is what the card stands in: change(changes), undo(), redo(), leave(“after” or “node”); and upload(files), choose()
// for the place of an awaited photo.
export class PhotoCard {
  constructor(host, { width = 640, placement = "body" } = {}) {
    Object.assign(this, { host, width, placement })
    this.picture = make("div", { class: "mq-photo__picture", "data-drag-handle": true })
    this.warning = make("p", { class: "mq-photo__warning", hidden: true })
    this.controls = make("div", { class: "mq-photo__controls" })
    this.words = new PhotoWords({ ...host, next: (field) => nextField(field) ?? host.leave("after", field) })
    this.slot = slotTools(host)
    this.fields = make("div", { class: "mq-photo__fields" }, this.slot, this.words.dom, this.warning, this.controls)
    this.heard = ({ detail }) => detail.includes(this.use?.photo) && this.fetch(this.use.photo)
    document.addEventListener("marquee:photos", this.heard)
  }

  dispose() {
    document.removeEventListener("marquee:photos", this.heard)
  }

  get caption() {
    return this.words.fields.caption
  }

  show(use, ...controls) {
    const changed = this.use?.photo !== use.photo
    this.use = use
    if (changed) this.facts = recall(use.photo, this.placement)
    this.words.show(use, this.facts)
    this.controls.replaceChildren(...controls)
    if (changed) this.fetch(use.photo)
    else this.showBadge()
  }

  async fetch(id) {
    const facts = recall(id, this.placement) ?? (await this.ask(id))
    if (this.use.photo !== id) return
    this.facts = facts
    this.showPhoto()
  }

  ask(id) {
    if (!this.facts) this.picture.replaceChildren(make("span", { class: "mq-nothumb" }, "Loading…"))
    return load(id, this.placement).then((facts) => facts ?? { missing: true }, (error) => ({ missing: true, reason: error.message }))
  }

  showPhoto() {
    const { facts } = this
    this.words.show(this.use, facts)
    if (facts.missing) return this.picture.replaceChildren(make("span", { class: "mq-nothumb" }, facts.reason ?? "This photo no longer exists."))
    this.slot.hidden = facts.state !== "awaiting"
    this.picture.replaceChildren(picture(facts, this.width, ""))
    this.showBadge()
    this.warning.hidden = facts.usable
    this.warning.textContent = facts.usable ? "" : facts.reason
  }

  showBadge() {
    if (!this.facts || this.facts.missing) return
    this.picture.querySelector(".mq-badge")?.remove()
    this.picture.append(badge(this.facts, this.use))
  }

  // A sentence that names the photo for screen readers.
  get name() {
    return plainOf(this.use.caption ?? "") || this.facts?.caption || "Photo"
  }
}

// Where Enter in a credit leads: to the next photo without one, then to a picture that nobody described yet.
export function nextField(field, root = field.closest(".tiptap, .mq-dialog, .mq-field")) {
  const isOpen = (each) => each.offsetParent && !each.readOnly && !each.value.trim() && each !== field
  for (const name of ["credit", "alt"]) {
    const fields = [...root.querySelectorAll(`[data-field="${name}"]`)].filter(isOpen)
    const below = field.dataset.field === name && fields.find((each) => field.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING)
    const next = below || fields[0]
    if (next) return next.focus(), next
  }
  return null
}
