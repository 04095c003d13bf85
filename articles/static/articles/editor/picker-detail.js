// The chosen photos of the picker with their words: credit, caption and alt text, written before they are placed.

import { counted } from "marquee/counted"
import { ask, button, make } from "marquee/dom"
import { nextField, USE } from "marquee/photo-card"
import { PhotoWords } from "marquee/photo-words"
import { badge, load, picture } from "marquee/photos"

export class PickerDetail {
  // `words`: “rich” for captions with bold words and links, “plain”, or nothing where a use has no words of its own.
  // `like(photo)` lists the photos that look like one.
  constructor({ placement, words, done, like }) {
    Object.assign(this, { placement, words, done, like, rows: new Map(), shown: [] })
    this.hint = make("p", { class: "mq-words__note" }, "Choose or upload a photo to write its words here.")
    this.list = make("div", { class: "mq-detail__list" })
    this.dom = make("section", { class: "mq-detail mq-detail--empty", "aria-label": "Credit, caption and alt text" }, this.hint, this.list)
    this.heard = ({ detail }) => detail.filter((id) => this.rows.has(id)).forEach((id) => this.ask(id))
    document.addEventListener("marquee:photos", this.heard)
  }

  dispose() {
    document.removeEventListener("marquee:photos", this.heard)
  }

  // What was written for a photo stays if it is taken out of the choice and put back.
  show(photos) {
    this.shown = photos.map(({ id }) => id)
    for (const photo of photos) if (!this.rows.has(photo.id)) this.rows.set(photo.id, new Row(this, photo))
    for (const [id, { dom }] of this.rows) if (!this.shown.includes(id)) dom.remove()
    this.shown.forEach((id, index) => {
      const { dom } = this.rows.get(id)
      if (this.list.children[index] !== dom) this.list.insertBefore(dom, this.list.children[index] ?? null)
    })
    this.hint.hidden = photos.length > 0
    this.dom.classList.toggle("mq-detail--empty", !photos.length)
  }

  async ask(id) {
    const photo = await load(id, this.placement)
    if (photo) this.rows.get(id).take(photo)
  }

  // What each use says in words of its own.
  useOf(id) {
    const { caption, alt, decorative } = this.rows.get(id)?.use ?? USE
    return { caption, alt, decorative }
  }

  // Whether everything that was to be saved to the photos is.
  async settle() {
    const done = await Promise.all(this.shown.map((id) => this.rows.get(id).form.settle()))
    return done.every(Boolean)
  }

  // The first credit that is still to be written.
  focusEmpty() {
    const field = [...this.dom.querySelectorAll("[data-field=credit]")].find((each) => !each.value && !each.readOnly)
    field?.focus()
    return Boolean(field)
  }
}

class Row {
  constructor(detail, photo) {
    this.detail = detail
    this.use = { ...USE, photo: photo.id }
    const go = (field) => nextField(field, detail.dom) ?? detail.done()
    this.form = new PhotoWords({ change: (changes) => this.change(changes), leave: (_where, field) => go(field), next: go }, { rich: detail.words === "rich", own: Boolean(detail.words) })
    this.picture = make("div", { class: "mq-detail__picture" })
    this.similar = button("", () => detail.like(this.photo), { hidden: true, className: "mq-detail__similar" })
    this.dom = make("div", { class: "mq-detail__row", role: "group", "data-photo": photo.id }, this.picture, this.similar, this.form.dom)
    this.take(photo)
    this.count()
  }

  // A hint that nobody waits for.
  async count() {
    const { count } = await ask(`similar/${this.photo.id}/`).catch(() => ({ count: 0 }))
    this.similar.hidden = !count
    this.similar.textContent = counted(count, "similar photo")
  }

  take(photo) {
    this.photo = photo
    this.dom.setAttribute("aria-label", photo.caption || "Photo without a caption")
    this.show()
  }

  change(changes) {
    Object.assign(this.use, changes)
    this.show()
  }

  show() {
    this.form.show(this.use, this.photo)
    this.picture.replaceChildren(picture(this.photo, 320, ""), badge(this.photo, this.detail.words ? this.use : null))
  }
}
