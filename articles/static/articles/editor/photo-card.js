// One use of a photo, shown as readers see it: picture, caption, credit; and what this use says for itself.

import { captionField, fieldKey, showCaption } from "marquee/caption-field"
import { announce, make, select, tell, uniqueId } from "marquee/dom"
import { cleanInline, fill, fromPlain, plainOf } from "marquee/inline"
import { badge, forget, load, picture, recall } from "marquee/photos"

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

// What a use says when another photo takes the place of its own: nothing, but for a slot. That hands on the words that
// came with the text: its caption to this use, its credit to the photo desk as a question.
export async function handedOn(use, id) {
  const slot = recall(use.photo)
  if (slot?.state !== "awaiting") return { caption: null, alt: null, decorative: false }
  await tell("fill/", { slot: slot.id, photo: id }).then(() => forget(id), (error) => announce(error.message))
  return { ...use, caption: use.caption ?? (fromPlain(slot.caption) || null) }
}

// `host` is what the card stands in: change(changes), undo(), redo(), leave(“after” or “node”), select().
export class PhotoCard {
  constructor(host, width = 640) {
    this.host = host
    this.width = width
    this.modes = {}
    this.picture = make("div", { class: "mq-photo__picture", "data-drag-handle": true })
    this.caption = captionField(host, "Caption for this use")
    this.alt = this.altField()
    this.credit = make("p", { class: "mq-photo__credit" })
    this.warning = make("p", { class: "mq-photo__warning", hidden: true })
    this.controls = make("div", { class: "mq-photo__controls" })
    this.fields = make("div", { class: "mq-photo__fields" }, this.caption, this.credit, this.warning, this.alt.row, this.controls)
  }

  altField() {
    const id = uniqueId("mq-alt")
    const field = make("textarea", { id, class: "mq-photo__alt", dir: "auto", rows: "1", placeholder: "Describe the picture for people who cannot see it" })
    field.addEventListener("input", () => this.host.change({ alt: field.value.replace(/\s+/g, " "), decorative: false }))
    field.addEventListener("keydown", (event) => fieldKey(this.host, event))
    return { field, row: make("div", { class: "mq-photo__altrow" }, make("label", { for: id, class: "mq-label" }, "Alt text"), field) }
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
    showCaption(this.caption, use.caption ?? fromPlain(facts?.caption ?? ""))
    this.alt.row.hidden = alt === "none" || alt === "decorative"
    this.alt.field.classList.toggle("mq-inherited", alt === "inherit")
    const text = use.alt ?? facts?.alt ?? ""
    if (this.alt.field.value.replace(/\s+/g, " ") !== text) this.alt.field.value = text
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
