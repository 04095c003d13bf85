// The toolbar: one stop for the Tab key, arrows inside it, every tool named with its shortcut. And the sheet of shortcuts.

import { Extension } from "django-prose-editor/editor"
import { COMMANDS, MORE_KEYS, shown } from "marquee/commands"
import { button, dialog, make, select } from "marquee/dom"

const STYLES = COMMANDS.filter(({ group }) => group === "style")
const GROUPS = ["marks", "insert", "blocks", "history", "tools"]

export const Toolbar = Extension.create({
  name: "toolbar",

  addKeyboardShortcuts() {
    return {
      "Alt-F10": () => (this.storage.bar.focus(), true),
      "Mod-/": () => (showKeys(), true),
    }
  },

  addStorage() {
    return { bar: null }
  },

  onCreate() {
    this.storage.bar = new Bar(this.editor)
    const { dom } = this.editor.view
    const label = document.querySelector(`label[for="${dom.closest(".prose-editor").querySelector("textarea").id}"]`)
    const attributes = { role: "textbox", "aria-multiline": "true", "aria-label": label?.textContent.replace(/:\s*$/, "") || "Text", "aria-keyshortcuts": "Alt+F10" }
    this.editor.setOptions({ editorProps: { attributes } })
  },

  onDestroy() {
    this.storage.bar?.dom.remove()
  },
})

class Bar {
  constructor(editor) {
    this.editor = editor
    this.style = select("Paragraph style", STYLES.map(({ name, label }) => [name, label]), "paragraph", (name) => STYLES.find((style) => style.name === name).run(editor))
    this.tools = COMMANDS.filter(({ group }) => group !== "style").map((command) => ({ command, dom: this.tool(command) }))
    const groups = GROUPS.map((group) => make("div", { class: "mq-toolbar__group" }, ...this.tools.filter(({ command }) => command.group === group).map(({ dom }) => dom)))
    const help = button("Shortcuts (Ctrl+/)", showKeys, { symbol: "keyboard", className: "mq-tool" })
    this.dom = make("div", { class: "mq-toolbar", role: "toolbar", "aria-label": "Text tools" }, this.style, ...groups, help)
    this.stops = [this.style, ...this.tools.map(({ dom }) => dom), help]
    this.dom.addEventListener("keydown", (event) => this.key(event))
    this.dom.addEventListener("focusin", (event) => this.rove(event.target))
    editor.view.dom.parentElement.prepend(this.dom)
    editor.on("transaction", () => this.refresh())
    this.rove(this.style)
    this.refresh()
  }

  tool(command) {
    const label = command.keys ? `${command.label} (${shown(command.keys)})` : command.label
    const attributes = { symbol: command.symbol ?? "", className: "mq-tool", "data-tool": command.name, ...(command.active && { "aria-pressed": "false" }) }
    const dom = button(command.text ?? label, () => command.run(this.editor), attributes)
    if (command.text) Object.assign(dom, { ariaLabel: label, title: label })
    // The text keeps its selection while a tool is clicked.
    dom.addEventListener("mousedown", (event) => event.preventDefault())
    return dom
  }

  refresh() {
    const style = STYLES.find(({ active }) => active(this.editor))
    this.style.value = style?.name ?? ""
    for (const { command, dom } of this.tools) {
      if (command.active) dom.setAttribute("aria-pressed", String(command.active(this.editor)))
      if (command.enabled) dom.setAttribute("aria-disabled", String(!command.enabled(this.editor)))
    }
  }

  rove(stop) {
    for (const each of this.stops) each.tabIndex = each === stop ? 0 : -1
  }

  focus() {
    this.stops.find(({ tabIndex }) => tabIndex === 0).focus()
  }

  key(event) {
    if (event.key === "Escape") return this.editor.view.focus()
    const at = this.stops.indexOf(document.activeElement)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: this.stops.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    this.stops[(to + this.stops.length) % this.stops.length].focus()
  }
}

function showKeys() {
  const box = dialog("Shortcuts", "mq-ask")
  const rows = [...COMMANDS.filter(({ keys }) => keys).map(({ keys, label }) => [shown(keys), label]), ...MORE_KEYS]
  const list = make("dl", { class: "mq-keys" }, ...rows.flatMap(([keys, label]) => [make("dt", {}, make("kbd", {}, keys)), make("dd", {}, label)]))
  box.append(list)
  box.showModal()
}
