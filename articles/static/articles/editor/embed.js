// The embed: an atom that holds the address of a post, video or song, recognised by the server and shown as a card.

import { Node } from "django-prose-editor/editor"
import { announce, ask, button, dialog, icon, make, uniqueId } from "marquee/dom"
import { insertBlock, removeNode, selectNode, track } from "marquee/place"

const recognised = new Map()

// What an address is an embed of; rejects with the sentence that says why it is none.
export function identify(url) {
  if (!recognised.has(url)) recognised.set(url, ask("embed/", { url }))
  recognised.get(url).catch(() => recognised.delete(url))
  return recognised.get(url)
}

export const Embed = Node.create({
  name: "embed",
  group: "figure",
  atom: true,
  draggable: true,

  addAttributes() {
    return { url: { default: null, rendered: false } }
  },

  parseHTML() {
    return [{ tag: "div[data-embed]", priority: 60, getAttrs: readEmbed }]
  },

  renderHTML({ node, HTMLAttributes }) {
    return ["div", { ...HTMLAttributes, "data-embed": node.attrs.url }]
  },

  addCommands() {
    return { askForEmbed: () => ({ editor, dispatch }) => Boolean(dispatch ? askFor(editor) : true) }
  },

  addNodeView() {
    return (given) => new EmbedView(given)
  },
})

// The card links to the address: one that is no web address is no embed, wherever the HTML came from.
function readEmbed(element) {
  const url = element.getAttribute("data-embed")
  return /^https?:\/\//i.test(url) ? { url } : false
}

export function insertEmbed(editor, position, url, options) {
  insertBlock(editor, position, editor.schema.nodes.embed.create({ url }), options)
}

function askFor(editor) {
  const place = track(editor)
  const box = dialog("Embed a post, video or song", "mq-ask", () => (place.end(), editor.view.focus()))
  const id = uniqueId("mq-url")
  const input = make("input", { type: "url", id, class: "mq-input", placeholder: "https://", required: true, "aria-describedby": `${id}-fault` })
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
  box.append(make("form", { on: { submit } }, make("label", { for: id }, "Address of its page"), input, fault, actions))
  box.showModal()
  input.focus()
  return true
}

class EmbedView {
  constructor({ node, editor, getPos }) {
    this.node = node
    this.provider = make("strong", {}, "Embed")
    this.address = make("a", { href: node.attrs.url, target: "_blank", rel: "noopener noreferrer" }, node.attrs.url)
    this.remove = button("Remove this embed", () => removeNode(editor, getPos()), { symbol: "delete", className: "mq-tool" })
    const text = make("div", { class: "mq-embed__text" }, this.provider, this.address)
    this.dom = make("div", { class: "mq-block mq-embed", contenteditable: "false" }, icon("smart_display"), text, this.remove)
    this.dom.addEventListener("click", (event) => event.target.closest("a, button") || selectNode(editor, getPos()))
    this.show()
  }

  async show() {
    const { url } = this.node.attrs
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
    return true
  }

  selectNode() {
    this.dom.classList.add("mq-selected")
  }

  deselectNode() {
    this.dom.classList.remove("mq-selected")
  }

  stopEvent(event) {
    return this.remove.contains(event.target) || this.address.contains(event.target)
  }

  ignoreMutation() {
    return true
  }
}
