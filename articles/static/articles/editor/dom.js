// Small things every other module needs: elements, dialogs, and questions to the server.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "textContent", "className", "selected", "multiple"])

// An element; `on` holds listeners, null and false attributes are left out. Never takes HTML.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener)
    else if (PROPERTIES.has(name)) element[name] = value
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : value)
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return element
}

export const icon = (name) => make("span", { class: "mq-icon", "aria-hidden": "true" }, name)

export function button(label, onClick, { symbol = "", className = "mq-button", ...attributes } = {}) {
  const shown = symbol ? [icon(symbol)] : [label]
  const named = symbol ? { "aria-label": label, title: label } : {}
  return make("button", { type: "button", class: className, ...named, ...attributes, on: { click: onClick } }, ...shown)
}

export function select(label, options, value, onChange) {
  const choices = options.map(([key, text]) => make("option", { value: key, selected: key === value }, text))
  return make("select", { class: "mq-select", "aria-label": label, on: { change: (event) => onChange(event.target.value) } }, ...choices)
}

let numbers = 0
export const uniqueId = (prefix) => `${prefix}-${++numbers}`

// A modal dialog with a title and a close button; `closed` is called however it ends.
export function dialog(title, className, closed = () => {}) {
  const heading = make("h2", { id: uniqueId("mq-title") }, title)
  const bar = make("div", { class: "mq-dialog__bar" }, heading)
  const element = make("dialog", { class: `mq-dialog ${className}`, "aria-labelledby": heading.id }, bar)
  bar.append(button("Close", () => element.close(), { symbol: "close", className: "mq-tool" }))
  element.addEventListener("close", () => {
    element.remove()
    closed()
  })
  // What happens in a dialog is not for the page below it: its shortcuts would save or move things unseen.
  element.addEventListener("keydown", (event) => event.stopPropagation())
  document.body.append(element)
  return element
}

let unsaid = []

// Says something to screen readers without moving the focus. What comes in one moment is said together, and once.
export function announce(sentence) {
  let place = document.getElementById("mq-announcer")
  if (!place) {
    place = make("div", { id: "mq-announcer", class: "mq-hidden", role: "status", "aria-live": "polite" })
    document.body.append(place)
  }
  place.textContent = ""
  if (!unsaid.length) requestAnimationFrame(() => ((place.textContent = unsaid.join(" ")), (unsaid = [])))
  if (!unsaid.includes(sentence)) unsaid.push(sentence)
}

export function debounced(action, wait = 200) {
  let timer
  return (...given) => {
    clearTimeout(timer)
    timer = setTimeout(() => action(...given), wait)
  }
}

// ---- questions to the server

const base = () => document.querySelector("[data-picker-url]")?.dataset.pickerUrl ?? "/admin/picker/"

// The cookie knows of a log-in in another tab, the form does not.
export const csrfToken = () =>
  document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? ""

// The story and the title that what is asked is about, as the form around the editor says.
export function scope() {
  const article = location.pathname.match(/\/article\/([0-9a-f-]{36})\//)?.[1]
  const site = document.querySelector("#id_site")?.value
  return { ...(site && { site }), ...(article && { article }) }
}

export async function ask(path, parameters = {}) {
  const query = new URLSearchParams(parameters)
  return answer(await reach(`${base()}${path}?${query}`, { headers: { Accept: "application/json" } }))
}

export async function tell(path, data) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() }
  return answer(await reach(`${base()}${path}`, { method: "POST", headers, body: JSON.stringify(data) }))
}

export async function reach(url, options) {
  try {
    return await fetch(url, { credentials: "same-origin", ...options })
  } catch {
    throw new Error("The server is not responding. Check the connection and try again.")
  }
}

export async function answer(response) {
  const data = await response.json().catch(() => ({}))
  if (!response.ok) throw Object.assign(new Error(data.detail ?? `Something went wrong on the server (${response.status}). Try again.`), { data })
  return data
}
