// Quotes and pull quotes: paragraphs with the name of who said it below.

import { Blockquote as BaseQuote, mergeAttributes, Node } from "django-prose-editor/editor"
import { make } from "marquee/dom"
import { paragraphAfter, updateAttributes } from "marquee/place"

const cite = {
  default: null,
  parseHTML: (element) => element.getAttribute("data-cite") || null,
  renderHTML: ({ cite }) => (cite ? { "data-cite": cite } : {}),
}

const quoteView = (tag, label) => (given) => new QuoteView(given, tag, label)

export const Blockquote = BaseQuote.extend({
  content: "paragraph+",

  addAttributes() {
    return { ...this.parent?.(), cite }
  },

  addNodeView() {
    return quoteView("blockquote", "Quote")
  },
})

export const PullQuote = Node.create({
  name: "pullQuote",
  group: "figure",
  content: "paragraph+",
  defining: true,

  addAttributes() {
    return { cite }
  },

  parseHTML() {
    return [{ tag: "aside[data-pull-quote]" }]
  },

  renderHTML({ HTMLAttributes }) {
    return ["aside", mergeAttributes({ "data-pull-quote": "" }, HTMLAttributes), 0]
  },

  addCommands() {
    return { togglePullQuote: () => ({ commands }) => commands.toggleWrap("pullQuote") }
  },

  addNodeView() {
    return quoteView("aside", "Pull quote")
  },
})

class QuoteView {
  constructor({ node, editor, getPos }, tag, label) {
    this.node = node
    this.contentDOM = make("div", { class: "mq-quote__text" })
    this.input = make("input", { type: "text", class: "mq-quote__cite", dir: "auto", placeholder: "Who said it", "aria-label": `${label}: who said it` })
    this.input.addEventListener("input", () => updateAttributes(editor, getPos(), { cite: this.input.value || null }))
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return
      event.preventDefault()
      paragraphAfter(editor, getPos())
    })
    const line = make("div", { class: "mq-quote__line", contenteditable: "false" }, "— ", this.input)
    this.dom = make(tag, { class: `mq-quote mq-quote--${tag}`, "aria-label": label }, this.contentDOM, line)
    this.show()
  }

  show() {
    const text = this.node.attrs.cite ?? ""
    if (this.input.value !== text) this.input.value = text
  }

  update(node) {
    if (node.type !== this.node.type) return false
    this.node = node
    this.show()
    return true
  }

  stopEvent(event) {
    return event.target === this.input
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target)
  }
}
