import type { Fields } from '../fields.ts';

/** Parts of a text between marks that stand outside quotes and are not escaped; null where quotes do not end. */
const partsOf = (text: string, mark: string): readonly string[] | null => {
  const parts: string[] = [];
  let [from, isQuoted] = [0, false];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === mark && !isQuoted) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return isQuoted ? null : parts;
};

const bare = (text: string): string => text.replaceAll(/\\([,= "\\])/g, '$1');

const fieldValue = (text: string): unknown => {
  if (/^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?[iu]?$/i.test(text)) return Number(text.replace(/[iu]$/i, ''));
  if (/^(t|true)$/i.test(text)) return true;
  if (/^(f|false)$/i.test(text)) return false;
  return /^".*"$/s.test(text) ? bare(text.slice(1, -1)) : undefined;
};

/** `a=1,b=2` as an object; null where it is none. */
const pairsOf = (texts: readonly string[], read: (text: string) => unknown): Fields | null => {
  const pairs = texts.map((text) => {
    const [name = '', ...rest] = partsOf(text, '=') ?? [];
    const value = rest.length === 1 ? read(rest[0] ?? '') : undefined;
    return name === '' || value === undefined ? null : ([bare(name), value] as const);
  });
  const known = pairs.filter((pair) => pair !== null);
  return known.length === pairs.length ? Object.fromEntries(known) : null;
};

const pointOf = (line: string): Fields | null => {
  const [series = '', fieldSet = '', time, ...further] = partsOf(line.trim(), ' ') ?? [];
  if (further.length > 0 || (time !== undefined && !/^-?\d+$/.test(time))) return null;
  const [name = '', ...tagTexts] = partsOf(series, ',') ?? [];
  const tags = pairsOf(tagTexts, bare);
  const fields = pairsOf(partsOf(fieldSet, ',') ?? [], fieldValue);
  if (/^$|^#|[={[]/.test(name) || tags === null || fields === null) return null;
  return { name: bare(name), tags, fields, ...(time === undefined ? {} : { timestamp: Number(time) }) };
};

/**
 * Lines as Telegraf and InfluxDB write them, `name,tag=a field=1.5 1763800000000000000`, each as Telegraf's JSON has it
 * (`name`, `tags`, `fields`, `timestamp`); undefined where a line is none.
 * https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
 */
export const readLineProtocol = (text: string): readonly Fields[] | undefined => {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const points = lines.map(pointOf);
  const known = points.filter((point) => point !== null);
  return known.length > 0 && known.length === points.length ? known : undefined;
};
