// Find and replace in the body: a bar above the text, matches marked in it, one undo for “replace all”.

import { Extension, Plugin, pm } from "django-prose-editor/editor"
import { button, make } from "marquee/dom"

const key = new pm.state.PluginKey("mq-find")
const { Decoration, DecorationSet } = pm.view
const NOTHING = { words: "", exact: false, at: 0, matches: [] }

export const Find = Extension.create({
  name: "find",

  addCommands() {
    return { openFind: () => ({ editor, dispatch }) => Boolean(dispatch ? bar(editor).open() : true) }
  },

  addKeyboardShortcuts() {
    return { "Mod-f": () => this.editor.commands.openFind() }
  },

  addProseMirrorPlugins() {
    const state = {
      init: () => NOTHING,
      apply(tr, was) {
        const asked = tr.getMeta(key)
        if (!asked && !tr.docChanged) return was
        const wanted = { ...was, ...asked }
        const matches = matchesIn(tr.doc, wanted.words, wanted.exact)
        return { ...wanted, matches, at: matches.length ? (wanted.at + matches.length) % matches.length : 0 }
      },
    }
    return [new Plugin({ key, state, props: { decorations: (now) => marks(now) } })]
  },
})

function matchesIn(doc, words, exact) {
  if (!words) return []
  const found = []
  const wanted = exact ? words : words.toLowerCase()
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true
    const whole = node.textBetween(0, node.content.size, "\n", "\ufffc")
    const text = exact ? whole : folded(whole)
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length))
      found.push({ from: position + 1 + at, to: position + 1 + at + wanted.length })
    return false
  })
  return found
}

// Lower case that keeps every position: a few letters would become two.
const folded = (text) => Array.from({ length: text.length }, (_, at) => (text[at].toLowerCase().length === 1 ? text[at].toLowerCase() : text[at])).join("")

function marks(state) {
  const { matches, at } = key.getState(state)
  return DecorationSet.create(state.doc, matches.map(({ from, to }, index) => Decoration.inline(from, to, { class: index === at ? "mq-match mq-match--now" : "mq-match" })))
}

const bars = new WeakMap()

function bar(editor) {
  if (!bars.has(editor)) bars.set(editor, new Bar(editor))
  return bars.get(editor)
}

class Bar {
  constructor(editor) {
    this.editor = editor
    this.words = make("input", { type: "text", class: "mq-input", "aria-label": "Find", placeholder: "Find", on: { input: () => this.look({ at: 0 }) } })
    this.other = make("input", { type: "text", class: "mq-input", "aria-label": "Replace with", placeholder: "Replace with" })
    this.exact = make("input", { type: "checkbox", on: { change: () => this.look({ at: 0 }) } })
    this.count = make("span", { class: "mq-find__count", role: "status" })
    const tool = (label, symbol, action) => button(label, action, { symbol, className: "mq-tool" })
    this.dom = make("div", { class: "mq-find", role: "search", "aria-label": "Find and replace", hidden: true, on: { keydown: (event) => this.key(event) } },
      this.words, tool("Previous match", "expand_less", () => this.step(-1)), tool("Next match", "expand_more", () => this.step(1)), this.count,
      make("label", { class: "mq-check mq-label" }, this.exact, "Match case"), this.other,
      button("Replace", () => this.replace()), button("Replace all", () => this.replaceAll()), tool("Close", "close", () => this.close()))
    editor.view.dom.before(this.dom)
    editor.on("transaction", () => this.dom.hidden || this.tally())
  }

  get state() {
    return key.getState(this.editor.state)
  }

  open() {
    const { from, to } = this.editor.state.selection
    const selected = this.editor.state.doc.textBetween(from, to, " ")
    if (selected && selected.length < 80) this.words.value = selected
    this.dom.hidden = false
    this.look()
    this.words.select()
    return true
  }

  close() {
    this.dom.hidden = true
    this.ask({ words: "" })
    this.editor.view.focus()
  }

  ask(wanted) {
    this.editor.view.dispatch(this.editor.state.tr.setMeta(key, wanted))
  }

  look(more = {}) {
    this.ask({ words: this.words.value, exact: this.exact.checked, ...more })
    this.reveal()
  }

  tally() {
    const { words, matches, at } = this.state
    this.count.textContent = !words ? "" : matches.length ? `${at + 1} of ${matches.length}` : "Not found"
  }

  step(by) {
    this.ask({ at: this.state.at + by })
    this.reveal()
  }

  reveal() {
    this.editor.view.dom.querySelector(".mq-match--now")?.scrollIntoView({ block: "center" })
  }

  replace() {
    const match = this.state.matches[this.state.at]
    if (!match) return
    this.editor.view.dispatch(replaced(this.editor.state.tr, match, this.other.value))
    this.reveal()
  }

  replaceAll() {
    const { tr } = this.editor.state
    for (const match of [...this.state.matches].reverse()) replaced(tr, match, this.other.value)
    if (tr.docChanged) this.editor.view.dispatch(tr)
  }

  key(event) {
    const deed = { Escape: () => this.close(), Enter: () => this.enter(event) }[event.key]
    if (!deed || event.target.tagName === "BUTTON") return event.key === "Escape" && this.close()
    event.preventDefault()
    deed()
  }

  enter(event) {
    if (event.target === this.other) this.replace()
    else this.step(event.shiftKey ? -1 : 1)
  }
}

const replaced = (tr, { from, to }, text) => (text ? tr.insertText(text, from, to) : tr.delete(from, to))
