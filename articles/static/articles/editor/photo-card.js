// One use of a photo, shown as readers see it: picture, caption, credit; and what this use says for itself.

import { make, select, uniqueId } from "marquee/dom"
import { cleanInline, fill, fromPlain, inlineOf, plainOf } from "marquee/inline"
import { badge, load, picture, recall } from "marquee/photos"

const CAPTION_MODES = [["inherit", "Caption: the photo’s"], ["own", "Caption: own"], ["none", "Caption: none"]]
const ALT_MODES = [["inherit", "Alt text: the photo’s"], ["own", "Alt text: own"], ["none", "Alt text: none"], ["decorative", "Decorative picture"]]

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

const captionMode = ({ caption }) => (caption === null ? "inherit" : caption === "" ? "none" : "own")
const altMode = ({ alt, decorative }) => (decorative ? "decorative" : alt === null ? "inherit" : alt === "" ? "none" : "own")

// `host` is what the card stands in: change(changes), undo(), redo(), leave(“after” or “node”), select().
export class PhotoCard {
  constructor(host, width = 640) {
    this.host = host
    this.width = width
    this.modes = {}
    this.picture = make("div", { class: "mq-photo__picture", "data-drag-handle": true })
    this.caption = this.captionField()
    this.alt = this.altField()
    this.credit = make("p", { class: "mq-photo__credit" })
    this.warning = make("p", { class: "mq-photo__warning", hidden: true })
    this.controls = make("div", { class: "mq-photo__controls" })
    this.fields = make("div", { class: "mq-photo__fields" }, this.caption, this.credit, this.warning, this.alt.row, this.controls)
  }

  captionField() {
    const attributes = { class: "mq-photo__caption", dir: "auto", contenteditable: "true", role: "textbox", "aria-label": "Caption for this use", "aria-multiline": "false", "data-placeholder": "Caption", spellcheck: "true" }
    const field = make("div", attributes)
    field.addEventListener("input", () => this.host.change({ caption: cleanInline(field.innerHTML) }))
    field.addEventListener("keydown", (event) => this.key(event))
    field.addEventListener("paste", (event) => pastePlain(event))
    field.addEventListener("drop", (event) => event.preventDefault())
    return field
  }

  altField() {
    const id = uniqueId("mq-alt")
    const field = make("textarea", { id, class: "mq-photo__alt", dir: "auto", rows: "1", placeholder: "Describe the picture for people who cannot see it" })
    field.addEventListener("input", () => this.host.change({ alt: field.value.replace(/\s+/g, " "), decorative: false }))
    field.addEventListener("keydown", (event) => this.key(event))
    return { field, row: make("div", { class: "mq-photo__altrow" }, make("label", { for: id, class: "mq-label" }, "Alt text"), field) }
  }

  // Enter ends the field as it ends a caption on paper; undo is the text's, not the field's.
  key(event) {
    const command = event.ctrlKey || event.metaKey
    const deeds = {
      Enter: () => this.host.leave("after"),
      Escape: () => this.host.leave("node"),
      ...(command && { z: () => (event.shiftKey ? this.host.redo() : this.host.undo()), y: () => this.host.redo() }),
    }
    const deed = deeds[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!deed || event.isComposing) return
    event.preventDefault()
    event.stopPropagation()
    deed()
  }

  show(use, ...controls) {
    const changed = this.use?.photo !== use.photo
    this.use = use
    if (changed) this.modes = {}
    if (changed || !this.facts) this.fetch(use.photo)
    this.showFields()
    this.controls.replaceChildren(this.captionSelect(), this.altSelect(), ...controls)
  }

  async fetch(id) {
    this.facts = recall(id) ?? null
    if (this.facts) return this.showPhoto()
    this.picture.replaceChildren(make("span", { class: "mq-nothumb" }, "Loading …"))
    try {
      this.facts = (await load(id)) ?? { missing: true }
    } catch (error) {
      this.facts = { missing: true, reason: error.message }
    }
    if (this.use.photo === id) this.showPhoto()
  }

  showPhoto() {
    const facts = this.facts
    if (facts.missing) {
      this.picture.replaceChildren(make("span", { class: "mq-nothumb" }, facts.reason ?? "This photo does not exist any more."))
      return
    }
    this.picture.replaceChildren(picture(facts, this.width, ""), badge(facts))
    this.credit.textContent = credited(facts)
    this.warning.hidden = facts.usable
    this.warning.textContent = facts.usable ? "" : facts.reason
    this.showFields()
  }

  showFields() {
    const { use, facts } = this
    const caption = this.modes.caption ?? captionMode(use)
    const alt = this.modes.alt ?? altMode(use)
    this.caption.hidden = caption === "none"
    this.caption.classList.toggle("mq-inherited", caption === "inherit")
    this.write(use.caption ?? fromPlain(facts?.caption ?? ""))
    this.alt.row.hidden = alt === "none" || alt === "decorative"
    this.alt.field.classList.toggle("mq-inherited", alt === "inherit")
    const text = use.alt ?? facts?.alt ?? ""
    if (this.alt.field.value.replace(/\s+/g, " ") !== text) this.alt.field.value = text
  }

  write(html) {
    if (cleanInline(this.caption.innerHTML) === html) return
    fill(this.caption, html)
    if (document.activeElement === this.caption) getSelection().selectAllChildren(this.caption), getSelection().collapseToEnd()
  }

  captionSelect() {
    return select("Caption", CAPTION_MODES, this.modes.caption ?? captionMode(this.use), (mode) => {
      this.modes = { ...this.modes, caption: mode === "own" ? "own" : undefined }
      this.host.change({ caption: { inherit: null, none: "", own: this.use.caption || fromPlain(this.facts?.caption ?? "") }[mode] })
      if (mode === "own") this.caption.focus()
    })
  }

  altSelect() {
    return select("Alt text", ALT_MODES, this.modes.alt ?? altMode(this.use), (mode) => {
      this.modes = { ...this.modes, alt: mode === "own" ? "own" : undefined }
      const alt = { inherit: null, decorative: null, none: "", own: this.use.alt || (this.facts?.alt ?? "") }[mode]
      this.host.change({ alt, decorative: mode === "decorative" })
      if (mode === "own") this.alt.field.focus()
    })
  }

  // A sentence that names the photo for screen readers.
  get name() {
    return plainOf(this.use.caption ?? "") || this.facts?.caption || "Photo"
  }
}

export const credited = ({ credit, needs_check }) => (credit || "No credit yet") + (needs_check ? " · not checked yet" : "")

function pastePlain(event) {
  event.preventDefault()
  const text = event.clipboardData.getData("text/plain").replace(/\s+/g, " ")
  document.execCommand("insertText", false, text)
}
