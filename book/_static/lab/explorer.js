// A plot that can be explored: its window, its crosshair, what is read there, and the buttons.

import { button, checkbox, drawn, element } from "./dom.js";
import { listen } from "./gestures.js";
import { text } from "./numbers.js";
import { extent, line, Plot } from "./plot.js";
import { View } from "./view.js";

const SNAP = 6; // pixels from a stop at which the crosshair goes to it

// `content` has label, a name for the whole; curves(): [{ label, f, attributes }];
// breaks(): where they break; stops(): where the crosshair stops, in order;
// fitted(): the functions that the first window shows whole; marks(plot): what is drawn besides; drawn(): what is to be done after every drawing.
export function explorer(content, ...controls) {
  const plot = new Plot(content.label);
  const view = (side, log) =>
    new View(() => {
      const scaled = (y) => (log ? Math.log10(Math.abs(y)) : y);
      return [-side, side, ...extent(content.fitted(), -side, side, scaled)];
    });
  const views = { false: view(5, false), true: view(20, true) };
  plot.view = views.false;
  let x = 1;

  const curves = drawn("g");
  const crosshair = drawn("g", { class: "lab-crosshair" });
  plot.curves.append(curves, crosshair);
  const reading = element("output", { class: "lab-reading", "aria-live": "off" });

  function draw() {
    plot.rule();
    const breaks = content.breaks();
    const paths = content.curves().map(({ f, attributes }) =>
      drawn("path", { ...attributes, class: `lab-line ${attributes.class ?? ""}`, d: plot.path(f, breaks) }),
    );
    curves.replaceChildren(...paths, ...(content.marks?.(plot) ?? []));
    content.drawn();
    point();
  }

  // The crosshair, and what is read there.
  function point() {
    const values = content.curves().map((curve) => ({ ...curve, value: curve.f(x) }));
    const px = plot.x(x);
    const dots = values
      .map(({ attributes, value }) => ({ ...attributes, cx: px, cy: plot.y(value), r: 4 }))
      .filter(({ cy }) => Number.isFinite(cy));
    crosshair.replaceChildren(line(px, 0, px, plot.height), ...dots.map((dot) => drawn("circle", dot)));
    const told = [{ label: "x", value: x }, ...values];
    reading.replaceChildren(
      ...told.map(({ label, value }) =>
        element("span", { "data-of": label }, `${label} = `, element("data", { value }, text(value))),
      ),
    );
    const state = {
      "aria-valuemin": plot.view.left,
      "aria-valuemax": plot.view.right,
      "aria-valuenow": x,
      "aria-valuetext": told.map(({ label, value }) => `${label} = ${text(value)}`).join(", "),
    };
    for (const [name, value] of Object.entries(state)) plot.element.setAttribute(name, value);
  }

  function move(to) {
    x = Math.min(Math.max(to, plot.view.left), plot.view.right);
    point();
  }

  const changed = (change) => {
    change();
    x = Math.min(Math.max(x, plot.view.left), plot.view.right);
    draw();
  };
  const act = {
    pan: (across, up) => changed(() => plot.view.pan(across, up)),
    zoom(factor, px = plot.x(x), py = plot.height / 2) {
      changed(() => plot.view.zoom(factor, ...plot.plane(px, py)));
    },
    reset: () => changed(() => plot.view.reset()),
    edge: (side) => move(side < 0 ? plot.view.left : plot.view.right),
    point(px) {
      const near = content.stops().find((at) => Math.abs(plot.x(at) - px) < SNAP);
      move(near ?? plot.plane(px, 0)[0]);
    },
    // A step by key halts at a stop on its way.
    step(fraction) {
      const to = x + fraction * plot.view.width;
      const between = content.stops().filter((at) => (at - x) * (at - to) < 0);
      move(between.at(fraction < 0 ? -1 : 0) ?? to);
    },
  };
  listen(plot.element, act);

  const tools = element(
    "div",
    { class: "lab-buttons" },
    button("−", "Zoom out", () => act.zoom(1.25)),
    button("+", "Zoom in", () => act.zoom(0.8)),
    button("←", "Move the window left", () => act.pan(-0.1, 0)),
    button("→", "Move the window right", () => act.pan(0.1, 0)),
    button("Reset view", "Reset view", act.reset),
    ...controls,
    checkbox("log scale", false, (on) =>
      changed(() => {
        plot.log = on;
        plot.view = views[on];
      }),
    ),
  );
  const help = element(
    "p",
    { class: "lab-help" },
    "Drag to move the window, pinch or turn the wheel with Ctrl to zoom. " +
      "The arrow keys move the crosshair, with Shift the window.",
  );
  const refit = () => Object.values(views).forEach((each) => each.reset());
  return { plot, reading, tools, help, draw, refit };
}

// A piece of a curve, for a legend.
export const sample = (attributes) =>
  drawn(
    "svg",
    { width: 32, height: 12, "aria-hidden": "true" },
    drawn("path", { ...attributes, class: `lab-line ${attributes.class ?? ""}`, d: "M0 6H32" }),
  );
