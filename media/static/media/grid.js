// The photo list as a table or as a grid; the choice is remembered in this browser.

const button = document.querySelector(".desk-grid");
const list = document.getElementById("changelist");

if (button && list) {
  const set = (on) => {
    list.classList.toggle("is-grid", on);
    button.setAttribute("aria-pressed", String(on));
  };
  set(localStorage.getItem("photo-grid") === "on");
  button.addEventListener("click", () => {
    const on = !list.classList.contains("is-grid");
    localStorage.setItem("photo-grid", on ? "on" : "off");
    set(on);
  });
}
