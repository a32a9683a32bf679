import { SentinelError } from '../../domain/sentinel-error.ts';
import { encodeMessages, type ScoredSample, type TakenSample } from '../message/encode-message.ts';
import { createWithTimeout, type WakeSignal } from '../timing/timing.ts';
import type { Transport } from '../transport/transport.ts';

/** A message on its way, and what to do when it has arrived or has not. */
export type OutboundMessage = Readonly<{
  topic: string;
  payload: string;
  /** Samples in it; 0 for a status. */
  samples: number;
  arrived(): void;
  failed(): void;
}>;

/**
 * Messages for samples from the queue, each of one origin, in the order of their first samples: no cylinder runs ahead of
 * the others by more than a message.
 */
export const packSamples = (
  gateway: string,
  taken: readonly TakenSample[],
  settle: Readonly<{
    arrived(samples: readonly TakenSample[]): void;
    failed(samples: readonly TakenSample[]): void;
  }>,
): readonly OutboundMessage[] => {
  const groups = new Map<number, [first: TakenSample, ...rest: TakenSample[]]>();
  for (const sample of taken) {
    const group = groups.get(sample.originId);
    if (group === undefined) groups.set(sample.originId, [sample]);
    else group.push(sample);
  }
  const messages: Readonly<{ t: number; message: OutboundMessage }>[] = [];
  for (const group of groups.values()) {
    const scored = group.map(({ sample }): ScoredSample => sample);
    let from = 0;
    for (const { topic, payload, samples } of encodeMessages({ gateway, ...group[0].origin }, scored)) {
      const own = group.slice(from, from + samples);
      from += samples;
      const message = {
        topic,
        payload,
        samples,
        arrived: () => settle.arrived(own),
        failed: () => settle.failed(own),
      };
      messages.push({ t: own[0]?.sample.t ?? 0, message });
    }
  }
  return messages.sort((one, other) => one.t - other.t).map(({ message }) => message);
};

export type DeliveryParts = Readonly<{
  transport: Transport;
  /** The next message; null while there is none. */
  next(): OutboundMessage | null;
  /** How long to wait when there is none, unless the wake rings. */
  pauseMs(): number;
  /** Called after a failure, when nothing is on its way any more. */
  restart(): void;
  wake: WakeSignal;
}>;

export type DeliveryOptions = Readonly<{
  /** The most messages that may be unacknowledged. */
  inFlight: number;
  /** How long an acknowledgement may take. */
  timeoutMs: number;
  signal: AbortSignal;
}>;

/** Something that no repetition cures; its message says what. */
export class UndeliverableError extends SentinelError {
  override name = 'UndeliverableError';

  constructor(message: string) {
    super('Undeliverable', message);
  }
}

/**
 * Publishes message after message until the signal. When one fails, no more are begun, those on their way are waited
 * for, and all begins anew, so that a cylinder's samples stay in order. Rejects with an UndeliverableError.
 */
export const deliver = async (parts: DeliveryParts, options: DeliveryOptions): Promise<void> => {
  const { transport, wake } = parts;
  const { inFlight: maxInFlight, timeoutMs, signal } = options;
  const withTimeout = createWithTimeout(timeoutMs, signal);
  const inFlight = new Set<Promise<void>>();
  let hasFailed = false;
  let fatal: string | null = null;

  async function send(message: OutboundMessage): Promise<void> {
    const published = await withTimeout(transport.publish(message.topic, message.payload));
    if (published === null && !signal.aborted) transport.reset();
    if (published?.ok) {
      if (published.confirmed === undefined) message.arrived();
      else void published.confirmed.then((isSure) => confirm(message, isSure));
      return;
    }
    message.failed();
    hasFailed = true;
    if (published?.reason === 'fatal') fatal = published.message;
  }

  function confirm(message: OutboundMessage, isSure: boolean): void {
    if (signal.aborted) return;
    if (isSure) message.arrived();
    else message.failed();
    hasFailed ||= !isSure;
    wake.notify();
  }

  function start(message: OutboundMessage): void {
    const sending = send(message).finally(() => {
      inFlight.delete(sending);
      wake.notify();
    });
    inFlight.add(sending);
  }

  while (!signal.aborted) {
    await transport.ready(signal);
    hasFailed = false;
    while (!hasFailed && !signal.aborted) {
      const message = inFlight.size < maxInFlight ? parts.next() : null;
      if (message === null)
        await wake.wait(inFlight.size < maxInFlight ? parts.pauseMs() : timeoutMs, signal);
      else start(message);
    }
    await Promise.all(inFlight);
    parts.restart();
    if (fatal !== null) throw new UndeliverableError(fatal);
  }
};
