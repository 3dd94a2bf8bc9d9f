// The vector lab: logits and a temperature, and what becomes of them: the components of the result,
// or its only one, and the Jacobian. Three shares of a whole are also a point of the simplex.

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
  let inputs = [];
  let outputs = [];

  // Of the logits, at a temperature. By the chain rule each slope is divided by it.
  function at(t) {
    const { value, jacobian } = record.of[logits.length](logits.map((z) => z / t));
    return { value, jacobian: jacobian.map((row) => row.map((slope) => slope / t)) };
  }

  const list = element("div", { class: "lab-classes" });
  const triangle = element("div");
  const table = element("div", { class: "lab-jacobian" });

  // A component stands beside its logit, and one that is of all of them below.
  const build = () => {
    inputs = logits.map((_, i) => logit(i));
    const { value } = at(temperature);
    outputs = value.length === 1 ? [component("")] : value.map((_, i) => component(SUB[i]));
    const beside = outputs.length === inputs.length;
    const lines = inputs.map(({ cells }, i) => [...cells, ...(beside ? outputs[i].cells : [])]);
    if (!beside) lines.push(...outputs.map(({ cells }) => cells));
    list.replaceChildren(...lines.map((cells) => element("div", { class: "lab-class" }, ...cells)));
    add.disabled = logits.length === Math.max(...sizes);
    remove.disabled = logits.length === Math.min(...sizes);
    show();
  };

  function logit(i) {
    const name = `z${SUB[i]}`;
    const { element: track, show: draw } = bar(
      `Logit ${name}`,
      () => logits[i],
      (value) => {
        logits[i] = value;
        show();
      },
    );
    const number = element("output", { "aria-live": "off", class: "lab-logit" });
    return {
      cells: [element("span", { class: "lab-symbol" }, name), track, number],
      show() {
        draw();
        number.value = text(logits[i]);
      },
    };
  }

  function component(sub) {
    const fill = element("span", { class: "lab-fill" });
    const number = element("data", { class: "lab-component" });
    return {
      cells: [
        element("span", { class: "lab-symbol" }, symbol + sub),
        element("span", { class: record.shares ? "lab-share" : "lab-share lab-signed" }, fill),
        number,
      ],
      show(value, farthest) {
        if (record.shares) from(fill, 0, 100 * value);
        else from(fill, 50, (50 * value) / farthest);
        number.value = value;
        number.textContent = record.shares ? value.toFixed(4) : text(value, 4);
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
    inputs.forEach((input) => input.show());
    outputs.forEach((output, i) => output.show(value[i], farthest));
    heat.value = Math.log10(temperature);
    heatText.value = text(temperature, 3);
    heat.setAttribute("aria-valuetext", heatText.value);
    table.replaceChildren(matrix(jacobian, symbol));
    table.tabIndex = table.scrollWidth > table.clientWidth ? 0 : -1; // arrow keys scroll it
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
  const heads = jacobian[0].map((_, j) => String(j + 1));
  const alone = jacobian.length === 1;
  const told = alone
    ? `The gradient: ∂${symbol} / ∂zⱼ in column j`
    : `The Jacobian: ∂${symbol}ᵢ / ∂zⱼ in row i, column j`;
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
    element("caption", {}, told),
    element(
      "thead",
      {},
      element("tr", {}, element("td"), ...heads.map((j) => element("th", { scope: "col" }, j))),
    ),
    element(
      "tbody",
      {},
      ...jacobian.map((row, i) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, alone ? symbol : heads[i]),
          ...row.map(cell),
        ),
      ),
    ),
  );
}

document.querySelectorAll(".lab-vector").forEach(lab);
