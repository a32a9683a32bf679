import type { Fields } from '../fields.ts';

const NAME = /^[a-zA-Z0-9:_-]{1,128}$/;

/**
 * Whether a text may name a cylinder or a gateway: what AWS IoT accepts as a thing name, since every cylinder's
 * twin is a thing's shadow and names are levels of a topic.
 * https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html
 */
export const isName = (value: unknown): value is string => typeof value === 'string' && NAME.test(value);

/**
 * The cylinder, and its gateway, by which a deployment tests that a sample comes out as a notice. No machine bears the
 * name: nobody is told of it, and it is part of no count, view or bill of the plant.
 */
export const CANARY = 'sentinel-canary';

/** Why a value is no name, as the end of a sentence: it tells the character at fault, and which it is, from 1. */
export const nameFault = (value: unknown): string => {
  if (typeof value !== 'string') return 'is not a text';
  if (value === '') return 'is empty';
  const characters = [...value];
  const at = characters.findIndex((character) => !isName(character));
  if (at < 0) return `has ${characters.length} characters`;
  const character = characters[at] ?? '';
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const name = character === '.' ? 'a dot, ' : '';
  return `has ${name}${JSON.stringify(character)} (U+${code}) as character ${at + 1}`;
};

/** Everything that gateways publish lies under this topic. */
export const INFERENCE_TOPIC = 'greengrass/ml/inference';

/** Where a message came from; `cylinder` is null where only the payload names it. */
export type Origin = Readonly<{ gateway: string; cylinder: string | null }>;

/** The topic on which a gateway publishes the samples of one cylinder. */
export const inferenceTopic = (gateway: string, cylinder: string): string =>
  `${INFERENCE_TOPIC}/${gateway}/${cylinder}`;

/** Reads `<prefix>/<gateway>[/<cylinder>]`, a trailing slash tolerated; null where it is neither. */
export const readTopic = (topic: string, prefix: string = INFERENCE_TOPIC): Origin | null => {
  const start = prefix.length + 1;
  if (!topic.startsWith(prefix) || topic[prefix.length] !== '/') return null;
  const end = topic.endsWith('/') ? topic.length - 1 : topic.length;
  const slash = topic.indexOf('/', start);
  if (slash < 0 || slash >= end) {
    const gateway = topic.slice(start, end);
    return isName(gateway) ? { gateway, cylinder: null } : null;
  }
  const gateway = topic.slice(start, slash);
  // A further level would leave a slash in here, which no name has.
  const cylinder = topic.slice(slash + 1, end);
  return isName(gateway) && isName(cylinder) ? { gateway, cylinder } : null;
};

/** Why `readTopic` understands nothing of a topic: what it is not, and where it goes wrong. */
export const topicFault = (topic: string, prefix: string = INFERENCE_TOPIC): string => {
  const wanted = `not ${prefix}/<gateway>[/<cylinder>]`;
  if (!topic.startsWith(`${prefix}/`)) return wanted;
  const levels = topic
    .slice(prefix.length + 1)
    .replace(/\/$/, '')
    .split('/');
  const [gateway, cylinder, ...further] = levels;
  if (further.length > 0) return `${wanted}: ${levels.length} levels after ${prefix}`;
  return isName(gateway)
    ? `${wanted}: its cylinder ${nameFault(cylinder)}`
    : `${wanted}: its gateway ${nameFault(gateway)}`;
};

/** Which cylinder a message speaks of, by its topic and payload, which must agree where both name one. */
export const namedCylinder = (origin: Origin, fields: Fields): { cylinder: string } | { detail: string } => {
  const named = fields.cylinder ?? null;
  if (named === null) {
    if (origin.cylinder !== null) return { cylinder: origin.cylinder };
    return { detail: 'neither the topic nor the payload names the cylinder' };
  }
  if (!isName(named)) {
    return {
      detail: `cylinder is not a name of letters, digits, colon, underscore and hyphen (at most 128): it ${nameFault(named)}`,
    };
  }
  if (origin.cylinder !== null && origin.cylinder !== named) {
    return { detail: `the topic names ${origin.cylinder} and the payload ${named}` };
  }
  return { cylinder: named };
};

/** Whether a topic is one of those that a filter with `+` and `#` names (MQTT 3.1.1, section 4.7). */
export const isTopicOf = (filter: string, topic: string): boolean => {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  if (wanted.at(-1) !== '#' && wanted.length !== levels.length) return false;
  return wanted.every(
    (one, index) => one === '#' || (one === '+' ? index < levels.length : one === levels[index]),
  );
};
