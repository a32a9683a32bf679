import type { Bell } from './bell.ts';
import type { Outlet } from './outlet.ts';
import type { Parcel } from './parcel.ts';
import { createPatience } from './patience.ts';

export type DeliveryParts = Readonly<{
  outlet: Outlet;
  /** The next message; null while there is none. */
  next(): Parcel | null;
  /** How long to wait when there is none, unless the bell rings. */
  pauseMs(): number;
  /** Called after a failure, when nothing is on its way any more. */
  restart(): void;
  bell: Bell;
}>;

export type DeliveryOptions = Readonly<{
  /** The most messages that may be unacknowledged. */
  inFlight: number;
  /** How long an acknowledgement may take. */
  timeoutMs: number;
  signal: AbortSignal;
}>;

/** Something that no repetition cures; its message says what. */
export class UndeliverableError extends Error {
  override name = 'UndeliverableError';
}

/**
 * Publishes message after message until the signal. When one fails, no more are begun, those on their way are waited
 * for, and all begins anew, so that a cylinder's samples stay in order. Rejects with an UndeliverableError.
 */
export const deliver = async (parts: DeliveryParts, options: DeliveryOptions): Promise<void> => {
  const { outlet, bell } = parts;
  const { inFlight, timeoutMs, signal } = options;
  const withPatience = createPatience(timeoutMs, signal);
  const flying = new Set<Promise<void>>();
  let hasFailed = false;
  let fatal: string | null = null;

  async function send(parcel: Parcel): Promise<void> {
    const published = await withPatience(outlet.publish(parcel.topic, parcel.payload));
    if (published === null && !signal.aborted) outlet.reset();
    if (published?.ok) return parcel.arrived();
    parcel.failed();
    hasFailed = true;
    if (published?.reason === 'fatal') fatal = published.message;
  }

  function start(parcel: Parcel): void {
    const flight = send(parcel).finally(() => {
      flying.delete(flight);
      bell.ring();
    });
    flying.add(flight);
  }

  while (!signal.aborted) {
    await outlet.ready(signal);
    hasFailed = false;
    while (!hasFailed && !signal.aborted) {
      const parcel = flying.size < inFlight ? parts.next() : null;
      if (parcel === null) await bell.wait(parts.pauseMs(), signal);
      else start(parcel);
    }
    await Promise.all(flying);
    parts.restart();
    if (fatal !== null) throw new UndeliverableError(fatal);
  }
};
