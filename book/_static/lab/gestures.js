// Mouse, pen, fingers and keys on a plot: they move its window and its crosshair.

const CLICK = 4; // pixels: less is no drag

// `act` has pan(across, up), zoom(factor, px, py), point(px), step(fraction of the width),
// edge(side) and reset().
export function listen(target, act) {
  const down = new Map();
  let moved = false;
  const at = (event) => {
    const box = target.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    down.set(event.pointerId, at(event));
    target.setPointerCapture(event.pointerId);
    if (down.size === 1) moved = false;
  });

  target.addEventListener("pointermove", (event) => {
    const now = at(event);
    const before = down.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") act.point(now.x);
      return;
    }
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    if (!moved && Math.hypot(dx, dy) < CLICK) return;
    moved = true;
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const spread = distance(before, other) / Math.max(1, distance(now, other));
      act.zoom(spread, (now.x + other.x) / 2, (now.y + other.y) / 2);
    }
    // Each of two fingers moves the window by half of its way.
    const share = other ? 0.5 : 1;
    act.pan((-share * dx) / target.clientWidth, (share * dy) / target.clientHeight);
    down.set(event.pointerId, now);
  });

  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    if (event.type === "pointerup" && !moved) act.point(at(event).x);
  };
  target.addEventListener("pointerup", up);
  target.addEventListener("pointercancel", up);

  // Without ctrl the wheel scrolls the page. A pinch on a touchpad comes as ctrl and wheel.
  target.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const { x, y } = at(event);
      act.zoom(Math.exp(Math.max(-50, Math.min(50, event.deltaY)) / 200), x, y);
    },
    { passive: false },
  );

  target.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const keys = event.shiftKey
      ? {
          ArrowLeft: () => act.pan(-0.1, 0),
          ArrowRight: () => act.pan(0.1, 0),
          ArrowDown: () => act.pan(0, -0.1),
          ArrowUp: () => act.pan(0, 0.1),
        }
      : {
          ArrowLeft: () => act.step(-0.01),
          ArrowRight: () => act.step(0.01),
          ArrowDown: () => act.step(-0.01),
          ArrowUp: () => act.step(0.01),
          PageDown: () => act.step(-0.1),
          PageUp: () => act.step(0.1),
          Home: () => act.edge(-1),
          End: () => act.edge(1),
        };
    const zooms = { "+": () => act.zoom(0.8), "=": () => act.zoom(0.8), "-": () => act.zoom(1.25) };
    const found = { ...keys, ...zooms, 0: act.reset }[event.key];
    if (!found) return;
    event.preventDefault();
    found();
  });
}

const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
