// @ts-check
/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Make an element. Attributes that are null or false are left out, true ones are empty; children that are none are
 * left out, texts are texts and never markup.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter(isThere));
  return element;
}

/**
 * Make an element of a field whose name ends in `_html`: the API has cleaned it. Never use it for any other text.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | null | undefined>} attributes
 * @param {string} markup
 */
export function markup(name, attributes, markup) {
  const element = h(name, attributes);
  element.innerHTML = markup;
  return element;
}

/**
 * @param {Child} child
 * @returns {child is Node | string}
 */
function isThere(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

/** @param {string} text  HTML of a caption, say. */
export function plain(text) {
  const holder = document.createElement("template");
  holder.innerHTML = text;
  return (holder.content.textContent ?? "").trim();
}

/**
 * @param {string} instant
 * @param {{ time?: boolean, locale?: string }} [how]
 */
export function when(instant, { time = false, locale = "en-US" } = {}) {
  const date = new Date(instant);
  /** @type {Intl.DateTimeFormatOptions} */
  const shape = { dateStyle: "long", ...(time ? { timeStyle: "short" } : {}) };
  return h("time", { datetime: instant }, new Intl.DateTimeFormat(locale, shape).format(date));
}
