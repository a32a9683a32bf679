import { payloadMapper } from '../../domain/mapping/map-payload.ts';
import type { Mapping } from '../../domain/mapping/mapping.ts';
import { readSample } from '../../domain/message/read-sample.ts';
import type { OnSourceEvent, SourceSample } from './source.ts';

const scorer = () => ({ probability: 0, why: null, model: '' });
const ENVELOPE = { gateway: '', boot: null, model: null, isReplay: false, scorer } as const;

/** What was read of a device at a time, by the names of the map. */
export type Read = Readonly<{ cylinder: string; t: number; found: Readonly<Record<string, unknown>> }>;

/** Makes samples of what was read, by a mapping; what is refused is told. `deviceOf` is how a device is called there. */
export const mappedSamples = (
  mapping: Mapping,
  {
    source,
    onEvent,
    deviceOf,
  }: Readonly<{
    source: string;
    onEvent: OnSourceEvent;
    deviceOf: (cylinder: string) => string;
  }>,
): ((read: Read) => readonly SourceSample[]) => {
  // The time is the source's affair: here each thing that was read has its own already.
  const {
    cylinder: _,
    gateway: __,
    time: ___,
    topics: ____,
    samples: _____,
    long: ______,
    ...rules
  } = mapping;
  const mapper = payloadMapper(rules);
  return ({ cylinder, t, found }) => {
    const root = { ...found, cylinder, t };
    const samples: SourceSample[] = [];
    for (const one of mapper({ topic: '', receivedAt: t }, { gateway: 'edge', cylinder }, [root]) ?? []) {
      const reading = 'rejection' in one ? one : readSample(one.fields, { ...ENVELOPE, cylinder }, 0);
      if ('rejection' in reading) {
        const { reason, detail } = reading.rejection;
        onEvent({ kind: 'bad-line', source, reason, message: `${deviceOf(cylinder)}: ${detail}` });
      } else samples.push({ cylinder, t: reading.sample.t, values: reading.sample.values, label: null });
    }
    return samples;
  };
};
