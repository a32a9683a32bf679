const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const;

/** A duration in its two largest units, as `1 h 5 min`; under a second is `0 s`. */
export const durationText = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000)) * 1000;
  const first = UNITS.findIndex((unit) => seconds >= unit.ms);
  if (first < 0) return '0 s';
  let rest = seconds;
  const parts: string[] = [];
  for (const unit of UNITS.slice(first, first + 2)) {
    const n = Math.floor(rest / unit.ms);
    rest -= n * unit.ms;
    if (n > 0) parts.push(`${n} ${unit.name}`);
  }
  return parts.join(' ');
};
