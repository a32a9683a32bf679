import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import type { StoredSample } from '../../../usecases/ports/telemetry.ts';

/** What analysts find in the telemetry store, each sample and incident once. */
export type StoreReader = Readonly<{
  samples(cylinder: string): Promise<readonly StoredSample[]>;
  incidents(cylinder: string): Promise<readonly IncidentRecord[]>;
  /** How many samples there are of the cylinders that are asked for. */
  count(isOurs: (cylinder: string) => boolean): Promise<number>;
}>;
