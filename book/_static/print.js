// Paper is light: while the page is printed it is shown in the light theme.

const paper = matchMedia("print");
const root = document.documentElement.dataset;
let onScreen = root.theme;

function turn() {
  if (paper.matches) onScreen = root.theme;
  root.theme = paper.matches ? "light" : onScreen;
}

paper.addEventListener("change", turn);
if (paper.matches) turn();
