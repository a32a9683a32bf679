/** A time as the local store writes it, `2026-01-05 01:00:00.12`: Athena gives three digits of a second, Timestream nine. */
export const storedTime = (text: string): string => text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
