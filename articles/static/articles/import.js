// Import story: formatted pastes keep their formatting, and the file stays chosen while the page answers, so that its
// pictures come along when the draft is made. Without this file the page does the same with plain words.

const form = document.querySelector("form.import")
const { text, html, file } = form.elements
const part = (name, page = form) => page.querySelector(`.import-${name}`)

function escaped(words) {
  const element = document.createElement("p")
  element.textContent = words
  return element.outerHTML
}

// The words in the box are a copy while there is formatting: they are changed in the story, where formatting stays.
function showFormat() {
  const has = Boolean(html.value.trim())
  text.readOnly = has
  part("format").hidden = !has
  part("format").firstElementChild.textContent = has ? "The formatting is kept. Paste again to add more below." : ""
}

// Each paste goes below what is there, typed words too.
function paste(event) {
  const pasted = event.clipboardData?.getData("text/html")
  const words = event.clipboardData?.getData("text/plain") ?? ""
  if (event.target.closest?.("input") || (!pasted && !html.value)) return
  event.preventDefault()
  const before = html.value || text.value.split(/\n+/).filter((line) => line.trim()).map(escaped).join("")
  html.value = before + (pasted || words.split(/\n+/).map(escaped).join(""))
  text.value = [text.value.trim(), words.trim()].filter(Boolean).join("\n\n")
  showFormat()
}

function drop(event) {
  form.classList.remove("is-dragged")
  if (!event.dataTransfer.files.length || part("source").hidden) return
  event.preventDefault()
  file.files = event.dataTransfer.files
}

// What the server found takes its place on this page; what was typed, pasted and chosen is left alone.
async function send(event) {
  event.preventDefault()
  if (form.ariaBusy === "true") return
  form.ariaBusy = "true"
  const data = new FormData(form, event.submitter)
  try {
    const headers = { Accept: "text/html, application/json" }
    const response = await fetch(form.action, { method: "POST", headers, body: data, credentials: "same-origin" })
    if (response.headers.get("Content-Type")?.includes("json")) return location.assign((await response.json()).url)
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    if (!part("found", page)) throw new Error(said(page, response))
    take(page)
  } catch (error) {
    part("errors").textContent = error.message
  }
  form.ariaBusy = "false"
}

const said = (page, { status }) =>
  page.querySelector("#content p, main p")?.textContent.trim() || (status === 413 ? "The file is too large. Choose a smaller one." : "The server is not responding. Try again; nothing is lost.")

function take(page) {
  for (const name of ["errors", "found"]) part(name).replaceWith(part(name, page))
  part("source").hidden = part("source", page).hidden
  const found = part("found")
  if (part("source").hidden) found.focus()
  else (part("errors").textContent.trim() ? text : found).focus()
}

// The links of the story are to be looked at, not to leave by.
function look(event) {
  const link = event.target.closest(".lines a")
  if (link) Object.assign(link, { target: "_blank", rel: "noopener" })
}

form.addEventListener("click", look)
form.addEventListener("submit", send)
form.addEventListener("paste", paste)
form.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && (event.preventDefault(), form.classList.add("is-dragged")))
form.addEventListener("dragleave", () => form.classList.remove("is-dragged"))
form.addEventListener("drop", drop)
part("format").querySelector("button").addEventListener("click", () => {
  html.value = ""
  showFormat()
  text.focus()
})
showFormat()
