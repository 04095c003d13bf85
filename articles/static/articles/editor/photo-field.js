// A photo of a form: the picture with its credit and rights, and the picker behind “Choose”.

import { button, make } from "marquee/dom"
import { handedOn } from "marquee/photo-card"
import { badge, load, picture, recall } from "marquee/photos"
import { pickPhotos } from "marquee/picker"

class PhotoField {
  constructor(input) {
    this.input = input
    this.face = make("div", { class: "mq-field__face" })
    this.choose = button("Choose a photo …", () => this.pick(), { "aria-haspopup": "dialog" })
    this.remove = button("Remove", () => this.set(""))
    this.dom = make("div", { class: "mq-field" }, this.face, make("div", { class: "mq-field__tools" }, this.choose, this.remove))
    input.hidden = true
    input.after(this.dom)
    input.addEventListener("change", () => this.show())
    this.describe()
    this.show()
  }

  describe() {
    const label = document.querySelector(`label[for="${this.input.id}"]`)
    this.name = label?.textContent.replace(/:\s*$/, "").trim() ?? "Photo"
    this.dom.setAttribute("role", "group")
    this.dom.setAttribute("aria-label", this.name)
  }

  async pick() {
    const [photo] = await pickPhotos({ title: `${this.name}: choose a photo`, placement: this.input.dataset.photoField })
    if (!photo) return
    const slot = recall(this.input.value)
    const { caption } = await handedOn({ photo: slot?.id, caption: null }, photo.id)
    this.set(photo.id)
    if (caption) this.fillCaption(slot.caption)
  }

  fillCaption(words) {
    const field = document.getElementById(this.input.id.replace(/photo$/, "caption"))
    if (!field || field.value.trim()) return
    field.value = words
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }

  set(id) {
    this.input.value = id
    for (const kind of ["input", "change"]) this.input.dispatchEvent(new Event(kind, { bubbles: true }))
    this.choose.focus()
  }

  async show() {
    const id = this.input.value
    this.remove.hidden = !id
    this.choose.textContent = id ? "Choose another …" : "Choose a photo …"
    this.face.replaceChildren()
    if (!id) return
    try {
      const photo = await load(id)
      if (this.input.value === id) this.face.replaceChildren(...(photo ? faces(photo) : ["This photo does not exist any more."]))
    } catch (error) {
      this.face.textContent = error.message
    }
  }
}

function faces(photo) {
  const text = make("div", { class: "mq-field__text" }, make("p", {}, photo.caption || "No caption yet"), make("p", { class: "mq-photo__credit" }, photo.credit || "No credit yet"), badge(photo))
  if (!photo.usable) text.append(make("p", { class: "mq-photo__warning" }, photo.reason))
  return [make("div", { class: "mq-field__picture" }, picture(photo, 320, "")), text]
}

for (const input of document.querySelectorAll("[data-photo-field]")) if (!input.id.includes("__prefix__")) new PhotoField(input)
