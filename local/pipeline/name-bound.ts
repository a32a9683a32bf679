import type { RawMessage } from '../../domain/message/raw-message.ts';
import { type ReadingOptions, received } from '../../domain/message/read-message.ts';
import { readTopic } from '../../domain/message/topic.ts';
import { ClientRefused } from '../run/local-error.ts';

export const DEFAULT_MAX_CYLINDERS = 20_000;

export type NameBound = Readonly<{
  /** Throws where a message is the first of a cylinder or a gateway for which there is no room any more. */
  admit(message: RawMessage): void;
  isKnown(cylinder: string): boolean;
}>;

type Names = Readonly<{ cylinders: readonly string[]; gateways: readonly string[] }>;

/**
 * Bounds how many cylinders, and how many gateways, may speak. Only names of messages that are understood count, so
 * that garbage takes no room from anybody.
 */
export const boundNames = (
  { cylinders, gateways }: Names,
  max: number,
  reading?: ReadingOptions,
): NameBound => {
  const known = { cylinder: new Set(cylinders), gateway: new Set(gateways) };

  const add = (kind: 'cylinder' | 'gateway', name: string): void => {
    const names = known[kind];
    if (names.has(name)) return;
    if (names.size >= max)
      throw new ClientRefused(
        'TooManyNames',
        `${kind} ${name} would be one more than the ${max} that this run takes: if it is wanted, start with a higher --max-cylinders`,
      );
    names.add(name);
  };

  return {
    admit: (message) => {
      const { gateway = '', cylinder = null } = readTopic(message.topic) ?? {};
      const isKnown = cylinder !== null && known.cylinder.has(cylinder) && known.gateway.has(gateway);
      // A mapping may find other names than those of the topic.
      if (isKnown && reading?.mapper === undefined) return;
      for (const sample of received(message, reading).reading.samples) {
        add('cylinder', sample.cylinder);
        add('gateway', sample.gateway);
      }
    },
    isKnown: (cylinder) => known.cylinder.has(cylinder),
  };
};
