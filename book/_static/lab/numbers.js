// Numbers as a reader wants them: 0.25, −3, 1.2×10⁻⁹.

const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

export function text(value, digits = 6) {
  if (Number.isNaN(value)) return "not defined";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
    const [factor, exponent] = size.toExponential(Math.max(0, digits - 3)).split("e");
    const digit = Number(factor) === 1 ? "" : `${Number(factor)}×`;
    return `${sign}${digit}10${raised(Number(exponent))}`;
  }
  return sign + Number(size.toPrecision(digits));
}

export const raised = (exponent) => [...String(exponent)].map((sign) => RAISED[sign]).join("");

// Round numbers from low to high, about `count` of them.
export function ticks(low, high, count, least = 0) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(least, power * [1, 2, 5, 10].find((factor) => factor * power >= rough));
  const found = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) found.push(i * step);
  // 3 · 0.1 is not 0.3: a tick is as long as its step.
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return found.map((value) => Number(value.toFixed(Math.min(100, places))));
}
