import { createRequire } from 'node:module';

/** What is used of `node-opcua-server`, which is installed in this folder. */
type Variable = { setValueFromSource(value: object, status?: unknown, time?: Date): void };
type Namespace = {
  index: number;
  addObject(options: object): object;
  addVariable(options: object): Variable;
};
type Server = {
  initialize(): Promise<void>;
  start(): Promise<void>;
  shutdown(ms: number): Promise<void>;
  engine: { addressSpace: { registerNamespace(uri: string): Namespace; rootFolder: { objects: object } } };
};
type ServerModule = { OPCUAServer: new (options: object) => Server };
type StatusModule = { StatusCodes: Readonly<Record<string, unknown>> };
type DebugModule = { setWarningLogger(log: () => void): void; setErrorLogger(log: () => void): void };

const require = createRequire(import.meta.url);
const { OPCUAServer }: ServerModule = require('node-opcua-server');
const { StatusCodes }: StatusModule = require('node-opcua-status-code');
const { setWarningLogger, setErrorLogger }: DebugModule = require('node-opcua-debug');
setWarningLogger(() => {});
setErrorLogger(() => {});

export type OpcuaLine = AsyncDisposable &
  Readonly<{
    /** Sets a node `<press>.<name>` to a value of a time, with a status by its name. */
    set(node: string, value: number, t?: number, status?: string): void;
    stop(): Promise<void>;
  }>;

/** A server of a line of presses, each with the nodes of `names`, in the namespace `urn:test:line`; others come before it. */
export const startOpcuaLine = async (
  options: Readonly<{
    port: number;
    presses: readonly string[];
    names: readonly string[];
    namespacesBefore?: readonly string[];
    server?: object;
  }>,
): Promise<OpcuaLine> => {
  const server = new OPCUAServer({ port: options.port, ...options.server });
  await server.initialize();
  const { addressSpace } = server.engine;
  for (const uri of options.namespacesBefore ?? []) addressSpace.registerNamespace(uri);
  const namespace = addressSpace.registerNamespace('urn:test:line');
  const variables = new Map<string, Variable>();
  for (const press of options.presses) {
    const device = namespace.addObject({ organizedBy: addressSpace.rootFolder.objects, browseName: press });
    for (const name of options.names)
      variables.set(
        `${press}.${name}`,
        namespace.addVariable({
          componentOf: device,
          browseName: name,
          nodeId: `s=${press}.${name}`,
          dataType: 'Double',
          value: { dataType: 'Double', value: 0 },
        }),
      );
  }
  await server.start();
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await server.shutdown(10);
  };
  return {
    set(node, value, t = Date.now(), status = 'Good') {
      variables
        .get(node)
        ?.setValueFromSource({ dataType: 'Double', value }, StatusCodes[status], new Date(t));
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
