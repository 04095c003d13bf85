// Keys that work anywhere on the page of a story.

import { mayEdit, one } from "marquee/desk/page";
import { save } from "marquee/desk/saving";

const STOPS = "summary, input:not([type=hidden]), textarea, select, button, a[href]";
const isWriting = (target) => target.closest("input, textarea, select, [contenteditable=true]");
const isChord = ({ ctrlKey, metaKey, altKey }) => (ctrlKey || metaKey) && !altKey;
const isFree = () => !one("dialog[open]");
let left = null;

// To the column beside the text, and back to where one was.
function cross() {
  const aside = one("#story-aside");
  if (aside.contains(document.activeElement)) return (left?.isConnected ? left : one(".tiptap, #id_headline"))?.focus();
  left = document.activeElement;
  [...aside.querySelectorAll(STOPS)].find((stop) => stop.checkVisibility())?.focus();
}

const KEYS = [
  [(event) => isChord(event) && !event.shiftKey && event.key.toLowerCase() === "s" && mayEdit, () => save()],
  [(event) => isChord(event) && event.shiftKey && event.key === "Enter" && isFree(), () => one("[data-publish-open]:not([hidden])")?.click()],
  [(event) => isChord(event) && event.shiftKey && event.code === "Comma" && isFree(), cross],
  [(event) => event.key === "?" && !isWriting(event.target) && isFree(), () => one("[data-shortcuts]").showModal()],
];

export function takeKeys() {
  one("[data-shortcuts-open]")?.addEventListener("click", () => one("[data-shortcuts]").showModal());
  // On its way down: the editor would take Enter for itself.
  document.addEventListener("keydown", (event) => {
    const [, act] = KEYS.find(([is]) => is(event)) ?? [];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, true);
}
