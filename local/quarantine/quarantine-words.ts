import type { RejectionReason } from '../../domain/message/rejection.ts';
import { INFERENCE_TOPIC } from '../../domain/message/topic.ts';
import { limitedLog } from '../broker/bounds.ts';
import type { QuarantineKind } from './sqlite-quarantine.ts';

const ADVICE: Readonly<Record<RejectionReason, string>> = {
  topic: `have it publish to ${INFERENCE_TOPIC}/<gateway>/<cylinder>`,
  'too-large': 'have it send fewer samples in a message',
  'not-utf8': 'have it send JSON in UTF-8',
  'not-json': 'have it send JSON',
  'not-an-object': 'have it send an object, or a list of them',
  version: 'bring the device or this program to the same version',
  cylinder: 'have it name the cylinder as its topic does: letters, digits, colon, underscore, hyphen',
  'no-samples': 'have it send samples',
  sample: 'have it send each sample as an object',
  time: 'have it send the time as s or ms since 1970 or as ISO 8601, or say in a mapping where it is (--map)',
  'time-ahead': 'set the clock of the device right',
  identity: 'have it send boot and seq, both or neither',
  probability: 'have it score its samples, or let them be scored as they arrive (--score MODEL)',
  sensor:
    'have it send numbers under the names of the sensors, without those that did not answer, or say in a mapping where they are (--map)',
  why: 'have it send six contributions or none',
  store: 'look at the time of its samples: the store does not keep what is that old',
};

const isReason = (reason: string): reason is RejectionReason => Object.hasOwn(ADVICE, reason);

/** What to do about messages that lie in quarantine for a reason. */
export const quarantineAdvice = (reason: string): string =>
  isReason(reason) ? ADVICE[reason] : 'look at what it sends';

/** Which gateway and cylinder a message is of, as far as its topic and its rejection say. */
export const deviceOf = ({
  topic,
  cylinder,
}: Pick<QuarantineKind, 'topic' | 'cylinder'>): Readonly<{
  gateway: string | null;
  cylinder: string | null;
}> => {
  const [gateway = '', below = ''] = topic.startsWith(`${INFERENCE_TOPIC}/`)
    ? topic.slice(INFERENCE_TOPIC.length + 1).split('/')
    : [];
  return { gateway: gateway || null, cylinder: cylinder ?? (below || null) };
};

const MAX_NAME_LENGTH = 48;

/** A name that a client gave itself or its topic, up to 65,535 characters, as much of it as a line or a table has room for. */
export const briefName = (name: string, maxLength = MAX_NAME_LENGTH): string =>
  name.length > maxLength ? `${name.slice(0, maxLength - 1)}…` : name;

/** Whose messages they are, what for and what to do, on one line; what clients sent is in it as they sent it. */
export const quarantineLine = (
  kind: Pick<QuarantineKind, 'topic' | 'cylinder' | 'reason' | 'client' | 'detail'>,
): string => {
  const { gateway, cylinder } = deviceOf(kind);
  const who = [
    briefName(cylinder ?? (gateway === null ? `topic ${kind.topic}` : '')),
    gateway === null ? '' : `gateway ${briefName(gateway)}`,
    kind.client === null ? '' : `client ${briefName(kind.client)}`,
  ].filter(Boolean);
  return `${who.join(', ')}: ${kind.reason}, ${kind.detail}: ${quarantineAdvice(kind.reason)}`;
};

/** Says of each device and reason at once, in one line, that messages lie in quarantine; once an hour while they do. */
export const sayQuarantined = (
  log: (line: string) => void,
): ((kind: Parameters<typeof quarantineLine>[0]) => void) => {
  const limited = limitedLog(log, () => performance.now());
  return (kind) => {
    const device = deviceOf(kind).gateway ?? kind.client ?? kind.topic;
    limited(kind.reason, device, `quarantine: ${quarantineLine(kind)} (see: sentinel quarantine list)`);
  };
};
