import type { StoredSample } from '../../usecases/ports/telemetry.ts';

const identity = ({ cylinder, boot, seq, t }: StoredSample): string =>
  boot === null || seq === null ? `${cylinder}/${t}` : `${cylinder}/${seq}/${boot}`;

/** Every sample of a call once, the one that was received first, and how many were repetitions of another. */
export const samplesOnce = (
  samples: readonly StoredSample[],
): Readonly<{ once: readonly StoredSample[]; repeated: number }> => {
  const first = new Map<string, StoredSample>();
  for (const sample of samples) {
    const key = identity(sample);
    const known = first.get(key);
    if (known === undefined || sample.receivedAt < known.receivedAt) first.set(key, sample);
  }
  return { once: [...first.values()], repeated: samples.length - first.size };
};
