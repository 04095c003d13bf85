// A photo of a form: the picture with its credit and rights, its words where the form has fields for them, and the picker
// behind “Choose”.

import { announce, button, make } from "marquee/dom"
import { fromPlain, plainOf } from "marquee/inline"
import { nextField, USE } from "marquee/photo-card"
import { PhotoWords } from "marquee/photo-words"
import { badge, load, picture } from "marquee/photos"
import { pickPhotos } from "marquee/picker"
import { handedOn } from "marquee/swap"
import { imagesOf, upload } from "marquee/upload"

// A hyphen in the form says: no caption, no alt text.
const NONE = "-"

class PhotoField {
  constructor(input) {
    this.input = input
    this.placement = input.dataset.photoField
    this.own = ownWords(input)
    this.face = make("div", { class: "mq-field__face" })
    this.words = new PhotoWords({ change: (changes) => this.change(changes), leave: (_where, field) => this.leave(field), next: (field) => this.leave(field) }, { rich: false, own: Boolean(this.own), form: input.getAttribute("form") })
    this.choose = button("Choose a photo…", () => this.pick(), { "aria-haspopup": "dialog" })
    this.remove = button("Remove", () => this.set(""))
    this.status = make("p", { class: "mq-words__note", role: "status" })
    this.dom = make("div", { class: "mq-field", "data-field-of": this.placement }, this.face, this.words.dom, this.status, make("div", { class: "mq-field__tools" }, this.choose, this.remove))
    this.listen()
    this.describe()
    this.show()
  }

  listen() {
    const { input } = this
    input.hidden = true
    input.after(this.dom)
    input.addEventListener("change", () => this.show())
    for (const field of Object.values(this.own ?? {})) for (const kind of ["input", "change"]) field.addEventListener(kind, () => this.showWords())
    document.addEventListener("marquee:photos", ({ detail }) => detail.includes(input.value) && this.show())
    this.dom.addEventListener("drop", (event) => this.drop(event))
  }

  describe() {
    const label = document.querySelector(`label[for="${this.input.id}"]`)
    this.name = label?.textContent.replace(/:\s*$/, "").trim() ?? "Photo"
    this.dom.setAttribute("role", "group")
    this.dom.setAttribute("aria-label", this.name)
  }

  // ---- another photo

  async pick() {
    const isNew = this.own && !this.input.value
    const [photo] = await pickPhotos({ title: `${this.name}: choose a photo`, placement: this.placement, words: isNew ? "plain" : "" })
    if (photo) await this.take(photo.id, isNew ? photo.use : {})
  }

  async take(id, written = {}) {
    const use = this.use
    const kept = this.own && use.photo ? await handedOn(use, id, this.placement) : written
    if (!kept) return
    this.set(id)
    if (this.own) this.change(kept)
  }

  drop(event) {
    const files = imagesOf(event.dataTransfer)
    if (!files.length || this.choose.disabled) return
    event.preventDefault()
    event.stopPropagation()
    this.receive(files.slice(0, 1))
  }

  async receive(files) {
    const [id] = await upload(files, (file, sentence) => (this.status.textContent = sentence ? `${file.name}: ${sentence}` : ""))
    if (!id) return announce(this.status.textContent)
    await load(id, this.placement)
    await this.take(id)
  }

  set(id) {
    this.input.value = id
    tellForm(this.input)
    this.choose.focus()
  }

  // ---- words

  // What the form says of this use.
  get use() {
    const { caption, alt, decorative } = this.own ?? {}
    const read = (field) => (!field?.value.trim() ? null : field.value.trim() === NONE ? "" : field.value)
    const text = read(caption)
    return { ...USE, photo: this.input.value, caption: text && fromPlain(text), alt: read(alt), decorative: Boolean(decorative?.checked) }
  }

  change(changes) {
    const write = (text) => (text === null ? "" : text === "" ? NONE : text)
    const { caption, alt, decorative } = this.own
    if (changes.caption !== undefined) put(caption, write(changes.caption && plainOf(changes.caption)))
    if (changes.alt !== undefined) put(alt, write(changes.alt))
    if (changes.decorative !== undefined && decorative.checked !== changes.decorative) (decorative.checked = changes.decorative), tellForm(decorative)
    this.showWords()
  }

  showWords() {
    // While it is asked about anew, what was known of it holds.
    const { use, facts } = this
    if (facts?.id !== use.photo) return
    this.words.show(use, facts)
    this.face.querySelector(".mq-badge")?.replaceWith(badge(facts, this.own ? use : null))
  }

  leave(field) {
    return nextField(field, this.dom) ?? this.choose.focus()
  }

  // ---- showing

  async show() {
    const id = this.input.value
    this.remove.hidden = this.words.dom.hidden = !id
    this.choose.textContent = id ? "Choose another…" : "Choose a photo…"
    if (!id) return this.face.replaceChildren()
    try {
      const photo = await load(id, this.placement)
      if (this.input.value === id) this.showPhoto(photo)
    } catch (error) {
      this.face.textContent = error.message
    }
  }

  showPhoto(photo) {
    this.facts = photo
    this.words.dom.hidden = !photo
    this.face.replaceChildren(...(photo ? faces(photo, this.own ? this.use : null) : ["This photo no longer exists."]))
    if (photo) this.words.show(this.use, photo)
  }
}

// The fields of the form that hold the words of this use; they are written in through the words below the picture.
function ownWords(input) {
  const of = (name) => document.getElementById(input.id.replace(/photo$/, name))
  const own = { caption: of("caption"), alt: of("alt"), decorative: of("decorative") }
  if (!own.caption || !own.alt || !own.decorative || own.caption.disabled) return null
  for (const field of Object.values(own)) field.closest(".fieldBox, .form-row")?.classList.add("mq-own")
  return own
}

function put(field, text) {
  if (field.value === text) return
  field.value = text
  tellForm(field)
}

function tellForm(field) {
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }))
}

function faces(photo, use) {
  const text = make("div", { class: "mq-field__text" }, badge(photo, use), use ? null : make("p", {}, photo.caption || "No caption yet"))
  if (!photo.usable) text.append(make("p", { class: "mq-photo__warning" }, photo.reason))
  return [make("div", { class: "mq-field__picture" }, picture(photo, 320, "")), text]
}

for (const input of document.querySelectorAll("[data-photo-field]")) if (!input.id.includes("__prefix__")) new PhotoField(input)
