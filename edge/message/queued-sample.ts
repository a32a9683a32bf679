import type { ScoredSample } from './encode-message.ts';

/** Where a sample comes from: its cylinder, the start of the gateway that numbered it, and the model that judged it. */
export type Origin = Readonly<{ cylinder: string; boot: string; model: string }>;

/** A scored sample with all that its message needs. */
export type QueuedSample = Readonly<{ origin: Origin; sample: ScoredSample }>;

/** A sample that the queue has handed out; `originId` is the queue's own number for its origin. */
export type TakenSample = QueuedSample & Readonly<{ originId: number }>;
