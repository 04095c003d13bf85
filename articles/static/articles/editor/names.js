// Known names in the text, offered as tags beside the boxes of people and works; the first mention can be linked.

import { Extension } from "django-prose-editor/editor"
import { counted } from "marquee/counted"
import { announce, button, debounced, make, tell } from "marquee/dom"

const PAUSE = 2500
const BOXES = { person: ["main_people", "mentioned_people"], work: ["about_works"] }
const TITLES = ["headline", "standfirst"]

export const Names = Extension.create({
  name: "names",

  onCreate() {
    const row = document.querySelector(".form-row.field-main_people")
    const isBody = this.editor.view.dom.closest(".prose-editor")?.querySelector("#id_body")
    if (row && isBody && document.getElementById("id_main_people")) new Offer(this.editor, row)
  },
})

class Offer {
  constructor(editor, row) {
    this.editor = editor
    this.names = []
    this.list = make("ul", { class: "names__list" })
    this.all = button("Tag all", () => this.tagAll(), { className: "button" })
    this.dom = make("section", { class: "names", "aria-label": "Named in the text", hidden: true },
      make("div", { class: "names__head" }, make("h3", {}, "Named in the text"), this.all), this.list)
    row.before(this.dom)
    const look = debounced(() => this.look(), PAUSE)
    editor.on("update", look)
    for (const name of TITLES) document.getElementById(`id_${name}`)?.addEventListener("input", look)
    for (const box of Object.values(BOXES).flat()) window.django.jQuery(`#id_${box}`).on("change", () => this.show())
    this.look()
  }

  async look() {
    const title = TITLES.map((name) => document.getElementById(`id_${name}`)?.value ?? "").filter(Boolean)
    const { running, others } = textsOf(this.editor.state.doc)
    const texts = running.map(({ text }) => text)
    const asked = JSON.stringify([title, texts, others])
    if (asked === this.asked) return
    this.asked = asked
    try {
      const { names } = await tell("mentions/", { title, texts, others })
      if (this.asked === asked) (this.names = names), this.show()
    } catch {
      this.asked = null // The next change asks again; a lost connection is told by autosave.
    }
  }

  show() {
    const rows = this.names.map((name) => this.row(name)).filter(Boolean)
    this.list.replaceChildren(...rows)
    this.dom.hidden = rows.length === 0
    this.all.hidden = !this.names.some((name) => !name.ambiguous && !boxOf(name))
  }

  row(name) {
    const tagged = boxOf(name)
    const linkable = tagged && this.spot(name) && !this.isLinked(name)
    if (tagged && !linkable) return null
    const times = name.count > 1 ? `${name.count} times` : "once"
    const about = [name.about, name.ambiguous ? `“${name.words}” may be someone else` : times, tagged && "tagged"].filter(Boolean).join(" · ")
    const tools = tagged ? [this.tool("Link first mention", name, () => this.link(name))] : this.tagTools(name)
    return make("li", { class: "names__row" }, make("span", { class: "names__who" }, make("strong", {}, name.name), " ", make("span", { class: "quiet" }, about)), make("span", { class: "names__tools" }, ...tools))
  }

  tagTools(name) {
    if (name.kind === "work") return [this.tool("Tag", name, () => tag("about_works", name))]
    const boxes = name.main ? ["main_people", "mentioned_people"] : ["mentioned_people", "main_people"]
    const label = { main_people: "About", mentioned_people: "Mentioned" }
    return boxes.map((box) => this.tool(label[box], name, () => tag(box, name)))
  }

  tool(label, name, act) {
    const deed = () => {
      const at = [...this.list.children].indexOf(dom.closest("li"))
      act()
      announce(`${name.name}: ${label}.`)
      this.focusNear(at)
    }
    const dom = button(label, deed, { className: "button", "aria-label": `${label}: ${name.name}` })
    return dom
  }

  // The row is gone or has another button: the keyboard goes on where it was.
  focusNear(at) {
    const rows = this.list.children
    rows[Math.min(at, rows.length - 1)]?.querySelector("button")?.focus()
  }

  tagAll() {
    const wanted = this.names.filter((name) => !name.ambiguous && !boxOf(name))
    for (const name of wanted) tag(name.kind === "work" ? "about_works" : name.main ? "main_people" : "mentioned_people", name)
    announce(`${counted(wanted.length, "name")} tagged.`)
  }

  // Where the first mention stands; nothing while the text differs from the one that was looked at.
  spot({ place }) {
    const block = place && textsOf(this.editor.state.doc).running[place[0]]
    if (!block || JSON.parse(this.asked)?.[1][place[0]] !== block.text) return null
    const [start, end] = place.slice(1).map((count) => Array.from(block.text).slice(0, count).join("").length)
    return { from: block.from + start, to: block.from + end }
  }

  isLinked({ kind, slug }) {
    let found = false
    this.editor.state.doc.descendants((node) => {
      found ||= node.marks.some((mark) => mark.type.name === "link" && mark.attrs.href === `${kind}:${slug}`)
      return !found
    })
    return found
  }

  link(name) {
    const { from, to } = this.spot(name)
    const { state, view } = this.editor
    const { link } = state.schema.marks
    view.dispatch(state.tr.addMark(from, to, link.create({ href: `${name.kind}:${name.slug}` })).scrollIntoView())
    this.show()
  }
}

// The running paragraphs with where each begins, and headings and captions, whose mentions are not linked.
function textsOf(doc) {
  const running = []
  const others = []
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true
    const text = node.textBetween(0, node.content.size, "\n", "\ufffc")
    if (node.type.name === "paragraph") running.push({ text, from: position + 1 })
    else if (text) others.push(text)
    return false
  })
  return { running, others }
}

const boxOf = ({ kind, id }) => BOXES[kind].find((box) => [...(document.getElementById(`id_${box}`)?.selectedOptions ?? [])].some(({ value }) => value === String(id)))

// Puts a name into a box as if it had been chosen there.
function tag(box, { id, name }) {
  const select = document.getElementById(`id_${box}`)
  const present = [...select.options].find(({ value }) => value === String(id))
  if (present) present.selected = true
  else select.append(new Option(name, id, true, true))
  window.django.jQuery(select).trigger("change")
}
