// The probabilities of three classes as a point of a triangle, on the path that it takes as the
// temperature changes.

import { drawn } from "./dom.js";
import { text } from "./numbers.js";

const CORNERS = [
  [20, 190],
  [230, 190],
  [125, 8],
];

// `path` is a list of points, `p` the one that is marked.
export function simplex(p, path) {
  const d = path.map((q, i) => (i ? "L" : "M") + place(q).map((c) => c.toFixed(1)).join(" ")).join("");
  const [cx, cy] = place(p);
  const anchors = ["end", "start", "start"];
  return drawn(
    "svg",
    {
      class: "lab-simplex",
      viewBox: "0 0 250 205",
      role: "img",
      "aria-label": `The simplex: the point (${p.map((share) => text(share, 3)).join(", ")})`,
    },
    drawn("path", { class: "lab-edge", d: `M${CORNERS.map((c) => c.join(" ")).join("L")}Z` }),
    drawn("path", { class: "lab-path", d }),
    ...CORNERS.map(([x, y], i) =>
      drawn("text", { x: x + [-4, 4, 8][i], y: y + 4, "text-anchor": anchors[i] }, `p${"₁₂₃"[i]}`),
    ),
    drawn("circle", { cx, cy, r: 6 }),
  );
}

const place = (q) => [0, 1].map((axis) => q.reduce((sum, share, i) => sum + share * CORNERS[i][axis], 0));
