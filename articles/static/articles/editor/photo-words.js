// Credit, caption and alt text of one use of a photo: the one form for them, in the text, in galleries, in the picker and
// in the field of the lead photo. The credit is the photo's; caption and alt text are its own or this story's.

import { altField, captionField, plainCaption, showWords } from "marquee/caption-field"
import { CreditField } from "marquee/credit-field"
import { button, make, select } from "marquee/dom"
import { fromPlain, plainOf } from "marquee/inline"
import { Saving } from "marquee/words-saving"

const MODES = {
  caption: [["inherit", "The photo’s caption"], ["own", "For this story only"], ["none", "No caption here"]],
  alt: [["inherit", "The photo’s alt text"], ["own", "For this story only"], ["none", "No alt text here"], ["decorative", "Decorative picture"]],
}
const NAMES = { caption: "Caption", alt: "Alt text" }
const WHO = "Who is where, when, doing what"
const EVERYWHERE = "Saved to the photo: every story that shows it."

// `host`: change(changes), leave(“after” or “node”, field), next(field) after the credit; undo and redo where the words are
// part of a text. A field that stands outside its form (its id) belongs to it all the same. `rich` captions may hold bold words and links. Without `own` words there is the credit alone.
export class PhotoWords {
  constructor(host, { rich = true, own = true, form = null } = {}) {
    Object.assign(this, { host, form, modes: {} })
    this.fields = { caption: rich ? captionField(host, "Caption for this use", WHO) : plainCaption(host, "Caption for this use", WHO), alt: altField(host, "Alt text") }
    this.credit = new CreditField({ next: (field) => host.next(field), leave: (event) => this.leaveCredit(event) })
    this.parts = { caption: this.part("caption"), alt: this.part("alt") }
    const { caption, alt } = this.parts
    if (form) for (const each of [caption.field, alt.field, caption.modes, alt.modes, this.credit.field]) each.setAttribute("form", form)
    this.dom = make("div", { class: "mq-words" }, own && caption.dom, this.credit.dom, own && alt.dom)
  }

  part(name) {
    const field = this.fields[name]
    const label = make(field.id ? "label" : "span", { for: field.id || null, class: "mq-label", "aria-hidden": !field.id && "true" }, NAMES[name])
    const row = make("div", { class: "mq-words__row" }, label, field)
    const note = make("p", { class: "mq-words__note" })
    const saving = new Saving()
    const toPhoto = button("Save to the photo", () => this.give(name), { hidden: true })
    const modes = select(NAMES[name], MODES[name], "inherit", (chosen) => this.choose(name, chosen))
    const foot = make("div", { class: "mq-words__foot" }, modes, note, toPhoto)
    field.addEventListener("focusout", () => this.left(name))
    return { field, row, note, saving, toPhoto, modes, dom: make("div", { class: "mq-words__part" }, row, foot, saving.dom) }
  }

  show(use, facts) {
    const changed = this.use?.photo !== use.photo
    if (changed) this.modes = {}
    this.use = use
    this.facts = facts
    if (facts && !facts.missing) this.credit.show(facts)
    this.credit.dom.hidden = !facts || Boolean(facts.missing)
    for (const name of ["caption", "alt"]) this.showPart(name)
  }

  showPart(name) {
    const { field, row, note, toPhoto, modes } = this.parts[name]
    const mode = this.mode(name)
    row.hidden = mode === "none" || mode === "decorative"
    field.classList.toggle("mq-inherited", mode === "inherit")
    const inherited = this.facts?.[name] ?? ""
    if (name === "caption") showWords(field, this.use.caption ?? fromPlain(inherited))
    else if (field.value.replace(/\s+/g, " ") !== (this.use.alt ?? inherited)) field.value = this.use.alt ?? inherited
    note.textContent = this.noteOf(name, mode)
    toPhoto.hidden = !(mode === "own" && this.isGivable(name) && !this.isFresh(name))
    modes.value = mode
  }

  mode(name) {
    const { caption, alt, decorative } = this.use
    const words = name === "caption" ? caption : alt
    if (name === "alt" && decorative) return "decorative"
    const chosen = this.modes[name]
    if (chosen && (chosen !== "none" || words === "")) return chosen
    // Whoever has just taken the last letter away still writes.
    const isWriting = document.activeElement === this.fields[name]
    return words === null ? "inherit" : words || isWriting ? "own" : "none"
  }

  noteOf(name, mode) {
    const isEmpty = !this.facts?.[name]
    if (mode === "decorative") return "Screen readers skip it."
    if (this.isFresh(name) && (mode === "own" || mode === "inherit")) return EVERYWHERE
    if (mode !== "inherit") return ""
    return isEmpty ? "Empty. What you type is for this story only." : "What you type is for this story only."
  }

  choose(name, mode) {
    this.modes = { ...this.modes, [name]: mode === "own" || mode === "none" ? mode : undefined }
    const inherited = this.facts?.[name] ?? ""
    const own = this.use[name] || (name === "caption" ? fromPlain(inherited) : inherited)
    const words = { inherit: null, decorative: null, none: "", own }[mode]
    this.host.change(name === "caption" ? { caption: words } : { alt: words, decorative: mode === "decorative" })
    if (mode === "own") this.fields[name].focus()
  }

  // ---- words that become the photo's

  // A photo that nobody reads yet and that says nothing: what is written here is what it says.
  isFresh(name) {
    const { facts } = this
    return Boolean(facts?.mayChange && facts.state === "ready" && !facts.live && !facts[name] && this.isGivable(name))
  }

  // Bold words and links can only be the story's.
  isGivable(name) {
    const own = (this.use[name] ?? "").replaceAll("&nbsp;", " ")
    return Boolean(this.facts?.mayChange) && (name === "alt" || fromPlain(plainOf(own)) === own.trim())
  }

  left(name) {
    if (this.use[name] && this.isFresh(name)) this.giving = this.give(name)
  }

  // Until they are saved they are this story's, so that nothing is lost on the way.
  async give(name) {
    const { use: { photo, [name]: own } } = this
    const words = name === "caption" ? plainOf(own) : own
    const isSaved = await this.parts[name].saving.save([photo], { [name]: words.trim() })
    if (isSaved && this.use.photo === photo && this.use[name] === own) {
      this.modes[name] = undefined
      this.host.change({ [name]: null })
    }
    return isSaved
  }

  // Whether all that was to be saved to the photo is.
  async settle() {
    const done = [await this.credit.commit(), await this.giving]
    return done.every((each) => each !== false)
  }

  leaveCredit(event) {
    if (!this.host.undo) return
    event.preventDefault()
    event.stopPropagation()
    this.host.leave("node", this.credit.field)
  }
}
