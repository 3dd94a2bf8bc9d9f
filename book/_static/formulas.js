// A formula wider than its page scrolls, and so it has to be a stop of the Tab key.

function mark() {
  for (const formula of document.querySelectorAll(".math, .math mjx-container")) {
    if (formula.scrollWidth > formula.clientWidth && formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
  }
}

window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  mark();
  window.addEventListener("resize", mark);
  document.fonts.addEventListener("loadingdone", mark); // letters have other widths now
});
