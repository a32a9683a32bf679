import { type IncidentRecord, progressOf } from '../../domain/incident/incident-record.ts';
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

/** Room for the time of writing in ms, until the year 2248; the rest of a safe integer is for progress. */
const TIME_RANGE = 2 ** 43;

/**
 * A number that grows with what has become of an incident (reopened, cleared, closed) and then with the time of
 * writing, `now` in ms: what was recorded last wins, also over an older record that is written once more much later.
 */
export const incidentVersion = (incident: IncidentRecord, now: number): number =>
  progressOf(incident) * TIME_RANGE + now;

/** Whether two versions stand for the same progress, written at different times. */
export const isSameProgress = (one: number, other: number): boolean =>
  Math.floor(one / TIME_RANGE) === Math.floor(other / TIME_RANGE);
