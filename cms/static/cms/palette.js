// The palette: Ctrl+K, or the button in the bar, opens any story, photo, person, work, section or place of the desk by
// keyboard. A combobox with a list below it (WAI-ARIA); Enter opens, Ctrl+Enter in a new tab, Esc closes.

const WAIT = 150;
const opener = document.querySelector("[data-palette]");

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

class Palette {
  constructor(url) {
    Object.assign(this, { url, options: [], marked: -1, timer: 0, asking: null, isOld: false, pressed: null });
    this.input = make("input", {
      type: "text", id: "palette-input", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
      autocomplete: "off", spellcheck: "false", maxlength: "100", placeholder: "Story, photo, person, work or place", "aria-label": "Search Marquee",
    });
    this.list = make("div", { id: "palette-list", role: "listbox", "aria-label": "Found" });
    this.status = make("p", { class: "palette__status", role: "status" });
    const close = make("button", { type: "button", class: "palette__close", "aria-label": "Close" }, "Esc");
    this.dialog = make("dialog", { class: "palette", "aria-label": "Search" }, make("div", { class: "palette__bar" }, this.input, close), this.list, this.status);
    this.input.addEventListener("input", () => this.soon());
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => this.closed());
    close.addEventListener("click", () => this.dialog.close());
    document.body.append(this.dialog);
  }

  open() {
    if (this.dialog.open) return this.input.select();
    this.before = document.activeElement;
    this.input.value = "";
    this.isOld = true;
    this.pressed = null;
    this.show([]);
    this.dialog.showModal();
    this.input.focus();
    this.ask();
  }

  closed() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.before?.focus?.();
  }

  soon() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.isOld = true;
    this.pressed = null;
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  // One question at a time: a new one ends the last, so that no late answer is shown. Photos take longer and follow.
  async ask() {
    const words = this.input.value.trim();
    const { signal } = (this.asking = new AbortController());
    try {
      const groups = await this.answer({ q: words }, signal);
      this.show(groups);
      this.isOld = false;
      if (this.keepWord()) return;
      if (words.length > 1) {
        this.say("Looking for photos…");
        this.add(await this.answer({ q: words, part: "photos" }, signal));
        if (this.keepWord()) return;
      }
      this.count(words);
    } catch (error) {
      if (error.name !== "AbortError") this.say(error.message);
    }
  }

  async answer(asked, signal) {
    let response;
    try {
      response = await fetch(`${this.url}?${new URLSearchParams(asked)}`, { signal, credentials: "same-origin", headers: { Accept: "application/json" } });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error("The server is not responding. Check the connection and try again.");
    }
    const data = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(data.detail ?? "The search failed. Try again.");
    return data.groups;
  }

  show(groups) {
    this.list.replaceChildren();
    this.options = [];
    this.mark(-1);
    this.add(groups);
  }

  add(groups) {
    for (const { name, items } of groups) {
      const title = make("div", { class: "palette__group", id: `palette-${name.replace(/\W/g, "-")}`, role: "presentation" }, name);
      const group = make("div", { role: "group", "aria-labelledby": title.id }, title, ...items.map((item) => this.option(item)));
      this.list.append(group);
    }
    if (this.marked < 0 && this.options.length) this.mark(0);
  }

  option({ label, detail, url }) {
    const option = make("div", { role: "option", id: `palette-option-${this.options.length}`, "aria-selected": "false", class: "palette__option" }, make("span", {}, label));
    if (detail) option.append(make("small", {}, detail));
    option.dataset.url = url;
    // The focus stays in the box.
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", (event) => this.go(option, event.ctrlKey || event.metaKey));
    this.options.push(option);
    return option;
  }

  mark(index) {
    this.options[this.marked]?.setAttribute("aria-selected", "false");
    this.marked = index;
    const option = this.options[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  count(words) {
    const found = this.options.length;
    this.say(found ? `${found} ${words ? "found" : "suggestions"}. Enter opens, Ctrl+Enter in a new tab.` : `Nothing found for “${words}”.`);
  }

  say(sentence) {
    this.status.textContent = sentence;
  }

  // What is pressed here is not for the page below: its shortcuts would act unseen.
  key(event) {
    event.stopPropagation();
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const { length } = this.options;
    if (step && length) this.mark((this.marked + step + length) % length);
    else if (event.key === "Enter" && event.target === this.input) this.enter(event.ctrlKey || event.metaKey);
    else if (isCall(event)) this.input.select();
    else return;
    event.preventDefault();
  }

  // Enter is pressed sooner than the answer comes: what is listed is then for other words.
  enter(inNewTab) {
    if (this.isOld) return void (this.pressed = { inNewTab });
    const option = this.options[this.marked];
    if (option) this.go(option, inNewTab);
  }

  keepWord() {
    if (!this.pressed || !this.options.length) return false;
    this.enter(this.pressed.inNewTab);
    return true;
  }

  // The page guards what is not saved as it does for any link.
  go({ dataset: { url } }, inNewTab) {
    this.dialog.close();
    if (inNewTab) open(url, "_blank", "noopener");
    else location.assign(url);
  }
}

const isCall = (event) => (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";

if (opener) {
  let palette;
  const show = () => (palette ??= new Palette(opener.dataset.palette)).open();
  opener.hidden = false;
  opener.addEventListener("click", show);
  document.addEventListener("keydown", (event) => {
    // A text with words selected in it makes them a link.
    if (!isCall(event) || event.defaultPrevented) return;
    event.preventDefault();
    show();
  });
}
