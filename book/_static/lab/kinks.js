// The kinks of a function: where the slope or the value jumps, from where to where, and who takes
// which slope there. And where it turns.

import { drawn } from "./dom.js";
import { line } from "./plot.js";

const BESIDE = 1e-9;

// At the setting `p`, from left to right.
export function kinks(record, p) {
  const found = new Map();
  for (const kink of record.kinks) {
    const at = kink.at(p);
    if (!kink.when(p) || !Number.isFinite(at) || found.has(at)) continue;
    const h = BESIDE * (1 + Math.abs(at));
    const sides = (f) => ({ left: f(at - h, p), right: f(at + h, p) });
    found.set(at, {
      at,
      value: { ...sides(record.f), taken: record.f(at, p) },
      slope: sides(record.slope),
      takers: Object.entries(kink.taken).map(([who, slope]) => ({ who, slope: slope(p) })),
    });
  }
  return [...found.values()].sort((a, b) => a.at - b.at);
}

// Where it turns at the setting `p`.
export const turns = (record, p) =>
  record.turns.filter(({ when }) => when(p)).map(({ at }) => at(p));

// From left to right, each once.
export const ascending = (points) => [...new Set(points)].sort((a, b) => a - b);

export const jumps = ({ left, right }) => Math.abs(right - left) > 1e-6 * (1 + Math.abs(left));

const SHAPES = [
  "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0",
  "M-4.5-4.5h9v9h-9z",
  "M0-5.5L5.5 4.5h-11z",
  "M0-6L6 0L0 6L-6 0z",
  "M-2-5.5h4v3.5h3.5v4h-3.5v3.5h-4v-3.5h-3.5v-4h3.5z",
];

// A shape for each who takes a slope, in the order in which the record names them.
export const shape = (takers, who, x = 8, y = 8) =>
  drawn("path", {
    d: SHAPES[takers.findIndex((taker) => taker.who === who) % SHAPES.length],
    transform: `translate(${x} ${y})`,
    class: "lab-dot",
    "data-who": who,
  });

// The value taken where the value itself jumps.
export const owner = (cx, cy) => drawn("circle", { cx, cy, r: 5, class: "lab-value" });

// What is drawn for one kink: segments from the left to the right limit, and the dots.
export function marks(plot, kink) {
  const x = plot.x(kink.at);
  const made = [];
  const segment = ({ left, right }, name) =>
    jumps({ left, right }) && made.push(line(x, plot.y(left), x, plot.y(right), `lab-jump ${name}`));
  segment(kink.slope, "lab-slope");
  segment(kink.value, "lab-f");
  if (jumps(kink.value)) made.push(owner(x, plot.y(kink.value.taken)));
  if (jumps(kink.slope)) {
    for (const { who, slope } of kink.takers) {
      // Those who take the same slope stand side by side.
      const same = kink.takers.filter((taker) => Math.abs(taker.slope - slope) < 1e-9);
      const place = same.findIndex((taker) => taker.who === who) - (same.length - 1) / 2;
      made.push(shape(kink.takers, who, x + 13 * place, plot.y(slope)));
    }
  }
  return made;
}
