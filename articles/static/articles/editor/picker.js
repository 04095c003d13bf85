// The photo picker: one dialog for the body, galleries, the lead photo and every other photo of a form.

import { counted } from "marquee/counted"
import { ask, button, debounced, dialog, make, scope, uniqueId } from "marquee/dom"
import { badge, forget, load, picture, received } from "marquee/photos"
import { PickerDetail } from "marquee/picker-detail"
import { imagesOf, upload } from "marquee/upload"

const CHECKS = [["usable", "Usable now"], ["recent", "Last 7 days"], ["mine", "Uploaded by me"]]
const CHOICES = [["kind", "Any kind", "Kind of photo"], ["taken", "Taken at any time", "Taken"]]
// Pages of usable photos may come back nearly empty: so often more is asked for before the writer has to.
const PATIENCE = 4

// Opens the picker; resolves with the photos chosen, in the order of choosing, or none. With `words` (“rich” or “plain”)
// each brings what was written for its use.
export function pickPhotos(options = {}) {
  return new Promise((resolve) => new Picker(options, resolve).open())
}

class Picker {
  constructor({ title = "Choose a photo", placement = "body", multiple = false, words = "" }, resolve) {
    Object.assign(this, { placement, multiple, chosen: [], photos: [], seen: new Map(), next: null, asked: 0 })
    this.opener = document.activeElement
    this.result = []
    this.detail = new PickerDetail({ placement, words, done: () => this.choose.focus(), like: (photo) => this.showLike(photo) })
    this.dialog = dialog(title, "mq-picker", () => {
      this.detail.dispose()
      resolve(this.result)
      this.opener?.focus?.()
    })
    this.form = this.makeForm()
    this.grid = make("div", { class: "mq-grid", role: "listbox", id: uniqueId("mq-grid"), "aria-label": "Photos", "aria-multiselectable": multiple && "true" })
    this.status = make("p", { class: "mq-picker__status", role: "status" })
    this.more = button("Show more", () => this.extend(), { hidden: true })
    this.uploads = make("ul", { class: "mq-picker__uploads" })
    const main = make("div", { class: "mq-picker__main" }, make("div", { class: "mq-picker__scroll" }, this.grid, this.more), this.detail.dom)
    this.dialog.append(this.form, this.uploads, main, this.footer())
    this.listen()
  }

  open() {
    this.dialog.showModal()
    this.search.focus()
    this.start()
  }

  // ---- the form

  makeForm() {
    const changed = debounced(() => this.start())
    this.search = make("input", { type: "search", name: "q", class: "mq-input", placeholder: "Caption, credit, person, event, keyword, date, ID", "aria-label": "Search photos", on: { input: changed } })
    const checks = CHECKS.map(([name, label]) => make("label", { class: "mq-check" }, make("input", { type: "checkbox", name, on: { change: changed } }), label))
    const filters = make("div", { class: "mq-picker__filters" }, ...checks, ...this.named("agency", "Agency", changed), ...this.named("person", "Person", changed), ...this.named("collection", "Collection", changed), ...this.named("uploader", "Uploaded by", changed), ...this.selects(changed))
    this.like = make("input", { type: "hidden", name: "like" })
    this.unlike = button("", () => this.showLike(null), { hidden: true })
    filters.append(this.like, this.unlike)
    return make("form", { class: "mq-picker__form", on: { submit: (event) => event.preventDefault() } }, this.search, filters)
  }

  // A filter by name, with the names that begin to match.
  named(name, label, changed) {
    const list = make("datalist", { id: uniqueId("mq-names") })
    const suggest = debounced(async (q) => {
      const { names } = await ask(`names/${name}/`, { q }).catch(() => ({ names: [] }))
      list.replaceChildren(...names.map((value) => make("option", { value })))
    })
    const input = make("input", { type: "text", name, class: "mq-input mq-input--short", placeholder: label, "aria-label": label, list: list.id, autocomplete: "off" })
    input.addEventListener("input", () => (suggest(input.value), changed()))
    return [input, list]
  }

  // Filters with a few choices, which the server knows.
  selects(changed) {
    const found = CHOICES.map(([name, any, label]) => make("select", { name, class: "mq-input mq-input--short", "aria-label": label, on: { change: changed } }, make("option", { value: "" }, any)))
    const fill = (given) => found.forEach((select) => select.append(...given[select.name].map(([value, label]) => make("option", { value }, label))))
    ask("facets/").then(fill, () => {})
    return found
  }

