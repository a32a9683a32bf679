/** A message that a client published under the inference topic: its bytes as they came. */
export type ReceivedMessage = Readonly<{ topic: string; body: Uint8Array; clientId: string }>;

/** Resolves once the message is durably stored; rejects if it is not, and the client then sends it again. */
export type Receive = (message: ReceivedMessage) => Promise<void>;
