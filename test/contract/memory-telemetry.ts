import { type IncidentRecord, withMarksOf } from '../../domain/incident/incident-record.ts';
import type { StoredSample, Telemetry } from '../../usecases/ports/telemetry.ts';
import { identity } from '../fixture/stored-sample.ts';

export type MemoryTelemetry = Telemetry &
  Readonly<{ samples: ReadonlyMap<string, StoredSample>; incidents: ReadonlyMap<string, IncidentRecord> }>;

/** A telemetry store that keeps its port's contract in memory. */
export const memoryTelemetry = (): MemoryTelemetry => {
  const samples = new Map<string, StoredSample>();
  const incidents = new Map<string, IncidentRecord>();
  return {
    samples,
    incidents,
    write(written) {
      const before = samples.size;
      for (const sample of written) {
        if (!samples.has(identity(sample))) samples.set(identity(sample), sample);
      }
      const stored = samples.size - before;
      return Promise.resolve({ stored, repeated: written.length - stored, rejected: [] });
    },
    recordIncident(incident) {
      incidents.set(incident.id, withMarksOf(incidents.get(incident.id), incident));
      return Promise.resolve();
    },
  };
};
