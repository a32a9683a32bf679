const NUMBER = /^\d+(\.\d+)?$/;
const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(?:Z|([+-])(\d{2}):?(\d{2}))?$/i;

/** Below this a number can only be seconds: as ms it would be before 1973, as seconds it is up to the year 5138. */
const MIN_MS = 1e11;

/**
 * Reads the time of a recording as ms since the epoch: a date and time (ISO 8601, or with a space; UTC where it names
 * no zone), seconds or ms since the epoch. Null where it is none of these or no such day.
 */
export const readRecordingTime = (text: string): number | null => {
  if (NUMBER.test(text)) {
    const value = Number(text);
    const ms = Math.round(value < MIN_MS ? value * 1000 : value);
    return Number.isNaN(new Date(ms).getTime()) ? null : ms;
  }
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second = '00', fraction = '', sign, zoneHours, zoneMinutes] =
    match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
  const ms = Date.parse(iso);
  // A day such as the 31st of April would otherwise be taken for the first of May.
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== iso) return null;
  if (sign === undefined) return ms;
  const offsetMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return sign === '+' ? ms - offsetMs : ms + offsetMs;
};
