// Photos of the list are dragged onto a collection: the one that is dragged, or all that are ticked with it.

const bar = document.querySelector(".collections");
const said = bar?.querySelector(".collections-said");
const rows = document.querySelectorAll("#result_list tbody tr");

if (said && rows.length) {
  for (const row of rows) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData("application/x-photos", keysOf(row).join(" "));
      event.dataTransfer.effectAllowed = "copy";
    });
  }
  for (const target of bar.querySelectorAll("[data-collection]")) {
    const mark = (on) => target.classList.toggle("is-over", on);
    target.addEventListener("dragover", (event) => {
      if (!event.dataTransfer.types.includes("application/x-photos")) return;
      event.preventDefault();
      mark(true);
    });
    target.addEventListener("dragleave", () => mark(false));
    target.addEventListener("drop", (event) => {
      event.preventDefault();
      mark(false);
      put(target.dataset.collection, event.dataTransfer.getData("application/x-photos").split(" "));
    });
  }
}

function keysOf(row) {
  const box = row.querySelector("input.action-select");
  const ticked = [...document.querySelectorAll("input.action-select:checked")].map((each) => each.value);
  return box.checked ? ticked : [box.value];
}

async function put(collection, keys) {
  const body = new FormData();
  body.append("collection", collection);
  for (const key of keys) body.append("photo", key);
  body.append("csrfmiddlewaretoken", bar.querySelector("[name=csrfmiddlewaretoken]").value);
  said.textContent = "Adding…";
  try {
    const answer = await fetch(bar.dataset.collect, { method: "POST", body, headers: { Accept: "application/json" } });
    said.textContent = (await answer.json()).detail;
  } catch {
    said.textContent = "The server is not responding. Drag them again.";
  }
}
