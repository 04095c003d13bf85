// Words kept on this computer are for one user: whoever else signs in, and whoever signs out, finds none.

const NAME = "marquee-kept-";
const { deskUser } = document.querySelector("script[data-desk-user]").dataset;

try {
  for (const { name } of await indexedDB.databases()) {
    if (name.startsWith(NAME) && name !== NAME + deskUser) indexedDB.deleteDatabase(name);
  }
} catch { /* A browser that keeps nothing has nothing to forget. */ }
