// Puts the cursor into the credit, caption or alt text of a photo, wherever it is shown: opens what hides it first.

const PLACES = { lead: "lead", card: "card" }

// `block` is the id of a block of the text, with the photo's number in a gallery (“3f9a1c.2”); “lead” or “card” for the
// photos of the form. Returns whether the field was found.
export function focusPhotoField(block, photo, field) {
  const card = cardOf(String(block ?? ""), photo)
  if (!card) return false
  for (let fold = card.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true
  const target = fieldIn(card, field)
  card.scrollIntoView({ block: "center" })
  target?.focus({ preventScroll: true })
  return Boolean(target)
}

function cardOf(block, photo) {
  if (block in PLACES) return document.querySelector(`.mq-field[data-field-of="${PLACES[block]}"]`)
  const [id, number] = block.split(".")
  const cards = [...document.querySelectorAll(".tiptap .mq-block[data-block]")]
  const found = id ? cards.find((card) => card.dataset.block === id) : document.querySelector(".tiptap")
  const photos = found?.matches("[data-photo]") ? [found] : [...(found?.querySelectorAll("[data-photo]") ?? [])]
  return photos[number] ?? photos.find((card) => card.dataset.photo === photo) ?? photos[0] ?? found
}

// Words that are switched off are switched on where that was done.
function fieldIn(card, name) {
  const field = card.querySelector(`[data-field="${name}"]`)
  if (field?.offsetParent) return field
  return field?.closest(".mq-words__part")?.querySelector("select") ?? card.querySelector("button")
}

document.addEventListener("marquee:goto", ({ detail }) => focusPhotoField(detail.block, detail.photo, detail.field))
