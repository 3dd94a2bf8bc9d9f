const fs = require("fs");

function fromHex(text) {
  if (Array.isArray(text)) return text.map(fromHex); // the vectors of softmax
  const [, sign, whole, digits = "", exponent] =
    text.match(/^(-?)0x([01])(?:\.([0-9a-f]+))?p([+-]\d+)$/) ?? [];
  if (whole === undefined) return { inf: Infinity, "-inf": -Infinity, nan: NaN }[text];
  const fraction = parseInt(whole + digits, 16) / 16 ** digits.length;
  return (sign ? -1 : 1) * fraction * 2 ** Math.max(exponent, -1022) * 2 ** Math.min(0, +exponent + 1022);
}

const data = JSON.parse(fs.readFileSync(process.argv[2], "utf-8"));
const rows = data.tables.flatMap((table) => table.vectors.float32.map(fromHex));
const single = rows.filter((row) => row.flat(2).every((x) => Object.is(Math.fround(x), x)));
console.log(`${single.length} of ${rows.length} rows hold float32 numbers`);
