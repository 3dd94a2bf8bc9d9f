// The vector lab: logits and a temperature, and what becomes of them: the components of the result
// and its Jacobian. Where they are shares of a whole, three of them are also a point of the simplex.

import { FARTHEST, bar, from } from "./bars.js";
import { button, element } from "./dom.js";
import { text } from "./numbers.js";
import { simplex } from "./simplex.js";
import { replace } from "./stage.js";

const START = [2, 1, -1];
const COLD = 0.1;
const HOT = 10;
const SUB = "₁₂₃₄₅₆₇₈₉";

async function lab(place) {
  const { default: record } = await import(`./functions/${place.dataset.activation}.js`);
  const sizes = Object.keys(record.of).map(Number);
  const symbol = record.shares ? "p" : "f";
  let logits = [...START];
  let temperature = 1;
  let rows = [];

  // Of the logits, at a temperature. By the chain rule each slope is divided by it.
  function at(t) {
    const { value, jacobian } = record.of[logits.length](logits.map((z) => z / t));
    return { value, jacobian: jacobian.map((row) => row.map((slope) => slope / t)) };
  }

  const list = element("div", { class: "lab-classes" });
  const triangle = element("div");
  const table = element("div");

  const build = () => {
    rows = logits.map((_, i) => line(i));
    list.replaceChildren(...rows.map((row) => row.element));
    add.disabled = logits.length === Math.max(...sizes);
    remove.disabled = logits.length === Math.min(...sizes);
    show();
  };

  function line(i) {
    const sub = SUB[i];
    const logit = bar(
      `Logit z${sub}`,
      () => logits[i],
      (value) => {
        logits[i] = value;
        show();
      },
    );
    const number = element("output", { "aria-live": "off", class: "lab-logit" });
    const fill = element("span", { class: "lab-fill" });
    const component = element("data", { class: "lab-component" });
    return {
      element: element(
        "div",
        { class: "lab-class" },
        element("span", { class: "lab-symbol" }, `z${sub}`),
        logit.element,
        number,
        element("span", { class: "lab-symbol" }, symbol + sub),
        element("span", { class: record.shares ? "lab-share" : "lab-share lab-signed" }, fill),
        component,
      ),
      show(value, farthest) {
        logit.show();
        number.value = text(logits[i]);
        if (record.shares) from(fill, 0, 100 * value);
        else from(fill, 50, (50 * value) / farthest);
        component.value = value;
        component.textContent = record.shares ? value.toFixed(4) : text(value, 4);
      },
    };
  }

  const heat = element("input", {
    type: "range",
    min: Math.log10(COLD),
    max: Math.log10(HOT),
    step: 0.01,
    value: 0,
    "aria-label": "Temperature T",
    oninput() {
      temperature = 10 ** Number(heat.value);
      show();
    },
  });
  const heatText = element("output", { "aria-live": "off" });
  const change = (to) => {
    logits = to;
    build();
  };
  const add = button("Add a class", "Add a class", () => change([...logits, 0]));
  const remove = button("Remove a class", "Remove a class", () => change(logits.slice(0, -1)));
  const reset = button("Reset", "Reset the logits and the temperature", () => {
    temperature = 1;
    change([...START]);
  });

  function show() {
    const { value, jacobian } = at(temperature);
    // No shares: bars from zero, on the scale of the logits or as far as they reach.
    const farthest = Math.max(FARTHEST, ...value.map(Math.abs));
    rows.forEach((row, i) => row.show(value[i], farthest));
    heat.value = Math.log10(temperature);
    heatText.value = text(temperature, 3);
    heat.setAttribute("aria-valuetext", heatText.value);
    table.replaceChildren(matrix(jacobian, symbol));
    const drawn = record.shares && logits.length === 3;
    triangle.replaceChildren(...(drawn ? [simplex(value, path())] : []));
  }

  // From hot to cold, evenly in the logarithm.
  const path = () =>
    Array.from({ length: 101 }, (_, k) => at(HOT * (COLD / HOT) ** (k / 100)).value);

  replace(
    place,
    [
      list,
      element(
        "div",
        { class: "lab-sliders" },
        element("div", { class: "lab-slider" }, element("span", {}, "T"), heat, heatText),
      ),
      element("div", { class: "lab-buttons" }, add, remove, reset),
      element("div", { class: "lab-pictures" }, table, triangle),
    ],
    build,
  );
}

// A table whose cells are coloured: one hue for each sign, none for zero.
function matrix(jacobian, symbol) {
  const most = Math.max(...jacobian.flat().map(Math.abs)) || 1;
  const heads = jacobian.map((_, i) => String(i + 1));
  const cell = (slope) =>
    element(
      "td",
      {
        class: slope < 0 ? "lab-negative" : "lab-positive",
        style: `--lab-level:${((45 * Math.abs(slope)) / most).toFixed(1)}%`,
      },
      element("data", { value: slope }, `${slope < 0 ? "−" : ""}${Math.abs(slope).toFixed(3)}`),
    );
  return element(
    "table",
    { class: "lab-matrix" },
    element("caption", {}, `The Jacobian: ∂${symbol}ᵢ / ∂zⱼ in row i, column j`),
    element(
      "thead",
      {},
      element("tr", {}, element("td"), ...heads.map((j) => element("th", { scope: "col" }, j))),
    ),
    element(
      "tbody",
      {},
      ...jacobian.map((row, i) =>
        element("tr", {}, element("th", { scope: "row" }, heads[i]), ...row.map(cell)),
      ),
    ),
  );
}

document.querySelectorAll(".lab-vector").forEach(lab);
