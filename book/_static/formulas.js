// A formula wider than its page scrolls, and so it has to be a stop of the Tab key.

function mark() {
  for (const formula of document.querySelectorAll(".math, .math mjx-container")) {
    if (formula.scrollWidth > formula.clientWidth && formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
  }
}

window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  document.fonts.addEventListener("loadingdone", mark); // letters have other widths now
  const sizes = new ResizeObserver(mark); // of the page, or of its text
  for (const formula of document.querySelectorAll(".math, .math mjx-math")) sizes.observe(formula);
});
