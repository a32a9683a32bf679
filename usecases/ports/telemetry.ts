import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { Sample } from '../../domain/message/sample.ts';

/** A sample as it was received: the receiver's clock is kept so that a recording can be replayed. */
export type StoredSample = Sample & Readonly<{ receivedAt: number }>;

/** What became of a write. `rejected` samples were refused for good and belong in the quarantine. */
export type TelemetryWrite = Readonly<{
  stored: number;
  repeated: number;
  rejected: readonly Readonly<{ sample: StoredSample; detail: string }>[];
}>;

/** The telemetry store, for analysts months later. */
export type Telemetry = Readonly<{
  /**
   * Stores every sample once, known by (cylinder, boot, seq) or, without them, by (cylinder, t): a repetition, within
   * the call or of an earlier one, is counted and not stored again. Resolves when the samples would survive a crash;
   * rejects, with nothing half-written that a repeated call would not complete, when the service fails.
   */
  write(samples: readonly StoredSample[]): Promise<TelemetryWrite>;
  /**
   * Stores what is known of an incident in place of what was stored of it before, but for what that noted and this does
   * not; idempotent.
   */
  recordIncident(incident: IncidentRecord): Promise<void>;
}>;
