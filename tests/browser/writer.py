"""A story open in the editor, and what a writer's hands do with it."""

import re

from articles.text.body import split
from tests import newsroom

PASTE = """(element, [html, text]) => {
    const clipboardData = new DataTransfer()
    if (html) clipboardData.setData("text/html", html)
    clipboardData.setData("text/plain", text)
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
}"""
# The editor gives itself its old selection back a moment after it got the focus, and reads a new one a moment later.
MARK = """async (root, [words, start, end]) => {
    const moment = () => new Promise((done) => setTimeout(done, 60))
    root.focus()
    await moment()
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    while (walker.nextNode() && !walker.currentNode.data.includes(words));
    const { currentNode: node } = walker
    const at = node.data.indexOf(words)
    const { view } = root.editor
    for (let tries = 0; tries < 40; tries++) {
        getSelection().setBaseAndExtent(node, at + start, node, at + end)
        await moment()
        if (view.state.selection.from === view.posAtDOM(node, at + start) && view.state.selection.to === view.posAtDOM(node, at + end)) return
    }
    throw new Error("The editor never took the selection.")
}"""
DROP = """async ([selector, name, base64]) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([bytes], name, { type: "image/jpeg" }))
    const target = document.querySelector(selector)
    const { left, top } = target.getBoundingClientRect()
    const where = { clientX: left + 20, clientY: top + 20, bubbles: true, cancelable: true, dataTransfer }
    target.dispatchEvent(new DragEvent("drop", where))
}"""


class Writer:
    """A story open in the editor."""

    def __init__(self, page, address):
        self.page, self.keys, self.address = page, page.keyboard, address
        self.text = page.locator(".tiptap")
        self.picker = page.locator(".mq-picker")

    def open(self, story):
        self.page.goto(f"{self.address}/admin/articles/article/{story.pk}/change/")
        self.text.wait_for()
        return self

    def press(self, *keys):
        for key in keys:
            self.keys.press(key)
        return self

    def type(self, words):
        self.keys.type(words)
        return self

    def start_of(self, words):
        """Put the caret before these words of the text."""
        return self._mark(words, 0, 0)

    def end_of(self, words):
        return self._mark(words, len(words), len(words))

    def select(self, words):
        return self._mark(words, 0, len(words))

    def _mark(self, words, start, end):
        self.text.evaluate(MARK, [words, start, end])
        return self

    def paste(self, html="", text=""):
        self.text.evaluate(PASTE, [html, text])
        return self

    @property
    def html(self):
        return self.page.locator("#id_body").input_value()

    def blocks(self):
        return split(self.html)

    def shape(self):
        """Return what the body holds, block by block: words for texts, a name for the rest."""
        return [re.sub(r"<[^>]+>", "", getattr(block, "html", "")) or type(block).__name__ for block in self.blocks()]

    def wait(self, condition):
        """Wait until the body is so; it changes when the server has answered."""
        for _ in range(200):
            if condition(self):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"The body never became so: {self.html}")


def story(body, **fields):
    return newsroom.article(body=body, **fields)


def figure(photo, inside="", **attributes):
    own = "".join(f' data-{name}="{value}"' for name, value in attributes.items())
    return f'<figure data-photo="{photo.pk}" data-layout="wide"{own}>{inside}</figure>'


def photo_between(photo):
    return story(f"<p>Above.</p>{figure(photo)}<p>Below.</p>")
