// The two menus above the ledger: show the claims that carry the classes chosen in both.

const form = document.querySelector(".ledger-filter");
const menus = [...form.querySelectorAll("select")];
const claims = [...document.querySelectorAll(".claim")];

function show() {
  const chosen = menus.map((menu) => menu.value).filter(Boolean);
  for (const claim of claims) {
    claim.hidden = !chosen.every((name) => claim.classList.contains(name));
  }
  const count = claims.filter((claim) => !claim.hidden).length;
  form.querySelector("output").textContent = `${count} of ${claims.length} shown`;
}

form.addEventListener("change", show);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
show(); // a browser that comes back to the page keeps what was chosen
