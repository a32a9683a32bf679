/** What the nucleus said of a publish: `denied` is for a right that is missing, `failed` for everything that may pass. */
export type PublishAnswer =
  | Readonly<{ ok: true }>
  | Readonly<{ ok: false; reason: 'denied' | 'failed'; message: string }>;

/** A connection to the Greengrass nucleus that started this process, from its acceptance to its end. */
export type NucleusConnection = Readonly<{
  /** Publishes to AWS IoT Core with QoS 1. May never settle: a connection that ends takes its answers with it. */
  publish(topic: string, payload: string): Promise<PublishAnswer>;
  /** The component's configuration as it is now; numbers and switches may have become strings on their way. */
  configuration(): Promise<unknown>;
  /** Calls back whenever the configuration has changed, from when this has resolved on. */
  onConfigurationChange(changed: () => void): Promise<void>;
  /** Resolves when the connection has ended, whoever ended it. */
  ended: Promise<void>;
  close(): Promise<void>;
}>;

/** Connects to the nucleus, or rejects with what is wrong. */
export type ConnectNucleus = () => Promise<NucleusConnection>;
