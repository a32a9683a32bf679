import type { DuckDBValue } from '@duckdb/node-api';
import type { StoredSample } from '../usecases/ports/telemetry.ts';

const textOrNull = (value: DuckDBValue | undefined): string | null =>
  typeof value === 'string' ? value : null;
const numberOrNull = (value: DuckDBValue | undefined): number | null =>
  value == null ? null : Number(value);

/** Reads a row of cylinder, gateway, t, boot, seq, model, probability, received_at (both times in ms) and the six sensors. */
export const readStoredRow = (row: readonly DuckDBValue[]): StoredSample => {
  const [cylinder, gateway, t, boot, seq, model, probability, receivedAt, ...values] = row;
  return {
    cylinder: String(cylinder),
    gateway: String(gateway),
    t: Number(t),
    boot: textOrNull(boot),
    seq: numberOrNull(seq),
    model: textOrNull(model),
    values: values.map(numberOrNull),
    probability: Number(probability),
    why: null,
    receivedAt: Number(receivedAt),
  };
};
