// A photo that is awaited: what fills its place.

import { button, make } from "marquee/dom"

// `upload(files)` and `choose()` fill the slot; a file may be dropped on it, too.
export function slotTools({ upload, choose }) {
  const file = make("input", { type: "file", accept: "image/*", class: "mq-hidden", "aria-label": "Upload the awaited picture", tabindex: "-1" })
  file.addEventListener("change", () => file.files.length && upload([...file.files]))
  const hint = make("p", { class: "mq-words__note" }, "Drop the picture here, or:")
  return make("div", { class: "mq-slot", hidden: true }, hint, button("Upload…", () => file.click()), file, button("Choose a photo…", choose))
}
