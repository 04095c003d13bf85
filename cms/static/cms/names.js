// Names for the fields that the stock admin leaves without one: what a screen reader reads out, a label elsewhere says.

const text = (element) => element?.textContent.replace(/\s+/g, " ").replace(/:\s*$/, "").trim() ?? "";

// The label of a field of the form, or the head of its column in a table of rows.
function labelOf(field) {
  const own = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  if (text(own)) return text(own);
  const cell = field.closest("td");
  const head = cell && field.closest("table").querySelector(`th.column-${[...cell.classList].find((name) => name.startsWith("field-"))?.slice(6)}`);
  return text(head) || text(field.closest(".form-row, fieldset")?.querySelector("label, legend"));
}

function name(element, words) {
  if (element && words && !element.hasAttribute("aria-label")) element.setAttribute("aria-label", words);
}

function nameAll() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const box = select.parentElement.querySelector(".select2-container");
    box?.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox], span.select2-selection__rendered").forEach((part) => name(part, labelOf(select)));
  }
  for (const field of document.querySelectorAll(".vDateField")) name(field, `${labelOf(field)}, date`);
  for (const field of document.querySelectorAll(".vTimeField")) name(field, `${labelOf(field)}, time`);
  for (const box of document.querySelectorAll(".tabular td.delete input")) name(box, "Delete this row");
  for (const field of document.querySelectorAll(":is(.tabular, #result_list) td :is(input:not([type=hidden], .action-select), select, textarea)")) name(field, labelOf(field));
  // The stock admin names an icon that says nothing by itself; what it is for stands in the box beside it.
  for (const icon of document.querySelectorAll(".search-label-icon[aria-label]")) icon.setAttribute("role", "img");
  name(document.getElementById("searchbar"), "Search");
}

// What is opened, added or drawn later gets its name then.
nameAll();
new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
