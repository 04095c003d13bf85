// The embed: an atom that holds the address of a post, video or song, recognised by the server and shown as a card.

import { Node } from "django-prose-editor/editor"
import { captionField, showWords } from "marquee/caption-field"
import { announce, ask, button, dialog, icon, make, tell, uniqueId } from "marquee/dom"
import { cleanInline, fill } from "marquee/inline"
import { insertBlock, paragraphAfter, removeNode, selectNode, track, updateAttributes } from "marquee/place"

const recognised = new Map()

// What an address or a provider's embed code is an embed of; rejects with the sentence that says why it is none.
export function identify(url) {
  if (!recognised.has(url)) recognised.set(url, /^https?:\/\/\S+$/i.test(url) ? ask("embed/", { url }) : tell("embed/", { code: url }))
  recognised.get(url).catch(() => recognised.delete(url))
  return recognised.get(url)
}

export const Embed = Node.create({
  name: "embed",
  group: "figure",
  atom: true,
  draggable: true,

  addAttributes() {
    return { url: { default: null, rendered: false }, caption: { default: null, rendered: false } }
  },

  parseHTML() {
    return [{ tag: "div[data-embed]", priority: 60, getAttrs: readEmbed }]
  },

  renderHTML({ node, HTMLAttributes }) {
    const { url, caption } = node.attrs
    const element = make("div", { ...HTMLAttributes, "data-embed": url })
    if (caption) fill(element.appendChild(make("figcaption")), caption)
    return element
  },

  addCommands() {
    return { askForEmbed: () => ({ editor, dispatch }) => Boolean(dispatch ? askFor(editor) : true) }
  },

  addNodeView() {
    return (given) => new EmbedView(given)
  },
})

// The card links to the address: one that is not a web address is no embed, wherever the HTML came from.
function readEmbed(element) {
  const url = element.getAttribute("data-embed")
  const caption = element.querySelector("figcaption")
  return /^https?:\/\//i.test(url) ? { url, caption: caption ? cleanInline(caption.innerHTML) || null : null } : false
}

export function insertEmbed(editor, position, url, options) {
  insertBlock(editor, position, editor.schema.nodes.embed.create({ url }), options)
}

function askFor(editor) {
  const place = track(editor)
  const box = dialog("Embed a post, video or song", "mq-ask", () => (place.end(), editor.view.focus()))
  const id = uniqueId("mq-url")
  const input = make("input", { type: "text", inputmode: "url", id, class: "mq-input", placeholder: "https://", required: true, "aria-describedby": `${id}-fault` })
  const fault = make("p", { class: "mq-fault", id: `${id}-fault`, role: "alert" })
  const submit = async (event) => {
    event.preventDefault()
    try {
      const { url } = await identify(input.value.trim())
      // Closed meanwhile, or sent twice.
      if (!box.open) return
      box.close()
      insertEmbed(editor, place.to, url)
    } catch (error) {
      fault.textContent = error.message
    }
  }
  const actions = make("div", { class: "mq-dialog__foot" }, make("button", { class: "mq-button mq-button--main" }, "Embed"))
  box.append(make("form", { on: { submit } }, make("label", { for: id }, "Address of its page, or its embed code"), input, fault, actions))
  box.showModal()
  input.focus()
  return true
}

class EmbedView {
  constructor({ node, editor, getPos }) {
    Object.assign(this, { node, editor, getPos })
    this.provider = make("strong", {}, "Embed")
    this.address = make("a", { href: node.attrs.url, target: "_blank", rel: "noopener noreferrer" }, node.attrs.url)
    this.remove = button("Remove this embed", () => removeNode(editor, getPos()), { symbol: "delete", className: "mq-tool" })
    this.caption = captionField(this.host(), "Caption of this embed")
    const text = make("div", { class: "mq-embed__text" }, this.provider, this.address, this.caption)
    this.dom = make("div", { class: "mq-block mq-embed", contenteditable: "false" }, icon("smart_display"), text, this.remove)
    this.dom.addEventListener("click", (event) => event.target.closest("a, button, [contenteditable=true]") || selectNode(editor, getPos()))
    this.show()
  }

  host() {
    const { editor, getPos } = this
    return {
      change: ({ caption }) => updateAttributes(editor, getPos(), { caption: caption || null }),
      undo: () => editor.commands.undo(),
      redo: () => editor.commands.redo(),
      leave: (where) => (where === "after" ? paragraphAfter(editor, getPos()) : selectNode(editor, getPos())),
    }
  }

  async show() {
    const { url, caption } = this.node.attrs
    showWords(this.caption, caption ?? "")
    try {
      const { provider, noun } = await identify(url)
      this.provider.textContent = `${noun} on ${provider}`
    } catch (error) {
      this.provider.textContent = error.message
      announce(error.message)
    }
  }

  update(node) {
    if (node.type !== this.node.type || node.attrs.url !== this.node.attrs.url) return false
    this.node = node
    showWords(this.caption, node.attrs.caption ?? "")
    return true
  }

  selectNode() {
    this.dom.classList.add("mq-selected")
  }

  deselectNode() {
    this.dom.classList.remove("mq-selected")
  }

  stopEvent(event) {
    return [this.remove, this.address, this.caption].some((part) => part.contains(event.target))
  }

  ignoreMutation() {
    return true
  }
}
