// A slider for each number that an activation depends on.

import { button, checkbox, element } from "./dom.js";
import { text } from "./numbers.js";

// Calls `changed` after `p`, the setting, has been changed in place.
export function sliders(record, p, changed) {
  if (record.sliders.length === 0) return [];
  const rows = record.sliders.map((slider) => row(record, slider, p, () => show()));
  const show = () => {
    rows.forEach((each) => each.show());
    changed();
  };
  const reset = button("Reset", "Reset the parameters", () => {
    Object.assign(p, structuredClone(record.start));
    show();
  });
  rows.forEach((each) => each.show());
  return [
    element("div", { class: "lab-sliders" }, ...rows.map((each) => each.element)),
    element("div", { class: "lab-buttons" }, reset),
  ];
}

function row(record, slider, p, show) {
  const { name, index, label, low, high, step, absent, present } = slider;
  const read = () => (index === undefined ? p[name] : p[name][index]);
  const write = (value) => {
    if (index === undefined) p[name] = value;
    else p[name][index] = value;
    keepOrder(record, p, name);
    show();
  };
  const input = element("input", {
    type: "range",
    min: low,
    max: high,
    step,
    "aria-label": label,
    oninput: () => write(Number(input.value)),
  });
  const output = element("output", { "aria-live": "off" });
  const parts = [element("span", {}, label), input, output];
  if (absent !== undefined) {
    parts.push(checkbox("none", read() === absent, (none) => write(none ? absent : present)));
  }
  return {
    element: element("div", { class: "lab-slider" }, ...parts),
    show() {
      const value = read();
      input.disabled = value === absent;
      input.value = value === absent ? high : value;
      output.replaceChildren(element("data", { value }, text(value, 4)));
      input.setAttribute("aria-valuetext", text(value, 4));
      const box = parts[3]?.querySelector("input");
      if (box) box.checked = value === absent;
    },
  };
}

// Of two parameters that must keep their order, the one that is moved takes the other along.
function keepOrder(record, p, moved) {
  for (const [smaller, larger] of record.order) {
    if (p[smaller] <= p[larger]) continue;
    if (moved === smaller) p[larger] = p[smaller];
    else p[smaller] = p[larger];
  }
}
