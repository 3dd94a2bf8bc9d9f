// The menus and boxes above a list: show the items that carry every class that is chosen.

const form = document.querySelector(".filter-form");
const items = [...document.querySelectorAll(form.dataset.items)];
const sections = new Set(items.map((item) => item.closest("section")));

function show() {
  const chosen = [...form.querySelectorAll(":checked")].map(({ value }) => value).filter(Boolean);
  for (const item of items) {
    item.hidden = !chosen.every((name) => item.classList.contains(name));
  }
  for (const section of sections) {
    section.hidden = items.every((item) => item.hidden || !section.contains(item));
  }
  const count = items.filter((item) => !item.hidden).length;
  form.querySelector("output").textContent = `${count} of ${items.length} shown`;
}

form.addEventListener("change", show);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
show(); // a browser that comes back to the page keeps what was chosen