  footer() {
    const file = make("input", { type: "file", accept: "image/*", multiple: true, class: "mq-hidden", "aria-label": "Upload pictures", tabindex: "-1" })
    file.addEventListener("change", () => this.receive([...file.files]))
    this.choose = button("Choose", () => this.finish(), { className: "mq-button mq-button--main", disabled: true })
    const drop = make("span", { class: "mq-picker__hint" }, "or drop pictures anywhere here")
    return make("div", { class: "mq-picker__foot" }, button("Upload…", () => file.click()), file, drop, this.status, this.choose)
  }

  // ---- asking

  // Lists the photos that look like this one, or all again.
  showLike(photo) {
    this.like.value = photo?.id ?? ""
    this.unlike.hidden = !photo
    this.unlike.textContent = photo ? `Similar to “${(photo.caption || "a photo without a caption").slice(0, 40)}” ×` : ""
    this.unlike.setAttribute("aria-label", "Show all photos again")
    this.start()
    if (!photo) this.search.focus()
  }

  parameters() {
    const given = [...new FormData(this.form)].filter(([, value]) => value)
    return { ...scope(), placement: this.placement, ...Object.fromEntries(given) }
  }

  async start() {
    this.photos = []
    this.next = null
    this.grid.replaceChildren()
    await this.extend()
  }

  async extend() {
    const asked = ++this.asked
    this.grid.setAttribute("aria-busy", "true")
    const before = this.photos.length
    try {
      for (let tries = 0; tries < PATIENCE && asked === this.asked; tries++) {
        const page = await ask("", { ...this.parameters(), ...(this.next && { after: this.next }) })
        if (asked !== this.asked) return
        this.add(received(page, this.placement))
        this.next = page.next
        this.meant = page.meant
        if (!this.next || this.photos.length > before) break
      }
      this.say(this.photos.length ? "" : "No photos found. Try fewer words, or upload one.")
    } catch (error) {
      this.say(error.message)
    }
    this.grid.setAttribute("aria-busy", "false")
    this.more.hidden = !this.next
  }

  say(sentence) {
    const { length } = this.photos
    const number = counted(length, "photo") + (this.next ? " so far" : "")
    this.status.textContent = sentence || (this.meant ? `No photos found for these words. ${number} for “${this.meant}”` : number)
  }

  // ---- the grid

  // No photo is listed twice: an uploaded one may be here already, and a list asked for anew may hold one just uploaded.
  add(photos, first = false) {
    const isListed = ({ id }) => this.tiles.some((tile) => tile.dataset.id === id)
    if (first) for (const photo of photos) this.drop(photo.id)
    const added = photos.filter((photo) => !isListed(photo))
    for (const photo of photos) this.seen.set(photo.id, photo)
    const tiles = added.map((photo) => this.tile(photo))
    this.photos = first ? [...added, ...this.photos] : [...this.photos, ...added]
    if (first) this.grid.prepend(...tiles)
    else this.grid.append(...tiles)
    this.rove(this.grid.querySelector("[tabindex='0']") ?? this.grid.firstElementChild)
  }

  drop(id) {
    this.photos = this.photos.filter((photo) => photo.id !== id)
    this.tiles.find((tile) => tile.dataset.id === id)?.remove()
  }

  tile(photo) {
    const facts = [photo.people.join(", "), photo.event].filter(Boolean).join(" · ")
    const label = [photo.caption || "No caption", photo.credit || "No credit", photo.usable ? "" : photo.reason].filter(Boolean).join(". ")
    const tile = make("div", { class: "mq-tile", role: "option", tabindex: "-1", "aria-selected": String(this.chosen.includes(photo.id)), "aria-label": label, "data-id": photo.id, title: photo.reason },
      make("div", { class: "mq-tile__picture" }, picture(photo, 320, ""), badge(photo)),
      make("p", { class: "mq-tile__caption" }, photo.caption || "No caption yet"),
      make("p", { class: "mq-tile__credit" }, photo.credit || "No credit yet"),
      facts && make("p", { class: "mq-tile__facts" }, facts))
    return tile
  }

  get tiles() {
    return [...this.grid.children]
  }

  rove(tile) {
    if (!tile) return
    for (const each of this.tiles) each.tabIndex = each === tile ? 0 : -1
  }

