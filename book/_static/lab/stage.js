// From the static figure to the lab: only when it is drawn, and again whenever its width or the size
// of text changes.

export function replace(place, children, draw) {
  place.append(...children);
  draw();
  const figure = place.previousElementSibling;
  figure.classList.add("lab-replaced");
  // Links to the figure now lead here.
  if (figure.id) place.id = figure.id;
  figure.removeAttribute("id");
  const measured = () => `${place.clientWidth} ${getComputedStyle(place).fontSize}`;
  let before = measured();
  new ResizeObserver(() => {
    if (measured() === before) return;
    before = measured();
    draw();
  }).observe(place);
  performance.mark("lab-drawn");
}
