import { loadDriver } from '../../drivers/driver.ts';

/** What is used of `node-opcua-client`, which is installed on demand. https://node-opcua.github.io/api_doc/ */
export type OpcuaModule = Readonly<{
  browseAll(
    session: Session,
    description: unknown,
  ): Promise<Readonly<{ references: readonly Reference[] | null }>>;
  OPCUAClient: Readonly<{ create(options: Readonly<Record<string, unknown>>): Client }>;
  MessageSecurityMode: Readonly<Record<'None' | 'Sign' | 'SignAndEncrypt', unknown>>;
  SecurityPolicy: Readonly<Record<string, unknown>>;
  UserTokenType: Readonly<Record<'Anonymous' | 'UserName' | 'Certificate', unknown>>;
  AttributeIds: Readonly<Record<'Value', number>>;
  TimestampsToReturn: Readonly<Record<'Both', unknown>>;
}>;

export type CertificateStore = Readonly<{
  rootDir: string;
  initialize(): Promise<void>;
  dispose(): Promise<void>;
}>;

export type Client = Readonly<{
  connect(url: string): Promise<void>;
  disconnect(): Promise<void>;
  createSession(user: unknown): Promise<Session>;
  on(event: 'backoff', listener: (attempt: number, delayMs: number) => void): unknown;
  on(event: 'connection_failed', listener: (error: Error) => void): unknown;
  on(event: 'connection_lost' | 'connection_reestablished' | 'close', listener: () => void): unknown;
}>;

export type StatusCode = Readonly<{ name: string; value: number; hasOverflowBit?: boolean }>;
export type DataValue = Readonly<{
  value: Readonly<{ value: unknown; dataType: unknown }> | null;
  statusCode: StatusCode;
  sourceTimestamp: Date | null;
  serverTimestamp: Date | null;
}>;

export type Reference = Readonly<{
  nodeId: Readonly<{ toString(): string }>;
  browseName: Readonly<{ name: string | null }>;
  displayName: Readonly<{ text: string | null }>;
  nodeClass: number;
}>;

export type Session = Readonly<{
  read(node: Readonly<{ nodeId: string; attributeId: number }>): Promise<DataValue>;
  read(nodes: readonly Readonly<{ nodeId: string; attributeId: number }>[]): Promise<readonly DataValue[]>;
  republish(
    message: Readonly<{ subscriptionId: number; retransmitSequenceNumber: number }>,
  ): Promise<
    Readonly<{ responseHeader: Readonly<{ serviceResult: StatusCode }>; notificationMessage: Notified }>
  >;
  createSubscription2(options: Readonly<Record<string, unknown>>): Promise<Subscription>;
  on(event: 'session_closed', listener: () => void): unknown;
}>;

export type Notified = Readonly<{
  sequenceNumber: number;
  publishTime: Date | null;
  notificationData:
    | readonly (Readonly<{
        monitoredItems?: readonly Readonly<{ clientHandle: number; value: DataValue }>[] | null;
      }> | null)[]
    | null;
}>;

export type MonitoredItem = Readonly<{
  statusCode: StatusCode;
  monitoringParameters: Readonly<{ clientHandle: number }>;
}>;

export type Subscription = Readonly<{
  subscriptionId: number;
  on(event: 'raw_notification', listener: (message: Notified) => void): unknown;
  on(event: 'terminated', listener: () => void): unknown;
  monitorItems(
    items: readonly Readonly<{ nodeId: string; attributeId: number }>[],
    parameters: Readonly<Record<string, unknown>>,
    timestamps: unknown,
  ): Promise<Readonly<{ monitoredItems: readonly MonitoredItem[] }>>;
}>;

const isOpcuaModule = (module: unknown): module is OpcuaModule =>
  typeof module === 'object' && module !== null && 'OPCUAClient' in module && 'UserTokenType' in module;

type CertificateModule = Readonly<{
  OPCUACertificateManager: new (options: Readonly<Record<string, unknown>>) => CertificateStore;
}>;

const isCertificateModule = (module: unknown): module is CertificateModule =>
  typeof module === 'object' && module !== null && 'OPCUACertificateManager' in module;

type DebugModule = Readonly<{
  setWarningLogger(log: () => void): void;
  setErrorLogger(log: () => void): void;
}>;

const isDebugModule = (module: unknown): module is DebugModule =>
  typeof module === 'object' && module !== null && 'setWarningLogger' in module && 'setErrorLogger' in module;

const UNKNOWN_VERSION = 'node-opcua-client is another version than this program knows';

/** Loads the library, and keeps it from writing to the standard output. Throws DriverMissing where it is not installed. */
export const loadOpcua = async (): Promise<OpcuaModule> => {
  const debug = await loadDriver('opcua', 'node-opcua-debug');
  const module = await loadDriver('opcua', 'node-opcua-client');
  if (!isOpcuaModule(module) || !isDebugModule(debug)) throw new Error(UNKNOWN_VERSION);
  debug.setWarningLogger(() => {});
  debug.setErrorLogger(() => {});
  return module;
};

/** The folder of certificates: this client's own is made there if it has none, unknown ones of servers are rejected. */
export const openCertificates = async (rootFolder: string): Promise<CertificateStore> => {
  const module = await loadDriver('opcua', 'node-opcua-certificate-manager');
  if (!isCertificateModule(module)) throw new Error(UNKNOWN_VERSION);
  const store = new module.OPCUACertificateManager({
    rootFolder,
    automaticallyAcceptUnknownCertificate: false,
  });
  await store.initialize();
  return store;
};
