// What the server says about photos, asked once for many of them and kept for the page.

import { ask, make, scope } from "marquee/dom"

const known = new Map()
let waiting = new Map()

export function remember(photo) {
  known.set(photo.id, photo)
  return photo
}

export const recall = (id) => known.get(id)

export function forget(id) {
  known.delete(id)
}

// The facts of one photo; all that are asked for in the same moment go in one request.
export function load(id) {
  if (known.has(id)) return Promise.resolve(known.get(id))
  if (!waiting.size) setTimeout(fetchWaiting, 10)
  if (!waiting.has(id)) waiting.set(id, Promise.withResolvers ? Promise.withResolvers() : deferred())
  return waiting.get(id).promise
}

function deferred() {
  const made = {}
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
  return made
}

async function fetchWaiting() {
  const asked = waiting
  waiting = new Map()
  try {
    const { photos } = await ask("", { ...scope(), ids: [...asked.keys()].join(",") })
    photos.forEach(remember)
    for (const [id, promise] of asked) promise.resolve(known.get(id) ?? null)
  } catch (error) {
    for (const promise of asked.values()) promise.reject(error)
  }
}

export const thumb = (photo, width) => photo.thumb?.replace("{width}", width) ?? null

// May it be shown: "yes", "wait" (its file is still to come) or "no", with a word and the reason in a sentence.
export function standing(photo) {
  if (photo.state === "awaiting") return { level: "wait", word: "Waits for its file", reason: photo.reason }
  if (!photo.usable) return { level: "no", word: "Not usable", reason: photo.reason }
  return { level: "yes", word: "Usable", reason: photo.reason }
}

export function badge(photo) {
  const { level, word, reason } = standing(photo)
  const left = photo.quota_left === null ? "" : ` · ${photo.quota_left} left`
  return make("span", { class: `mq-badge mq-badge--${level}`, title: reason }, word + left)
}

export function picture(photo, width, alt = photo.alt) {
  const source = thumb(photo, width)
  if (!source) return make("span", { class: "mq-nothumb" }, photo.state === "awaiting" ? "Photo to come" : "No picture")
  const image = make("img", { src: source, alt, loading: "lazy", decoding: "async", draggable: "false" })
  if (photo.width) Object.assign(image, { width: photo.width, height: photo.height })
  if (photo.color) image.style.backgroundColor = photo.color
  return image
}
