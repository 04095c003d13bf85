// The credit of a photo where the photo is shown. It is always the photo's own: read while it is typed, saved when it is
// left; whoever may not change photos asks the photo desk.

import { counted } from "marquee/counted"
import { announce, ask, button, debounced, make, scope, tell, uniqueId } from "marquee/dom"
import { uncreditedWith } from "marquee/photos"
import { Saving } from "marquee/words-saving"

const NOT_UNDERSTOOD = "To check: this was not understood. Readers see it as it is written."

export class CreditField {
  // `next` is called when Enter is done with the field, `leave` on Escape.
  constructor({ next, leave }) {
    const id = uniqueId("mq-credit")
    this.field = make("input", {
      id, type: "text", class: "mq-words__input", maxlength: "500", autocomplete: "off", spellcheck: "false", dir: "auto",
      placeholder: "Who took it, and for whom", "data-field": "credit", "aria-describedby": `${id}-line ${id}-note`,
    })
    this.line = make("p", { class: "mq-photo__credit", id: `${id}-line` })
    this.note = make("p", { class: "mq-words__note", id: `${id}-note` })
    this.deeds = make("div", { class: "mq-words__deeds", hidden: true })
    this.saving = new Saving()
    this.dom = make("div", { class: "mq-words__part" },
      make("div", { class: "mq-words__row" }, make("label", { for: id, class: "mq-label" }, "Credit"), this.field),
      this.line, this.note, this.deeds, this.saving.dom)
    this.isTyped = this.isLocked = false
    this.read = debounced(() => this.readLine(), 300)
    this.field.addEventListener("input", () => this.typed())
    this.field.addEventListener("change", () => this.commit())
    this.field.addEventListener("keydown", (event) => this.key(event, next, leave))
  }

  show(facts) {
    this.facts = facts
    const { credit, mayChange, live } = facts
    if (!this.isTyped) this.field.value = facts.credit_line
    const isLocked = !mayChange && Boolean(credit)
    if (isLocked !== this.isLocked) this.field.readOnly = this.isLocked = isLocked
    this.line.textContent = credited(facts)
    this.line.hidden = this.isTyped
    if (this.isTyped) return
    this.note.textContent = mayChange
      ? `Saved to the photo: ${live ? `${counted(live, "live story shows", "live stories show")} it.` : "every story that shows it."}`
      : credit ? "The photo desk changes credits." : "Your role can’t change photos. Write what you know and ask the photo desk."
    this.showDeeds()
  }

  get words() {
    return this.field.value.trim()
  }

  typed() {
    this.isTyped = this.words !== this.facts.credit_line
    this.saving.clear()
    this.show(this.facts)
    if (this.isTyped) this.read()
    this.showDeeds()
  }

  async readLine() {
    const line = this.words
    const { understood } = line ? await ask("credit/", { ...scope(), line }).catch(() => ({})) : {}
    if (line !== this.words || !this.isTyped) return
    this.note.textContent = !line ? "Nobody is credited." : understood ? `Understood: ${understood}` : NOT_UNDERSTOOD
  }

  showDeeds() {
    const { mayChange, credit, id } = this.facts
    const others = mayChange && this.words ? uncreditedWith(id) : []
    const deeds = [
      others.length && button(`Same credit for all ${others.length + 1}`, () => this.giveAll(others)),
      !mayChange && !credit && button("Ask the photo desk", () => this.askDesk()),
    ].filter(Boolean)
    const shown = [...this.deeds.children].map((each) => each.textContent).join()
    if (shown !== deeds.map((each) => each.textContent).join()) this.deeds.replaceChildren(...deeds)
    this.deeds.hidden = !deeds.length
  }

  // Whether nothing is left to be saved. One save at a time: Enter and leaving the field come together.
  commit() {
    if (!this.isTyped || !this.facts.mayChange) return Promise.resolve(true)
    this.running ??= this.store([this.facts.id]).finally(() => (this.running = null))
    return this.running
  }

  async store(photos) {
    const credit = this.words
    const isSaved = await this.saving.save(photos, { credit })
    if (isSaved && this.words === credit) this.settle(credit)
    return isSaved
  }

  settle(credit_line) {
    this.isTyped = false
    this.show({ ...this.facts, credit_line })
  }

  giveAll(others) {
    return this.store([this.facts.id, ...others])
  }

  async askDesk() {
    try {
      const { detail } = await tell("ask/", { ...scope(), photo: this.facts.id, credit: this.words })
      this.saving.say(detail)
      announce(detail)
    } catch (error) {
      this.saving.fault(error.message)
    }
  }

  async key(event, next, leave) {
    if (event.isComposing) return
    if (event.key === "Escape" && this.isTyped) {
      event.preventDefault()
      event.stopPropagation()
      this.saving.clear()
      return this.settle(this.facts.credit_line)
    }
    if (event.key === "Escape") return leave?.(event)
    if (event.key !== "Enter") return
    event.preventDefault()
    event.stopPropagation()
    if (!this.facts.mayChange && this.words) return this.askDesk()
    const saved = this.commit()
    next(this.field)
    return saved
  }
}

export const credited = ({ credit, needs_check }) =>
  (credit || "No credit yet") + (needs_check ? " · to check: it was not understood" : "")
