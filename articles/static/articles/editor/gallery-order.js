// A photo of a gallery is taken by its picture and dropped above or below another one of the same gallery.

const DRAGGED = "application/x-marquee-photo"
const isBelowMiddle = ({ clientY }, dom) => clientY > dom.getBoundingClientRect().top + dom.offsetHeight / 2

export class Order {
  // `reorder(from, to)` puts the photo of one number in the place of another.
  constructor(reorder) {
    Object.assign(this, { reorder, items: [], dragged: null })
  }

  add(dom, picture, index) {
    this.items[index] = dom
    picture.draggable = true
    picture.addEventListener("dragstart", ({ dataTransfer }) => {
      this.dragged = index
      dataTransfer.effectAllowed = "move"
      dataTransfer.setData(DRAGGED, String(index))
      dataTransfer.setDragImage(dom, 20, 20)
    })
    picture.addEventListener("dragend", () => this.aim(null))
    dom.addEventListener("dragover", (event) => this.over(event, index, isBelowMiddle(event, dom)))
    dom.addEventListener("drop", (event) => this.drop(event, index + isBelowMiddle(event, dom)))
  }

  forget(dom) {
    this.items = this.items.filter((each) => each !== dom)
  }

  over(event, index, below) {
    if (this.dragged === null) return
    event.preventDefault()
    // The text would mark a place of its own.
    event.stopPropagation()
    this.aim(index, below)
  }

  // Shows where the photo would go; null when it is no longer dragged.
  aim(index, below) {
    this.items.forEach((dom, at) => {
      dom.classList.toggle("mq-gallery__item--above", at === index && !below)
      dom.classList.toggle("mq-gallery__item--below", at === index && below)
    })
    if (index === null) this.dragged = null
  }

  drop(event, gap) {
    const from = this.dragged
    if (from === null) return
    event.preventDefault()
    this.aim(null)
    const to = gap > from ? gap - 1 : gap
    if (to !== from) this.reorder(from, to)
  }
}
