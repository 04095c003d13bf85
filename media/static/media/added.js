// A right that is being added is open; those that are there already are folded, each to its line.

document.addEventListener("formset:added", (event) => {
  const fold = event.target.querySelector("details");
  if (fold) fold.open = true;
});
