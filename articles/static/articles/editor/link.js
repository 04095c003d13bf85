// Links: to an address, or to a story of ours, found by its headline and kept by its id.

import { Link as BaseLink } from "django-prose-editor/editor"
import { ask, button, debounced, dialog, make, scope, uniqueId } from "marquee/dom"
import { stepBelow, track } from "marquee/place"

const ADDRESS = /^(?:https?:\/\/|mailto:|article:|person:|work:)\S+$/i
const BARE = /^(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]\S*)?$/i

export const Link = BaseLink.extend({
  addMenuItems() {},

  addCommands() {
    return { ...this.parent?.(), addLink: () => ({ editor, dispatch }) => Boolean(dispatch ? open(editor) : true) }
  },

  addKeyboardShortcuts() {
    // With nothing selected the keys are those of the palette, as everywhere at the desk.
    return { "Mod-k": () => (!this.editor.state.selection.empty || this.editor.isActive("link")) && this.editor.commands.addLink() }
  },
})

// The address a text stands for, or null.
export function addressOf(text) {
  if (ADDRESS.test(text)) return text
  if (/^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(text)) return `mailto:${text}`
  return BARE.test(text) ? `https://${text}` : null
}

function open(editor) {
  if (editor.isActive("link")) editor.commands.extendMarkRange("link")
  new LinkDialog(editor, track(editor)).open()
  return true
}

class LinkDialog {
  constructor(editor, place) {
    Object.assign(this, { editor, place, stories: [], marked: -1 })
    this.dialog = dialog("Link", "mq-ask", () => (place.end(), editor.view.focus()))
    const id = uniqueId("mq-stories")
    this.list = make("ul", { class: "mq-options", role: "listbox", id, "aria-label": "Stories" })
    const look = debounced(() => this.look())
    this.input = make("input", { type: "text", class: "mq-input", id: `${id}-input`, role: "combobox", "aria-expanded": "true", "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off", on: { input: look } })
    this.fault = make("p", { class: "mq-fault", role: "alert" })
    this.dialog.append(this.form(id))
  }

  form(id) {
    const remove = button("Remove the link", () => this.set(null), { hidden: !this.editor.isActive("link") })
    const foot = make("div", { class: "mq-dialog__foot" }, remove, make("button", { class: "mq-button mq-button--main" }, "Link"))
    const submit = (event) => (event.preventDefault(), this.submit())
    const form = make("form", { on: { submit, keydown: (event) => this.key(event) } })
    form.append(make("label", { for: `${id}-input` }, "A web address, or words from one of our headlines"), this.input, this.fault, this.list, foot)
    return form
  }

  open() {
    this.dialog.showModal()
    this.input.value = this.editor.getAttributes("link").href ?? ""
    this.input.select()
    this.look()
  }

  async look() {
    const typed = this.input.value.trim()
    const known = typed.match(/^article:(.+)/)
    if (addressOf(typed) && !known) return this.show([])
    try {
      const { stories } = await ask("stories/", { ...scope(), ...(known ? { id: known[1] } : { q: typed }) })
      if (this.input.value.trim() === typed) this.show(stories)
    } catch (error) {
      this.fault.textContent = error.message
    }
  }

  show(stories) {
    Object.assign(this, { stories, marked: -1 })
    this.list.replaceChildren(...stories.map((story, index) => this.option(story, index)))
    this.input.removeAttribute("aria-activedescendant")
  }

  option({ id, headline, section, date, live }, index) {
    const about = [section, date, live ? "live" : "not live: no link until it is"].filter(Boolean).join(" · ")
    const pick = () => this.set(`article:${id}`, headline)
    return make("li", { role: "option", id: `${this.list.id}-${index}`, class: "mq-option", "aria-selected": "false", on: { click: pick } }, make("span", {}, headline), make("small", {}, about))
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || !this.stories.length) return
    event.preventDefault()
    this.marked = (this.marked + step + this.stories.length) % this.stories.length
    const options = [...this.list.children]
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.marked)))
    options[this.marked].scrollIntoView({ block: "nearest" })
    this.input.setAttribute("aria-activedescendant", options[this.marked].id)
  }

  submit() {
    const story = this.stories[this.marked]
    if (story) return this.set(`article:${story.id}`, story.headline)
    const href = addressOf(this.input.value.trim())
    if (href) return this.set(href, this.input.value.trim())
    this.fault.textContent = "Enter a web address, or choose a story from the list with the arrow keys."
  }

  // Without selected words the headline or the address itself becomes the text of the link.
  set(href, text) {
    this.dialog.close()
    const { from, to } = stepBelow(this.editor) ? this.editor.state.selection : this.place
    const chain = this.editor.chain().focus().setTextSelection({ from, to })
    if (!href) return chain.unsetLink().run()
    if (from !== to) return chain.setLink({ href }).setTextSelection(to).run()
    chain.insertContent({ type: "text", text, marks: [{ type: "link", attrs: { href } }] }).run()
  }
}
