// The folds of the column beside a page: in this browser they stay as this user left them.

const column = document.querySelector(".page-aside");
const NAME = `marquee-folds-${document.querySelector("script[data-desk-user]")?.dataset.deskUser}`;

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
}

function remember(fold) {
  try {
    localStorage.setItem(NAME, JSON.stringify({ ...remembered(), [fold.dataset.fold]: fold.open }));
  } catch { /* A browser that keeps nothing opens what the page opens. */ }
}

function restore(place) {
  const left = remembered();
  for (const fold of place.querySelectorAll("[data-fold]:not([data-has-errors])")) {
    if (fold.dataset.fold in left) fold.open = left[fold.dataset.fold];
  }
}

// Only what a person opens or closes counts: what is wrong opens its fold for this once.
function note({ target }) {
  const fold = target.closest("summary")?.parentElement;
  if (fold?.dataset.fold) setTimeout(() => remember(fold));
}

if (column) {
  restore(column);
  column.addEventListener("click", note);
  // The panel of a story brings its own.
  const later = new MutationObserver((changes) => changes.forEach(({ target }) => restore(target)));
  for (const place of column.querySelectorAll("[data-panel], [data-panel-more]")) later.observe(place, { childList: true });
}
