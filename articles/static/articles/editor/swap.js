// One photo in the place of another: which words stay is never decided unseen.

import { announce, button, dialog, make, tell } from "marquee/dom"
import { fromPlain, plainOf } from "marquee/inline"
import { forget, recall, refresh } from "marquee/photos"

const NOTHING = { caption: null, alt: null, decorative: false }

// What a use says when this photo takes the place of its own; null if the writer thinks better of it. A slot hands on the
// words that came with the text: its caption to this use, its credit to the photo desk as a question.
export async function handedOn(use, photo, placement = "body") {
  const slot = recall(use.photo, placement)
  if (slot?.state !== "awaiting") return hasWords(use) ? askWhichWords(use, recall(photo, placement)) : { ...NOTHING, caption: use.caption }
  await tell("fill/", { slot: slot.id, photo }).then(() => filled(slot.id, photo), (error) => announce(error.message))
  const { caption, alt, decorative } = use
  return { caption: caption ?? (fromPlain(slot.caption) || null), alt, decorative }
}

// The photo may have the slot's credit now.
function filled(slot, photo) {
  forget(slot)
  refresh([photo])
}

// No caption at all fits any picture.
const hasWords = ({ caption, alt, decorative }) => Boolean(caption || alt || decorative)

function askWhichWords(use, photo) {
  const nouns = [use.caption && "caption", (use.alt || use.decorative) && "alt text"].filter(Boolean).join(" and ")
  const kept = { caption: use.caption, alt: use.alt, decorative: use.decorative }
  return new Promise((resolve) => {
    let answer = null
    const say = (words) => () => ((answer = words), asking.close())
    const asking = dialog(`Keep this story’s ${nouns}?`, "mq-ask mq-swap", () => resolve(answer))
    const keep = button("Keep", say(kept), { className: "mq-button mq-button--main" })
    const take = button("Use the new photo’s", say({ ...NOTHING, caption: use.caption === "" ? "" : null }))
    asking.append(make("div", { class: "mq-swap__body" },
      make("p", {}, nouns.includes(" and ") ? "They describe the earlier picture." : "It describes the earlier picture."),
      make("dl", { class: "mq-swap__words" }, ...compared(use, photo)),
      make("div", { class: "mq-dialog__foot" }, take, keep)))
    asking.showModal()
    keep.focus()
  })
}

// Side by side for each that this story has its own words for.
function compared(use, photo) {
  const alt = ({ alt, decorative }) => (decorative ? "Decorative picture" : alt)
  const row = (name, words) => [make("dt", {}, name), make("dd", {}, words || "None")]
  return [
    ...(use.caption ? [...row("This story’s caption", plainOf(use.caption)), ...(photo ? row("The new photo’s caption", photo.caption) : [])] : []),
    ...(alt(use) ? [...row("This story’s alt text", alt(use)), ...(photo ? row("The new photo’s alt text", alt(photo)) : [])] : []),
  ]
}
