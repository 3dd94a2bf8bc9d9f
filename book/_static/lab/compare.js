// The compare page: any activations over one another, and the difference of two.

import { checkbox, element } from "./dom.js";
import { explorer, sample } from "./explorer.js";
import records from "./functions/all.js";
import { ascending, kinks, turns } from "./kinks.js";
import { largest } from "./largest.js";
import { text } from "./numbers.js";
import { replace } from "./stage.js";

// With four colours, no two of the first 44 activations share both colour and dash.
const DASHES = ["", "9 4", "2 3", "12 3 2 3", "12 3 2 3 2 3", "5 2", "18 4", "1 5", "7 2 2 2", "4 8", "14 2 5 2"];

function lab(place) {
  const colors = place.dataset.colors.split(" ");
  const attributes = new Map(
    records.map((record, i) => [
      record,
      {
        class: "lab-chosen",
        style: `--lab-ink:${colors[i % colors.length]}`,
        "stroke-dasharray": DASHES[i % DASHES.length],
      },
    ]),
  );
  // To begin with, the smooth ones that have nothing to set.
  const plain = records.filter(({ kinks, sliders }) => kinks.length + sliders.length === 0);
  const chosen = new Set(plain);
  const pair = plain.slice(-2);
  let order = "f";

  const at = (record) => (x) => record[order](x, record.start);
  const difference = (x) => at(pair[0])(x) - at(pair[1])(x);
  const inOrder = () => records.filter((record) => chosen.has(record));
  const breaksOf = (some) => ascending(some.flatMap((r) => kinks(r, r.start).map((kink) => kink.at)));
  const turnsOf = (some) => some.flatMap((r) => turns(r, r.start));
  const name = () => (order === "f" ? "f" : "f′");

  const result = element("output", { class: "lab-largest" });
  const explored = explorer(
    {
      label: "The crosshair over the chosen curves",
      curves: () => [
        ...inOrder().map((record) => ({ label: record.title, f: at(record), attributes: attributes.get(record) })),
        { label: "difference", f: difference, attributes: { class: "lab-difference" } },
      ],
      breaks: () => breaksOf([...chosen, ...pair]),
      stops: () => ascending([...breaksOf([...chosen, ...pair]), ...turnsOf([...chosen])]),
      fitted: () => [...inOrder().map(at), difference],
      drawn: tell,
    },
    ...["f", "slope"].map((which, i) =>
      element(
        "label",
        { class: "lab-check" },
        element("input", {
          type: "radio",
          name: "lab-order",
          checked: which === order,
          onchange() {
            order = which;
            explored.refit();
            explored.draw();
          },
        }),
        ["f", "f′"][i],
      ),
    ),
  );

  function tell() {
    const { left, right } = explored.plot.view;
    const { x, value } = largest(difference, left, right, breaksOf(pair));
    result.replaceChildren(
      "Largest difference in this window: ",
      element("data", { value, class: "lab-largest-value" }, text(value)),
      ", at x = ",
      element("data", { value: x, class: "lab-largest-x" }, text(x)),
      ".",
    );
  }

  const choices = element(
    "fieldset",
    { class: "lab-choices" },
    element("legend", {}, "Activations"),
    ...records.map((record) => {
      const label = checkbox(named(record), chosen.has(record), (on) => {
        if (on) chosen.add(record);
        else chosen.delete(record);
        explored.draw();
      });
      label.insertBefore(sample(attributes.get(record)), label.lastChild);
      return label;
    }),
  );

  const menu = (i, label) => {
    const select = element(
      "select",
      {
        "aria-label": label,
        onchange() {
          pair[i] = records[select.selectedIndex];
          explored.draw();
        },
      },
      ...records.map((record) => element("option", { selected: record === pair[i] }, record.title)),
    );
    return select;
  };
  const subtraction = element(
    "div",
    { class: "lab-subtraction" },
    sample({ class: "lab-difference" }),
    menu(0, "The first of the two whose difference is drawn"),
    "−",
    menu(1, "The second of the two whose difference is drawn"),
  );

  const { plot, reading, tools, help, draw } = explored;
  replace(place, [choices, plot.element, reading, tools, subtraction, result, help], () => {
    plot.resize();
    draw();
  });
}

// The title, and the setting at which it is drawn.
function named(record) {
  const set = record.sliders.map(({ name, index, label }) => {
    const value = index === undefined ? record.start[name] : record.start[name][index];
    return value === Infinity ? null : `${label} = ${text(value, 3)}`;
  });
  const told = set.filter(Boolean).join(", ");
  return told ? `${record.title} (${told})` : record.title;
}

document.querySelectorAll(".lab-compare").forEach(lab);
