import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import type { Received } from '../domain/message/read-message.ts';
import { type Rejection, splitAhead } from '../domain/message/rejection.ts';
import type { EventStore } from './ports/event-store.ts';
import type { Quarantine, QuarantineRecord } from './ports/quarantine.ts';
import type { StoredSample, Telemetry } from './ports/telemetry.ts';

export type StorePorts = Readonly<{
  telemetry: Telemetry & Partial<EventStore>;
  quarantine: Quarantine;
  policies: PolicyBook;
}>;

/** What became of a batch, in samples; `quarantined` counts whole messages that were not understood as one. */
export type StoreCounts = Readonly<{
  stored: number;
  repeated: number;
  quarantined: number;
  /** Of those, samples that the telemetry store refused. */
  rejected: number;
}>;

type Sorted = Readonly<{ samples: readonly StoredSample[]; quarantined: QuarantineRecord | null }>;

const sort = ({ raw, reading }: Received, policies: PolicyBook): Sorted => {
  const { samples, rejections } = splitAhead(
    reading.samples,
    raw.receivedAt,
    (cylinder) => policies.of(cylinder).futureToleranceMs,
  );
  const all = [...reading.rejections, ...rejections];
  return {
    samples: samples.map((sample) => ({ ...sample, receivedAt: raw.receivedAt })),
    quarantined: all.length === 0 ? null : { raw, rejections: all },
  };
};

const refusedByStore = (
  batch: readonly Received[],
  rejected: readonly Readonly<{ sample: StoredSample; detail: string }>[],
): readonly QuarantineRecord[] =>
  batch.flatMap(({ raw, reading }) => {
    const rejections = rejected
      .filter(
        ({ sample }) =>
          sample.receivedAt === raw.receivedAt &&
          reading.samples.some(
            (s) => s.cylinder === sample.cylinder && s.t === sample.t && s.seq === sample.seq,
          ),
      )
      .map(
        ({ sample, detail }): Rejection => ({
          reason: 'store',
          detail,
          index: null,
          cylinder: sample.cylinder,
          t: sample.t,
        }),
      );
    return rejections.length === 0 ? [] : [{ raw, rejections }];
  });

/**
 * Stores every sample of a batch of messages once, and puts what was not understood into the quarantine with its
 * bytes. Rejects when a service fails; the same batch may then be given again.
 */
export const storeSamples =
  ({ telemetry, quarantine, policies }: StorePorts) =>
  async (batch: readonly Received[]): Promise<StoreCounts> => {
    const sorted = batch.map((message) => sort(message, policies));
    const write = await telemetry.write(sorted.flatMap(({ samples }) => samples));
    const unclear = sorted.flatMap(({ quarantined }) => quarantined ?? []);
    const refused = write.rejected.length === 0 ? [] : refusedByStore(batch, write.rejected);
    const quarantined = [...unclear, ...refused];
    if (quarantined.length > 0) {
      await quarantine.put(quarantined);
      await telemetry.recordEvents?.(quarantined.map((record) => ({ kind: 'quarantined', record })));
    }
    const count = quarantined.reduce((sum, { rejections }) => sum + rejections.length, 0);
    const { stored, repeated, rejected } = write;
    return { stored, repeated, quarantined: count, rejected: rejected.length };
  };
