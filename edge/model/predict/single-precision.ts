// XGBoost computes in single precision with the C library's expf and logf. Their results differ from the
// correctly rounded ones in rare bits, so the same algorithms stand here (Arm Optimized Routines, Szabolcs
// Nagy, 2017, as in glibc 2.27 and later), carried out in double precision as there.

const EXP_STEPS = 32;
const INVERSE_LN2_STEPS = (1 / Math.LN2) * EXP_STEPS;
// exp2(x) near 0: coefficients of the third, second and first power, scaled to steps.
const EXP_C3 = 0.05550361559341535 / EXP_STEPS ** 3;
const EXP_C2 = 0.2402284522445722 / EXP_STEPS ** 2;
const EXP_C1 = 0.6931471806916203 / EXP_STEPS;
const EXP_TABLE = Float64Array.from({ length: EXP_STEPS }, (_, i) => 2 ** (i / EXP_STEPS));
// Adding and taking away 1.5 · 2^52 rounds a double to the nearest integer, ties to even.
const ROUNDING_SHIFT = 1.5 * 2 ** 52;
const EXP_OVERFLOW = 88.72283172607422;
const EXP_UNDERFLOW = -103.97207641601562;

/** e^x in single precision, bit for bit as glibc's expf; x is a single-precision number. */
export const expf = (x: number): number => {
  if (Number.isNaN(x)) return x;
  if (x > EXP_OVERFLOW) return Number.POSITIVE_INFINITY;
  if (x < EXP_UNDERFLOW) return 0;
  const steps = INVERSE_LN2_STEPS * x;
  const nearest = steps + ROUNDING_SHIFT - ROUNDING_SHIFT;
  const rest = steps - nearest;
  const scale = (EXP_TABLE[nearest & (EXP_STEPS - 1)] ?? 1) * 2 ** (nearest >> 5);
  const high = EXP_C3 * rest + EXP_C2;
  return Math.fround((high * (rest * rest) + (EXP_C1 * rest + 1)) * scale);
};

const LOG_OFFSET_BITS = 0x3f330000;
const LOG_A = [-0.25089342214237154, 0.333456765744066, -0.4999997485802103] as const;
/** 1/c and ln c for the middle c of each sixteenth of an octave. */
const LOG_TABLE = Float64Array.of(
  ...[1.398907162146528, -0.33569133332882284, 1.3403141896637998, -0.2929040563774074],
  ...[1.286432210124115, -0.2518726580937369, 1.2367150214269895, -0.21245868807117255],
  ...[1.1906977166711752, -0.17453945183745634, 1.1479821020556429, -0.1380057072319758],
  ...[1.1082251448272158, -0.10275976698545139, 1.0711297413057381, -0.06871392447020525],
  ...[1.036437278977283, -0.0357891387398228, 1, 0],
  ...[0.9492859795739057, 0.05204517742929496, 0.8951049428609004, 0.11081431298787942],
  ...[0.8476821620351103, 0.1652495223695143, 0.8050314851692001, 0.21687389031699977],
  ...[0.7664671008843108, 0.2659635028121397, 0.731428603316328, 0.3127556664073557],
);
const bits = new DataView(new ArrayBuffer(4));

/** ln x in single precision, bit for bit as glibc's logf, for a positive, normal single-precision x. */
export const logf = (x: number): number => {
  if (x === 1) return 0;
  bits.setFloat32(0, x);
  const image = bits.getInt32(0);
  const offset = (image - LOG_OFFSET_BITS) | 0;
  const at = ((offset >> 19) & 15) * 2;
  bits.setInt32(0, image - (offset & 0xff800000));
  const r = bits.getFloat32(0) * (LOG_TABLE[at] ?? 1) - 1;
  const y0 = (LOG_TABLE[at + 1] ?? 0) + (offset >> 23) * Math.LN2;
  const r2 = r * r;
  return Math.fround((LOG_A[0] * r2 + (LOG_A[1] * r + LOG_A[2])) * r2 + (y0 + r));
};

// Beyond this, e^x leaves single precision.
const LARGEST_EXPONENT = Math.fround(88.7);

/**
 * The probability of a log-odds, rounded as XGBoost rounds it. From 1.6 on XGBoost bounds the exponent, so that no
 * probability is exactly 0.
 */
export const sigmoid = (margin: number, bounded: boolean): number => {
  const exponent = bounded ? Math.min(-margin, LARGEST_EXPONENT) : -margin;
  return Math.fround(1 / Math.fround(expf(exponent) + 1));
};

const MOST_DIGITS = 9;
/** Powers of ten that a double holds exactly: a whole number divided by one of them is rounded once. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** The shortest decimal that reads back to the same single-precision number. */
export const float32Text = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 1e-7 && size < 1e7) {
    // So many decimals give one digit.
    const decimals = -Math.floor(Math.log10(size));
    for (let digits = 1; digits <= MOST_DIGITS; digits++) {
      const power = POWERS[decimals + digits - 1];
      if (power === undefined) continue;
      const candidate = Math.round(size * power) / power;
      if (Math.fround(candidate) === size) return value < 0 ? `-${candidate}` : `${candidate}`;
    }
  }
  if (Object.is(value, -0)) return '-0';
  for (let digits = 1; digits < MOST_DIGITS; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return String(candidate);
  }
  return String(Number(value.toPrecision(MOST_DIGITS)));
};
