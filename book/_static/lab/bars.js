// A bar from zero that can be drawn longer or shorter: by mouse, finger, or as a slider by keys.

import { element } from "./dom.js";
import { text } from "./numbers.js";

export const FARTHEST = 10; // the textbook formula, which is what is drawn, would overflow beyond 700

export function bar(label, read, write) {
  const fill = element("span", { class: "lab-fill" });
  const track = element(
    "div",
    {
      class: "lab-bar",
      role: "slider",
      tabindex: "0",
      "aria-label": label,
      "aria-valuemin": -FARTHEST,
      "aria-valuemax": FARTHEST,
      onpointerdown(event) {
        if (event.button !== 0) return;
        track.setPointerCapture(event.pointerId);
        follow(event);
      },
      onpointermove: (event) => track.hasPointerCapture(event.pointerId) && follow(event),
      onkeydown(event) {
        const to = {
          ArrowLeft: read() - 0.1,
          ArrowDown: read() - 0.1,
          ArrowRight: read() + 0.1,
          ArrowUp: read() + 0.1,
          PageDown: read() - 1,
          PageUp: read() + 1,
          Home: -FARTHEST,
          End: FARTHEST,
        }[event.key];
        if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        set(to);
      },
    },
    fill,
  );
  const follow = (event) => {
    const box = track.getBoundingClientRect();
    set((2 * (event.clientX - box.left)) / box.width - 1, FARTHEST);
  };
  const set = (value, scale = 1) => {
    const tenths = Math.round(10 * scale * value) / 10;
    write(Math.min(Math.max(tenths, -FARTHEST), FARTHEST));
  };

  const show = () => {
    from(fill, 50, (read() / FARTHEST) * 50);
    track.setAttribute("aria-valuenow", read());
    track.setAttribute("aria-valuetext", text(read()));
  };
  return { element: track, show };
}

// A fill from some place on, in percent; to the left where its length is negative.
export function from(fill, start, length) {
  fill.style.left = `${start + Math.min(0, length)}%`;
  fill.style.width = `${Math.abs(length)}%`;
}
