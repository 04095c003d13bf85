// Our own preview in the frame beside the text: told that something changed, it takes what is new and stays where it is.

const CHANGED = "marquee:preview-changed";
let isAsking = false;
let isOld = false;

async function renew() {
  isOld = true;
  if (isAsking) return;
  isAsking = true;
  while (isOld) {
    isOld = false;
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "manual" }).catch(() => null);
    if (answer?.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  }
  isAsking = false;
}

// Pictures that are there already do not blink.
function show(page) {
  const found = page.querySelector("article");
  if (!found) return;
  const present = new Map([...document.querySelectorAll("article img")].map((image) => [image.getAttribute("src"), image]));
  const made = document.importNode(found, true);
  for (const image of made.querySelectorAll("img")) {
    const old = present.get(image.getAttribute("src"));
    if (old) { old.alt = image.alt; present.delete(image.getAttribute("src")); image.replaceWith(old); }
  }
  document.querySelector("article").replaceWith(made);
}

if (parent !== window) {
  window.addEventListener("message", ({ origin, source, data }) => {
    if (origin === location.origin && source === parent && data?.type === CHANGED) renew();
  });
  parent.postMessage({ type: "marquee:preview-ready" }, location.origin);
}
