// A whole story that was pasted: offers to make headings, photo slots and the fields of the form out of it.

import { pm } from "django-prose-editor/editor"
import { announce, button, make, tell } from "marquee/dom"
import { insert } from "marquee/paste"
import { blockAt } from "marquee/place"

const FEWEST_LINES = 4
const FIELDS = ["headline", "standfirst", "byline"]

// Asks the server whether the text is a whole story; if so, an offer stands above the text until it is answered.
export async function offerStructure(editor, place, text, html = "") {
  const lines = text.split("\n").filter((line) => line.trim())
  const found = lines.length < FEWEST_LINES ? { story: false } : await tell("structure/", { text, html }).catch(() => ({ story: false }))
  if (!found.story) return place.end()
  const frame = editor.view.dom.closest(".prose-editor")
  frame.querySelector(".mq-offer")?.remove()
  const offer = make("div", { class: "mq-offer", role: "region", "aria-label": "Import structure" })
  const answered = () => (place.end(), offer.remove(), editor.view.focus())
  const accept = async () => {
    try {
      await build(editor, place, { text, html })
      answered()
    } catch (error) {
      sentence.textContent = error.message
    }
  }
  const sentence = make("p", {}, `This looks like a whole story: ${found.found}.`)
  offer.append(sentence, button("Import structure", accept, { className: "mq-button mq-button--main" }), button("Keep it as it is", answered))
  editor.view.dom.before(offer)
  announce(`${sentence.textContent} You can import its structure with the buttons above the text.`)
}

async function build(editor, place, pasted) {
  const made = await tell("build/", pasted)
  put(editor, place, made.html)
  const filled = FIELDS.filter((name) => fillField(name, made[name]))
  announce(`Structure imported${filled.length ? `; ${filled.join(", ")} filled in` : ""}.`)
}

// Puts blocks in for the whole blocks of a paste, so that none becomes part of what stood there; a part of a block is
// replaced as by a paste.
function put(editor, place, html) {
  const { doc, schema, tr } = editor.state
  const first = blockAt(doc, place.from).from
  const last = blockAt(doc, Math.max(place.from, place.to - 1)).to
  if (doc.textBetween(first, place.from) || doc.textBetween(place.to, Math.max(place.to, last))) return insert(editor, place, html)
  const { content } = pm.model.DOMParser.fromSchema(schema).parse(new DOMParser().parseFromString(html, "text/html").body)
  tr.replaceWith(first, Math.max(place.to, last), content)
  tr.setSelection(pm.state.Selection.near(tr.doc.resolve(first + content.size), -1))
  editor.view.dispatch(tr.setMeta("paste", true).setMeta("uiEvent", "paste").scrollIntoView())
}

// Fills a field of the form that is still empty.
function fillField(name, value) {
  const field = document.querySelector(`#id_${name}`)
  if (!field || field.value.trim() || !value) return false
  field.value = value
  field.dispatchEvent(new Event("input", { bubbles: true }))
  return true
}
