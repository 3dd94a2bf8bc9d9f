// The largest absolute value of a function over an interval, and where it is.

const POINTS = 2000;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

// Between two breaks the function is smooth: a fine grid finds the neighbourhood of the largest
// value, golden sections the place. At a break both limits count, and the value itself.
export function largest(f, left, right, breaks) {
  const size = (x) => Math.abs(f(x));
  const edges = [left, ...breaks.filter((x) => left < x && x < right), right];
  let best = { x: left, value: -1 };
  const offer = (x, value) => {
    if (value > best.value) best = { x, value };
  };
  for (const edge of edges) offer(edge, size(edge));
  for (let i = 1; i < edges.length; i++) {
    const [from, to] = [edges[i - 1], edges[i]];
    const beside = (x, sign) => x + sign * 1e-12 * (1 + Math.abs(x));
    const count = Math.max(20, Math.ceil((POINTS * (to - from)) / (right - left)));
    const x = Array.from({ length: count + 1 }, (_, k) => from + ((to - from) * k) / count);
    x[0] = beside(from, 1);
    x[count] = beside(to, -1);
    const sizes = x.map(size);
    const top = sizes.reduce((most, value, k) => (value > sizes[most] ? k : most), 0);
    offer(top === 0 ? from : top === count ? to : x[top], sizes[top]);
    const found = golden(size, x[Math.max(0, top - 1)], x[Math.min(count, top + 1)]);
    offer(found, size(found));
  }
  return best;
}

function golden(size, low, high) {
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  for (let k = 0; k < 60; k++) {
    if (size(a) > size(b)) [high, b, a] = [b, a, b - GOLDEN * (b - low)];
    else [low, a, b] = [a, b, a + GOLDEN * (high - a)];
  }
  return (low + high) / 2;
}
