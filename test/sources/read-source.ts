import assert from 'node:assert/strict';
import { type Mapping, readMapping } from '../../domain/mapping/mapping.ts';
import type { Source, SourceEvent, SourceSample } from '../../edge/sources/source.ts';

/** A mapping that is right. */
export const mappingOf = (value: unknown): Mapping => {
  const reading = readMapping(value);
  assert.ok(reading.ok, reading.ok ? '' : JSON.stringify(reading.faults));
  return reading.mapping;
};

/** Reads a source that runs by itself, and waits for what it gives. */
export const readSource = (open: (onEvent: (event: SourceEvent) => void, signal: AbortSignal) => Source) => {
  const ending = new AbortController();
  const samples: SourceSample[] = [];
  const events: string[] = [];
  let changed = Promise.withResolvers<void>();
  const change = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const source = open((event) => {
    events.push('reason' in event ? `${event.reason}: ${event.message}` : `${event.kind}: ${event.message}`);
    change();
  }, ending.signal);
  const reading = (async () => {
    for await (const batch of source) {
      samples.push(...batch);
      change();
    }
  })();
  return {
    samples,
    events,
    /** Waits until something holds; the runner's time-out is the end of one that never does. */
    async until(holds: () => boolean): Promise<void> {
      while (!holds()) await Promise.race([changed.promise, reading]);
    },
    async [Symbol.asyncDispose]() {
      ending.abort();
      await reading;
    },
  };
};
