// Saves words to photos. Where live stories change, it says so and waits for a yes; a refusal is a sentence in its place.

import { announce, button, make, tell } from "marquee/dom"
import { refresh } from "marquee/photos"

export class Saving {
  constructor() {
    this.dom = make("div", { class: "mq-words__saving", role: "alert", hidden: true })
  }

  // Whether the words are the photos' now.
  async save(photos, words, agreed = 0) {
    this.clear()
    try {
      await tell("words/", { photos, ...words, agreed })
    } catch (error) {
      return error.data?.affected ? this.confirm(error.data, photos, words) : this.fault(error.message)
    }
    refresh(photos)
    announce("Saved to the photo.")
    return true
  }

  confirm({ affected, stories }, photos, words) {
    const isHere = this.dom.parentElement?.contains(document.activeElement)
    return new Promise((resolve) => {
      this.refuse = () => resolve(false)
      const yes = button("Save", () => ((this.refuse = null), resolve(this.save(photos, words, stories))), { className: "mq-button mq-button--main" })
      const no = button("Not now", () => this.clear())
      this.say(affected, yes, no)
      if (isHere) yes.focus()
    })
  }

  fault(sentence) {
    this.say(sentence)
    return false
  }

  say(...parts) {
    this.dom.replaceChildren(make("span", {}, parts[0]), ...parts.slice(1))
    this.dom.hidden = false
  }

  // Whoever waits for a yes hears that there is none.
  clear() {
    this.refuse?.()
    this.refuse = null
    this.dom.hidden = true
    this.dom.replaceChildren()
  }
}
