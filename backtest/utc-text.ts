/** A time in ms since the epoch as `2026-03-09 10:14:33Z`. */
export const utcText = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
