// erf and erfc, as actlib/arithmetic/special.py has them: there it is said where the numbers are from.

const P = [
  0.5251352761609812, 0.6273392214455544, 0.3616760568901803, 0.12928058068733558,
  0.031104528097945956, 0.005142960393776683, 0.0005709281917560366, 3.904899091550654e-5,
  1.2699641219421593e-6,
];
const Q = [
  1, 1.5737599901069272, 1.174063955277737, 0.541230038176662, 0.16939334863655248,
  0.03730616489093419, 0.005789446703970924, 0.0006125171095784136, 4.0318955054073216e-5,
  1.2699641218490526e-6,
];
const OF_ERF = [
  0.1283791670955126, -0.37612638903183754, 0.11283791670955126, -0.026866170645131252,
  0.005223977625442188, -0.0008548327023450852, 0.00012055332981789664, -1.492565035840625e-5,
  1.6462114365889246e-6, -1.6365844691234924e-7, 1.4807192815879218e-8, -1.2290555301717926e-9,
  9.422759064650411e-11, -6.7113668551641105e-12, 4.4632242632864775e-13,
];
const NEAR = 1 / Math.SQRT2;

const horner = (coefficients, x) => coefficients.reduceRight((total, c) => total * x + c, 0);

export function erf(x) {
  if (Math.abs(x) < NEAR) return x + x * horner(OF_ERF, x * x);
  return x < 0 ? erfc(-x) - 1 : 1 - erfc(x);
}

export function erfc(x) {
  if (x <= -NEAR) return 2 - erfc(-x);
  if (x < NEAR) return 1 - x - x * horner(OF_ERF, x * x);
  const t = Math.SQRT2 * Math.min(x, 28); // erfc(28) is 0
  const r = horner(P, t - 1) / horner(Q, t - 1);
  return (Math.sqrt(2 / Math.PI) * Math.exp(-x * x)) / (t + r);
}
