// A plot in inline SVG: axes, curves that break where the function does, a crosshair.

import { drawn, element } from "./dom.js";
import { raised, text, ticks } from "./numbers.js";

const MARGIN = { left: 46, right: 10, top: 10, bottom: 26 }; // where text has its usual size
const USUAL = 16;
let plots = 0; // an id for each

export class Plot {
  constructor(label) {
    const clip = `lab-clip-${plots++}`;
    this.frame = drawn("rect", {});
    this.axes = drawn("g", { class: "lab-axes" });
    this.curves = drawn("g", { "clip-path": `url(#${clip})` });
    this.svg = drawn(
      "svg",
      { "aria-hidden": "true" },
      drawn("clipPath", { id: clip }, this.frame),
      this.axes,
      this.curves,
    );
    // Arrow keys move the crosshair along x: what assistive technology knows as a slider.
    this.element = element(
      "div",
      { class: "lab-plot", tabindex: "0", role: "slider", "aria-label": label },
      this.svg,
    );
    this.log = false;
  }

  // Called before everything else is drawn.
  resize() {
    this.width = this.element.clientWidth;
    this.scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL;
    this.margin = Object.fromEntries(
      Object.entries(MARGIN).map(([side, width]) => [side, this.scale * width]),
    );
    this.height = Math.round(Math.min(Math.max(this.width * 0.56, 240), 420));
    this.svg.setAttribute("width", this.width);
    this.svg.setAttribute("height", this.height);
    for (const [name, value] of Object.entries({
      x: this.margin.left,
      y: this.margin.top,
      width: this.inner.width,
      height: this.inner.height,
    })) {
      this.frame.setAttribute(name, value);
    }
  }

  get inner() {
    const { left, right, top, bottom } = this.margin;
    return {
      width: Math.max(1, this.width - left - right),
      height: this.height - top - bottom,
    };
  }

  x(value) {
    return this.margin.left + ((value - this.view.left) / this.view.width) * this.inner.width;
  }

  y(value) {
    const shown = this.scaled(value);
    const y = this.margin.top + ((this.view.top - shown) / this.view.height) * this.inner.height;
    return Math.min(Math.max(y, -this.height), 2 * this.height); // far outside is far enough
  }

  // What is drawn for a value: itself, or the logarithm of its size.
  scaled(value) {
    return this.log ? Math.log10(Math.abs(value)) : value;
  }

  // From pixels in the element to the plane, the second in scaled units.
  plane(px, py) {
    const { left, width, top, height } = this.view;
    return [
      left + ((px - this.margin.left) / this.inner.width) * width,
      top - ((py - this.margin.top) / this.inner.height) * height,
    ];
  }

  // Axes with round numbers.
  rule() {
    const { left, right, bottom, top } = this.view;
    const { margin, scale } = this;
    const fitting = (length, apart) => Math.max(2, length / (apart * scale));
    const ruled = [];
    for (const value of ticks(left, right, fitting(this.inner.width, 80))) {
      const x = this.x(value);
      ruled.push(
        line(x, margin.top, x, this.height - margin.bottom, value === 0 && "lab-zero"),
        drawn("text", { x, y: this.height - 8 * scale, "text-anchor": "middle" }, text(value)),
      );
    }
    for (const value of ticks(bottom, top, fitting(this.inner.height, 50), this.log ? 1 : 0)) {
      const y = margin.top + ((top - value) / this.view.height) * this.inner.height;
      const label = this.log ? `10${raised(value)}` : text(value);
      ruled.push(
        line(margin.left, y, this.width - margin.right, y, value === 0 && !this.log && "lab-zero"),
        drawn("text", { x: margin.left - 6 * scale, y: y + 4 * scale, "text-anchor": "end" }, label),
      );
    }
    this.axes.replaceChildren(...ruled);
  }

  // The path of a function, lifted at `breaks`, so that each piece shows its own limits.
  path(f, breaks) {
    const { left, right, width } = this.view;
    const inside = breaks.filter((x) => left < x && x < right);
    const edges = [left, ...inside, right];
    let d = "";
    for (let i = 1; i < edges.length; i++) {
      const [from, to] = [edges[i - 1], edges[i]];
      const count = Math.ceil(((to - from) / width) * this.inner.width) + 1;
      let pen = "M";
      for (let k = 0; k <= count; k++) {
        const beside = k === 0 ? 1e-9 : k === count ? -1e-9 : 0;
        const x = from + ((to - from) * k) / count + beside * width;
        const y = this.y(f(x));
        if (Number.isNaN(y)) {
          pen = "M";
        } else {
          d += `${pen}${this.x(x).toFixed(2)} ${y.toFixed(2)}`;
          pen = "L";
        }
      }
    }
    return d;
  }
}

export const line = (x1, y1, x2, y2, name) => drawn("line", { x1, y1, x2, y2, class: name });

// From lowest to highest of some functions over an interval, in scaled units, with a margin.
export function extent(functions, left, right, scaled) {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k <= 400; k++) {
    for (const f of functions) {
      const y = scaled(f(left + ((right - left) * k) / 400));
      if (Number.isFinite(y)) [low, high] = [Math.min(low, y), Math.max(high, y)];
    }
  }
  if (low > high) [low, high] = [-1, 1];
  const room = 0.06 * (high - low) || 1;
  return [low - room, high + room];
}
