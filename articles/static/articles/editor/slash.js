// The slash menu: “/” at the start of an empty line lists what can be put there; letters narrow it down.

import { Extension, Plugin } from "django-prose-editor/editor"
import { COMMANDS, shown } from "marquee/commands"
import { make, uniqueId } from "marquee/dom"

const OFFERED = COMMANDS.filter((command) => command.slash || command.group === "style")

export const SlashMenu = Extension.create({
  name: "slashMenu",
  priority: 1050,

  addProseMirrorPlugins() {
    const menu = new SlashMenuView(this.editor)
    return [new Plugin({ view: (view) => menu.attach(view), props: { handleKeyDown: (_view, event) => menu.key(event), handleDOMEvents: { blur: () => menu.close() } } })]
  },
})

// The word typed after a slash that stands alone on its line, or null.
function typed({ selection }) {
  const { $from, empty } = selection
  if (!empty || $from.depth !== 1 || $from.parent.type.name !== "paragraph") return null
  return $from.parent.textContent.match(/^\/([\w ]{0,20})$/)?.[1].toLowerCase() ?? null
}

class SlashMenuView {
  constructor(editor) {
    this.editor = editor
    this.found = []
    this.list = make("ul", { class: "mq-slash mq-options", role: "listbox", id: uniqueId("mq-slash"), "aria-label": "Insert", hidden: true })
  }

  attach(view) {
    view.dom.after(this.list)
    return { update: (now) => this.update(now), destroy: () => this.list.remove() }
  }

  get isOpen() {
    return !this.list.hidden
  }

  update(view) {
    const word = view.hasFocus() ? typed(view.state) : null
    if (word === null) this.dismissed = false
    if (word === null || this.dismissed) return this.close()
    if (this.isOpen && word === this.word) return
    this.word = word
    this.found = OFFERED.filter(({ label, words = "" }) => `${label} ${words}`.toLowerCase().includes(word))
    if (this.found.length) this.open(view)
    else this.close()
  }

  open(view) {
    this.list.replaceChildren(...this.found.map((command, index) => this.option(command, index)))
    const caret = view.coordsAtPos(view.state.selection.from)
    const frame = this.list.offsetParent?.getBoundingClientRect() ?? view.dom.parentElement.getBoundingClientRect()
    this.list.hidden = false
    this.list.style.left = `${Math.max(0, Math.min(caret.left - frame.left, frame.width - this.list.offsetWidth))}px`
    this.list.style.top = `${caret.bottom - frame.top + 4}px`
    this.mark(0)
  }

  option(command, index) {
    const choose = (event) => (event.preventDefault(), this.choose(index))
    return make("li", { role: "option", id: `${this.list.id}-${index}`, class: "mq-option", on: { mousedown: choose } }, make("span", {}, command.label), make("small", {}, shown(command.keys)))
  }

  mark(index) {
    this.marked = (index + this.found.length) % this.found.length
    const options = [...this.list.children]
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.marked)))
    options[this.marked].scrollIntoView({ block: "nearest" })
    const { dom } = this.editor.view
    dom.setAttribute("aria-controls", this.list.id)
    dom.setAttribute("aria-activedescendant", options[this.marked].id)
  }

  close() {
    this.list.hidden = true
    this.editor.view?.dom.removeAttribute("aria-activedescendant")
  }

  key(event) {
    if (!this.isOpen) return false
    const deed = {
      ArrowDown: () => this.mark(this.marked + 1),
      ArrowUp: () => this.mark(this.marked - 1),
      Enter: () => this.choose(this.marked),
      Tab: () => this.choose(this.marked),
      Escape: () => ((this.dismissed = true), this.close()),
    }[event.key]
    deed?.()
    return Boolean(deed)
  }

  choose(index) {
    const command = this.found[index]
    this.close()
    const { $from } = this.editor.state.selection
    this.editor.chain().focus().deleteRange({ from: $from.start(), to: $from.end() }).run()
    command.run(this.editor)
  }
}
