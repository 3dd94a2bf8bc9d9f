// From the static figure to the lab: only when it is drawn, and again whenever its width changes.

export function replace(place, children, draw) {
  place.append(...children);
  draw();
  const figure = place.previousElementSibling;
  figure.classList.add("lab-replaced");
  // Links to the figure now lead here.
  if (figure.id) place.id = figure.id;
  figure.removeAttribute("id");
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    draw();
  }).observe(place);
  performance.mark("lab-drawn");
}
