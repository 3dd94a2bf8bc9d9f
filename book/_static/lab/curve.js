// The curve lab of a chapter: f and its derivatives, drawn live, in place of the static figure.

import { checkbox, drawn, element } from "./dom.js";
import { explorer, sample } from "./explorer.js";
import { ascending, jumps, kinks, marks, owner, shape, turns } from "./kinks.js";
import { text } from "./numbers.js";
import { sliders } from "./sliders.js";
import { replace } from "./stage.js";

const CURVES = { f: "f", slope: "f′", curvature: "f″" };

async function lab(place) {
  const { default: record } = await import(`./functions/${place.dataset.activation}.js`);
  const p = structuredClone(record.start);
  const shown = new Set(["f", "slope"]);
  const legend = element("div", { class: "lab-legend" });
  const jumping = element("div", { class: "lab-kinks" }); // last: as it grows nothing moves
  const at = (name, setting) => (x) => record[name](x, setting);

  const explored = explorer(
    {
      label: `The crosshair over the curves of ${record.title}`,
      curves: () =>
        [...shown].map((name) => ({
          label: `${CURVES[name]}(x)`,
          f: at(name, p),
          attributes: { class: `lab-${name}` },
        })),
      breaks: () => kinks(record, p).map((kink) => kink.at),
      stops: () => ascending([...kinks(record, p).map((kink) => kink.at), ...turns(record, p)]),
      // The window stays while a slider moves: it is the curve that should be seen to move.
      fitted: () => [at("f", record.start), at("slope", record.start)],
      marks: (plot) => kinks(record, p).flatMap((kink) => marks(plot, kink)),
      drawn() {
        legend.replaceChildren(...names());
        jumping.replaceChildren(...kinks(record, p).flatMap((kink) => [...described(kink)]));
      },
    },
    checkbox("f″", false, (on) => {
      if (on) shown.add("curvature");
      else shown.delete("curvature");
      explored.draw();
    }),
  );
  const names = () =>
    [...shown].map((name) =>
      element(
        "span",
        {},
        sample({ class: `lab-${name}` }),
        explored.plot.log ? `|${CURVES[name]}|` : CURVES[name],
      ),
    );

  const { plot, reading, tools, help, draw } = explored;
  const moving = sliders(record, p, draw);
  replace(place, [plot.element, legend, reading, tools, ...moving, jumping, help], () => {
    plot.resize();
    draw();
  });
}

// What jumps at a kink, in words: the value, the slope, and who takes which.
function* described({ at, value, slope, takers }) {
  const jump = (name, { left, right }) =>
    `At x = ${text(at, 4)}, ${name} jumps from ${text(left, 4)} to ${text(right, 4)}. Taken there: `;
  const taker = (mark, who, number) =>
    element(
      "span",
      { class: "lab-taker" },
      drawn("svg", { width: 16, height: 16, "aria-hidden": "true" }, mark),
      `${who} ${text(number, 4)}`,
    );
  if (jumps(value)) {
    yield element("p", {}, jump("f", value), taker(owner(8, 8), "actlib", value.taken));
  }
  if (jumps(slope)) {
    const each = takers.map(({ who, slope: taken }) => taker(shape(takers, who), who, taken));
    yield element("p", {}, jump("f′", slope), ...each);
  }
}

document.querySelectorAll(".lab-curve").forEach(lab);
