// What the server says about photos, asked once for many of them and kept for the page. A photo is asked about in a
// placement: it may be fit for the text and not for the lead.

import { ask, make, scope } from "marquee/dom"

const known = new Map()
const waiting = new Map()
const keyOf = (id, placement) => `${placement} ${id}`

// Takes in a page of photos as the server sent it; returns them.
export function received({ photos, may_change }, placement = "body") {
  const taken = photos.map((photo) => ({ ...photo, mayChange: may_change }))
  for (const photo of taken) known.set(keyOf(photo.id, placement), photo)
  return taken
}

export const recall = (id, placement = "body") => known.get(keyOf(id, placement))

export function forget(id) {
  for (const key of [...known.keys()]) if (key.endsWith(` ${id}`)) known.delete(key)
}

// Something about these photos changed: whoever shows one of them asks anew.
export function refresh(ids) {
  ids.forEach(forget)
  document.dispatchEvent(new CustomEvent("marquee:photos", { detail: ids }))
}

// The facts of one photo; all that are asked for in the same moment go in one request.
export function load(id, placement = "body") {
  if (recall(id, placement)) return Promise.resolve(recall(id, placement))
  if (!waiting.has(placement)) {
    waiting.set(placement, new Map())
    setTimeout(() => fetchWaiting(placement), 10)
  }
  const asked = waiting.get(placement)
  if (!asked.has(id)) asked.set(id, deferred())
  return asked.get(id).promise
}

function deferred() {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}

async function fetchWaiting(placement) {
  const asked = waiting.get(placement)
  waiting.delete(placement)
  try {
    received(await ask("", { ...scope(), placement, ids: [...asked.keys()].join(",") }), placement)
    for (const [id, promise] of asked) promise.resolve(recall(id, placement) ?? null)
  } catch (error) {
    for (const promise of asked.values()) promise.reject(error)
  }
}

// ---- what came in together

const groups = new Map()

// Photos of one drop or one choice of files; they often have one photographer.
export function together(group, id) {
  group.add(id)
  groups.set(id, group)
}

// Those that came with this one and still name nobody.
export const uncreditedWith = (id) =>
  [...(groups.get(id) ?? [])].filter((other) => other !== id && [...known.values()].some((photo) => photo.id === other && !photo.credit))

// ---- how they are shown

export const thumb = (photo, width) => photo.thumb?.replace("{width}", width) ?? null

// What the checklist will say of the photo in this use: its gravest finding. What the use says in words of its own is not missing.
export function standing(photo, use = null) {
  const said = {
    alt_missing: use?.decorative || (use?.alt ?? photo.alt),
    caption_missing: use !== null && use.caption !== null,
  }
  return photo.badges.find(({ code }) => !said[code])
}

export function badge(photo, use = null) {
  const { level, word, sentence } = standing(photo, use)
  const left = photo.quota_left === null ? "" : ` · ${photo.quota_left} left`
  return make("span", { class: `mq-badge mq-badge--${level}`, title: sentence || photo.reason }, word + left)
}

export function picture(photo, width, alt = photo.alt) {
  const source = thumb(photo, width)
  if (!source) return make("span", { class: "mq-nothumb" }, photo.state === "awaiting" ? "Photo to come" : "No picture")
  const image = make("img", { src: source, alt, loading: "lazy", decoding: "async", draggable: "false" })
  if (photo.width) Object.assign(image, { width: photo.width, height: photo.height })
  if (photo.color) image.style.backgroundColor = photo.color
  return image
}
