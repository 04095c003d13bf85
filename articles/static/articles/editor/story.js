// A whole story that was pasted: offers to make headings, photo slots and the fields of the form out of it.

import { announce, button, make, tell } from "marquee/dom"
import { insert } from "marquee/paste"

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
  announce(`${sentence.textContent} You can import its structure: the buttons stand above the text.`)
}

async function build(editor, place, pasted) {
  const made = await tell("build/", pasted)
  insert(editor, place, made.html)
  const filled = FIELDS.filter((name) => fillField(name, made[name]))
  announce(`The structure is imported${filled.length ? `; ${filled.join(", ")} filled in` : ""}.`)
}

// Fills a field of the form that is still empty.
function fillField(name, value) {
  const field = document.querySelector(`#id_${name}`)
  if (!field || field.value.trim() || !value) return false
  field.value = value
  field.dispatchEvent(new Event("input", { bubbles: true }))
  return true
}
