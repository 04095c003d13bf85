// Keys that work anywhere on the page of a story.

import { mayEdit, one } from "marquee/desk/page";
import { save } from "marquee/desk/saving";

const isWriting = (target) => target.closest("input, textarea, select, [contenteditable=true]");

export function takeKeys() {
  const sheet = one("[data-shortcuts]");
  one("[data-shortcuts-open]")?.addEventListener("click", () => sheet.showModal());
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && mayEdit) {
      event.preventDefault();
      save();
    } else if (event.key === "?" && !isWriting(event.target)) {
      event.preventDefault();
      sheet?.showModal();
    }
  });
}
