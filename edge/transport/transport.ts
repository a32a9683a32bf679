/** What became of one publish. `fatal` is for what no repetition cures, such as a right that is missing. */
export type Published =
  | Readonly<{ ok: true }>
  | Readonly<{ ok: false; reason: 'offline' | 'fatal'; message: string }>;

/** A way out of the gateway, at least once: MQTT, or the IPC of a Greengrass nucleus. */
export type Transport = Readonly<{
  /** Resolves when it is worth trying, or at once when the signal is aborted; keeps its own pauses between attempts. */
  ready(signal: AbortSignal): Promise<void>;
  /** Resolves once the other side has acknowledged the message, or when that cannot happen any more; may never settle. */
  publish(topic: string, payload: string): Promise<Published>;
  /** Begins anew, as something got stuck: a publish that has not settled will be repeated. */
  reset(): void;
  close(): Promise<void>;
}>;
