// The frame beside the text: the story as readers will see it, a moment after it was typed.
//
// A front end that listens says so (“marquee:preview-ready”) and is told of every change (“marquee:preview-changed”);
// of one that does not, the frame is loaded anew.

import { ask, LOGGED_OUT, mayPass } from "marquee/desk/asking";
import { hurry, keepNow } from "marquee/desk/autosave";
import { form, link, one, say, story, tab } from "marquee/desk/page";
import * as stage from "marquee/desk/stage";

const CHANGED = "marquee:preview-changed";
const READY = "marquee:preview-ready";
const REMEMBERED = "marquee:preview";
const TRY_AGAIN = 5000;
// A front end starts up for so long before it says that it listens.
const START = 2500;
// Loading a page anew is dearer than telling it.
const TOLD = { look: 100, pause: 250, every: 1000 };
const LOADED_ANEW = { look: 100, pause: 400, every: 3500 };

const section = one("[data-preview]");
const opener = one("[data-preview-open]");
// What the server said of the frame, and whether the page in it listens.
let told = null;
let listens = false;
let isOld = false;
let renewing = 0;
let renewedAt = 0;

const isOpen = () => Boolean(section) && !section.hidden;
const originOf = (address) => new URL(address, location.href).origin;

function remember(values) {
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify({ ...remembered(), ...values }));
  } catch { /* A browser that keeps nothing opens the page without the frame. */ }
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED)) ?? {};
  } catch {
    return {};
  }
}

function open() {
  section.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  hurry(LOADED_ANEW);
  keepNow();
  renew();
}

function close() {
  section.hidden = true;
  opener.setAttribute("aria-expanded", "false");
  clearTimeout(renewing);
  told = null;
  stage.clear();
  hurry();
  remember({ open: false });
  opener.focus();
}

// The address lives for minutes; while the page is open it lives on, or another takes its place.
async function renew() {
  clearTimeout(renewing);
  const answer = await ask(`${story.base}frame/`, { json: { tab } });
  if (!isOpen()) return;
  if (!answer.ok) return stop(answer);
  renewedAt = Date.now();
  renewing = setTimeout(renew, answer.data.renew * 1000);
  if (told?.address === answer.data.address) return;
  told = answer.data;
  one("[data-preview-tab]").href = told.tab;
  load();
  if (!told.is_here) askWhetherItMayBeFramed(told.address);
}

function stop(answer) {
  if (mayPass(answer) && answer.status !== LOGGED_OUT) renewing = setTimeout(renew, TRY_AGAIN);
  if (answer.status === LOGGED_OUT) tell("You have been logged out, so the preview is paused. ", link("Log in in a new tab", "/admin/login/?next=/admin/", true), ", then press Reload.");
  else if (mayPass(answer)) tell("No connection: the preview keeps trying.");
  else { stage.clear(); tell(answer.data.sentence ?? "The preview has ended: the story was sealed or discarded, or is no longer open to you."); }
}

async function askWhetherItMayBeFramed(address) {
  const answer = await ask(`${story.base}frame/`, { json: { tab, ask: true } });
  if (told?.address !== address || answer.data.may_frame !== false || listens) return;
  told.isRefused = true;
  stage.clear();
  describe();
}

function load() {
  listens = false;
  isOld = false;
  told.isRefused = false;
  describe();
  const address = told.address;
  stage.show(address, () => {
    if (told?.address !== address || listens) return;
    if (isOld) return load();
    setTimeout(() => { if (told?.address === address) describe(); }, START);
  });
}

function describe() {
  const inTab = () => link("Open it in a tab", told.tab, true);
  const secret = told.is_confidential ? `This story is restricted or under embargo: ${told.host} receives its text while the preview is open. ` : "";
  if (told.is_here || listens) return tell(secret);
  if (told.isRefused) return tell(secret, `${told.host} does not allow previews inside this page. `, inTab(), `. Those who run ${told.host} can allow it: its previews need the header “Content-Security-Policy: frame-ancestors ${location.origin}”.`);
  if (stage.isLoading()) return tell(secret);
  tell(secret, `Reloads with every change. If it stays empty, ${told.host} does not allow previews inside this page: `, inTab(), ".");
}

const tell = (...parts) => say("[data-preview-said]", ...parts.filter(Boolean));

function changed() {
  if (!isOpen() || !told || told.isRefused) return;
  if (listens) return stage.post({ type: CHANGED, id: story.id }, originOf(told.address));
  isOld = true;
  if (!stage.isLoading()) load();
}

function hear({ origin, source, data }) {
  if (data?.type !== READY || !told || origin !== originOf(told.address) || !stage.has(source)) return;
  listens = true;
  hurry(TOLD);
  describe();
  if (isOld) changed();
  isOld = false;
}

function press(event) {
  if (!story.base || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (isOpen()) return close();
  remember({ open: true });
  open();
  section.querySelector("[data-preview-close]").focus();
}

function setWidth(width) {
  section.dataset.width = width;
  stage.setWidth(width);
  section.querySelectorAll("[data-preview-width]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.previewWidth === width)));
}

function comeBack() {
  if (isOpen() && document.visibilityState === "visible" && Date.now() - renewedAt > TRY_AGAIN) renew();
}

export function offerPreview() {
  if (!section || !opener || form.elements._popup) return;
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-expanded", "false");
  opener.addEventListener("click", press);
  section.addEventListener("click", ({ target }) => {
    const { previewWidth } = target.closest("button")?.dataset ?? {};
    if (previewWidth) { setWidth(previewWidth); remember({ width: previewWidth }); }
    if (target.closest("[data-preview-close]")) close();
    if (target.closest("[data-preview-reload]")) { told = null; renew(); }
  });
  section.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  setWidth(remembered().width === "wide" ? "wide" : "phone");
  window.addEventListener("message", hear);
  document.addEventListener("marquee:kept", changed);
  document.addEventListener("marquee:watching", () => { if (isOpen()) keepNow(); });
  document.addEventListener("visibilitychange", comeBack);
  // On a phone it would cover the text.
  if (!remembered().open || !matchMedia("(min-width: 1101px)").matches) return;
  if (story.base) open();
  else document.addEventListener("marquee:begun", open);
}
