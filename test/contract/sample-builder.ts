import type { StoredSample } from '../../usecases/ports/telemetry.ts';

/** A sample of which a test names only what matters to it. */
export const sample = (fields: Partial<StoredSample> = {}): StoredSample => ({
  cylinder: 'cyl-07',
  gateway: 'line-3',
  t: 1_763_800_000_123,
  boot: '01JD7Q2K8ZXW3V5N6M7P8R9S0T',
  seq: 41,
  model: 'anomaly-detection@1.2.0',
  values: [48.2, 2.31, 1.92, 3.4, 41, 1180],
  probability: 0.93,
  why: [0.1, 1.8, 0.2, 0.6, 0.1, -0.1],
  receivedAt: 1_763_800_000_456,
  ...fields,
});

/** What names a sample for ever. */
export const identity = ({ cylinder, boot, seq, t }: StoredSample): string =>
  boot === null || seq === null ? `${cylinder} at ${t}` : `${cylinder} ${boot} ${seq}`;

/** Samples in an order of their own, to compare what was written with what is stored. */
export const inOrder = (samples: Iterable<StoredSample>): readonly StoredSample[] =>
  [...samples].sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
