const two = (value) => String(value).padStart(2, '0');

const dayText = (date) => `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;

const clockText = (date) => `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;

/** A time in ms as UTC. */
export const timeText = (ms) => {
  const date = new Date(ms);
  return `${dayText(date)} ${clockText(date)}:${two(date.getUTCSeconds())}Z`;
};

/** Times on the axis: the time of day, with the date under the first of each day. */
export const timeValues = (_, splits) => {
  let day = '';
  return splits.map((ms) => {
    const date = new Date(ms);
    const seconds = date.getUTCSeconds() === 0 ? '' : `:${two(date.getUTCSeconds())}`;
    const isNew = dayText(date) !== day;
    day = dayText(date);
    return `${clockText(date)}${seconds}${isNew ? `\n${day}` : ''}`;
  });
};
