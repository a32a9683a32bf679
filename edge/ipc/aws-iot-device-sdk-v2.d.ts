/** What is used of the SDK, which is no dependency here: the build of the packages brings it. */
declare module 'aws-iot-device-sdk-v2/dist/greengrasscoreipc.js' {
  type Subscription = {
    on(event: 'message', listener: () => void): unknown;
    activate(): Promise<unknown>;
  };

  type MessageStream = {
    on(event: 'message', listener: (event: Readonly<{ message?: { payload?: unknown } }>) => void): unknown;
    activate(): Promise<unknown>;
  };

  /** Of a request, within the SDK; its states are numbers. */
  type Stream = { readonly state: number; activate(options: object): Promise<void>; close(): void };

  type Client = {
    readonly rpcClient: { readonly connection: { newStream(): Stream } };
    connect(): Promise<unknown>;
    close(): Promise<void>;
    on(event: 'disconnection', listener: () => void): unknown;
    publishToIoTCore(request: Readonly<{ topicName: string; qos: '1'; payload: string }>): Promise<unknown>;
    subscribeToIoTCore(request: Readonly<{ topicName: string; qos: '0' }>): MessageStream;
    getConfiguration(request: Readonly<{ keyPath: readonly string[] }>): Promise<{ value?: unknown }>;
    subscribeToConfigurationUpdate(request: Readonly<{ keyPath: readonly string[] }>): Subscription;
  };

  /** A client for the nucleus named in the environment of a component. */
  export function createClient(): Client;
}
