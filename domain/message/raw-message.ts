/** A message as it was received: bytes, topic, and the receiver's clock, ms since the epoch. */
export type RawMessage = Readonly<{
  topic: string;
  body: Uint8Array;
  receivedAt: number;
  client: string | null;
}>;