  columns() {
    const [first, ...others] = this.tiles
    const wrapped = others.findIndex((tile) => tile.offsetTop > first.offsetTop)
    return wrapped < 0 ? this.tiles.length : wrapped + 1
  }

  // ---- choosing

  listen() {
    this.grid.addEventListener("click", (event) => this.click(event.target.closest(".mq-tile")))
    this.grid.addEventListener("dblclick", (event) => this.take(event.target.closest(".mq-tile")))
    this.grid.addEventListener("keydown", (event) => this.key(event))
    this.form.addEventListener("keydown", (event) => this.fromForm(event))
    this.dialog.addEventListener("dragover", (event) => (event.preventDefault(), this.dialog.classList.add("mq-dropping")))
    this.dialog.addEventListener("dragleave", (event) => event.target === this.dialog && this.dialog.classList.remove("mq-dropping"))
    this.dialog.addEventListener("drop", (event) => {
      event.preventDefault()
      this.dialog.classList.remove("mq-dropping")
      this.receive(imagesOf(event.dataTransfer))
    })
  }

  click(tile) {
    if (!tile) return
    this.rove(tile)
    tile.focus()
    this.toggle(tile)
  }

  // The two clicks of a double one have marked and unmarked it.
  take(tile) {
    if (!tile) return
    if (!this.chosen.includes(tile.dataset.id)) this.toggle(tile)
    this.finish()
  }

  toggle(tile) {
    const { id } = tile.dataset
    if (this.chosen.includes(id)) this.chosen = this.chosen.filter((each) => each !== id)
    else this.chosen = this.multiple ? [...this.chosen, id] : [id]
    for (const each of this.tiles) each.setAttribute("aria-selected", String(this.chosen.includes(each.dataset.id)))
    this.choose.disabled = !this.chosen.length
    this.detail.show(this.photosChosen)
    this.choose.textContent = this.chosen.length > 1 ? `Choose ${this.chosen.length} photos` : "Choose"
  }

  key(event) {
    const at = this.tiles.indexOf(document.activeElement)
    const row = this.columns()
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -row, ArrowDown: row, Home: -at, End: this.tiles.length - 1 - at }
    if (event.key in steps) this.go(at + steps[event.key])
    else if (event.key === " ") this.toggle(this.tiles[at])
    else if (event.key === "Enter") this.enter(this.tiles[at])
    else return
    event.preventDefault()
  }

  go(index) {
    if (index < 0) return this.search.focus()
    const tile = this.tiles[Math.min(index, this.tiles.length - 1)]
    this.rove(tile)
    tile?.focus()
    tile?.scrollIntoView({ block: "nearest" })
  }

  // Enter takes what has the focus, unless several were marked before.
  enter(tile) {
    if (!this.chosen.length || !this.multiple) this.chosen = [tile.dataset.id]
    this.finish()
  }

  fromForm(event) {
    if (event.key !== "ArrowDown" || event.target.matches("[list], select")) return
    event.preventDefault()
    this.go(0)
  }

  // A photo stays chosen when another list no longer holds it.
  get photosChosen() {
    return this.chosen.map((id) => this.seen.get(id)).filter(Boolean)
  }

  // Words that are not saved yet are saved first; if they cannot be, the picker stays and says so.
  async finish() {
    if (!(await this.detail.settle())) return
    this.result = this.photosChosen.map((photo) => ({ ...photo, use: this.detail.useOf(photo.id) }))
    this.dialog.close()
  }

  // ---- uploading

  async receive(files) {
    if (!files.length) return this.say("Only pictures can be uploaded here.")
    const lines = new Map(files.map((file) => [file, this.uploads.appendChild(make("li", {}, file.name))]))
    const ids = await upload(files, (file, sentence) => {
      if (sentence) lines.get(file).textContent = `${file.name}: ${sentence}`
      else lines.get(file).remove()
    })
    ids.forEach(forget)
    const photos = (await Promise.all(ids.map((id) => load(id, this.placement)))).filter(Boolean)
    this.add(photos, true)
    const usable = photos.filter(({ state }) => state === "ready").map(({ id }) => id)
    const fresh = this.tiles.filter((tile) => usable.includes(tile.dataset.id) && !this.chosen.includes(tile.dataset.id))
    for (const tile of this.multiple ? fresh : fresh.slice(0, 1)) this.toggle(tile)
    this.say(photos.length ? `${photos.length} uploaded.` : "")
    if (photos.length && !this.detail.focusEmpty()) this.go(0)
  }
}
