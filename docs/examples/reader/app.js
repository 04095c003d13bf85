// @ts-check
// What is asked for is told by the path: the API says what it stands for.
import * as api from "./api.js";
import { articlePage } from "./article.js";
import { h } from "./dom.js";
import { errorPage, homePage, listPage, personPage, searchPage } from "./pages.js";

async function page() {
  if (api.previewToken) return articlePage(await api.preview(api.previewToken), { draft: true });
  const path = decodeURIComponent(location.pathname.slice(api.BASE.length)) || "/";
  if (path === "/") return homePage();
  if (path === "/search/") return searchPage(new URLSearchParams(location.search).get("q") ?? "");
  const found = await api.resolve(path).catch((error) => farewell(error, path));
  if (found.type === "redirect") return moveTo(found.location ?? "/");
  if (found.type === "article") return articlePage(await api.article(found.slug ?? ""));
  const entry = await api.entry(found.api ?? "");
  return found.type === "person" ? personPage(entry) : listPage(entry, found.type);
}

/**
 * Ask the article itself why it is gone: only it carries the words for readers.
 * @param {unknown} error
 * @param {string} path
 * @returns {Promise<never>}
 */
async function farewell(error, path) {
  if (error instanceof api.ApiError && error.status === 410) await api.article(path.split("/").filter(Boolean).pop() ?? "");
  throw error;
}

/** @param {string} location */
function moveTo(location) {
  window.location.replace(location.startsWith("/") ? api.here(location) : location);
  return h("p", { class: "message" }, "This has moved …");
}

async function menu() {
  const top = (await api.sections()).results.filter((section) => !section.parent);
  top.sort((one, other) => one.position - other.position || one.name.localeCompare(other.name));
  const current = location.pathname.slice(api.BASE.length);
  document.querySelector("#sections")?.replaceChildren(...top.map((section) =>
    h("li", {}, h("a", { href: api.here(section.path), "aria-current": current.startsWith(section.path) ? "true" : null }, section.name))));
}

const main = /** @type {HTMLElement} */ (document.querySelector("#main"));
menu().catch(() => {});

async function show() {
  try {
    main.replaceChildren(await page());
  } catch (error) {
    main.replaceChildren(errorPage(error));
  }
}

// In the frame beside the text, the desk tells of each change; what was asked for last is shown.
let asked = Promise.resolve();
if (api.previewToken && parent !== window) {
  addEventListener("message", ({ origin, data }) => {
    if (origin === location.origin && data?.type === "marquee:preview-changed") asked = asked.then(show);
  });
}
await show();
main.dataset.state = "ready";
if (api.previewToken && parent !== window) parent.postMessage({ type: "marquee:preview-ready" }, location.origin);
