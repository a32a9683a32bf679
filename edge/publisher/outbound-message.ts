import { encodeMessages, type ScoredSample } from '../message/encode-message.ts';
import type { TakenSample } from '../message/queued-sample.ts';

/** A message on its way, and what to do when it has arrived or has not. */
export type OutboundMessage = Readonly<{
  topic: string;
  payload: string;
  /** Samples in it; 0 for a status. */
  samples: number;
  arrived(): void;
  failed(): void;
}>;

/** Messages for samples from the queue: each of one origin, in the order of the samples, the origins as they first occur. */
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
  const messages: OutboundMessage[] = [];
  for (const group of groups.values()) {
    const scored = group.map(({ sample }): ScoredSample => sample);
    let from = 0;
    for (const { topic, payload, samples } of encodeMessages({ gateway, ...group[0].origin }, scored)) {
      const own = group.slice(from, from + samples);
      from += samples;
      messages.push({
        topic,
        payload,
        samples,
        arrived: () => settle.arrived(own),
        failed: () => settle.failed(own),
      });
    }
  }
  return messages;
};
