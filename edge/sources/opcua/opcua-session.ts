import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OpcuaMapping } from '../../../domain/mapping/connections.ts';
import { type Client, loadOpcua, type OpcuaModule, openCertificates, type Session } from './opcua-module.ts';

/** A server that is connected to and logged in at. */
export type OpcuaSession = Readonly<{
  module: OpcuaModule;
  client: Client;
  session: Session;
  /** The server's namespaces, by index. */
  namespaces: readonly string[];
  close(): Promise<void>;
}>;

/** What befalls the connection while it is made and later; the library goes on trying by itself. */
export type OnConnection = (event: 'unreachable' | 'lost' | 'back' | 'ended') => void;

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 10_000;
const KEEP_ALIVE_MS = 5000;
const SESSION_TIMEOUT_MS = 600_000;
const NAMESPACES = 'i=2255';
const PKI = 'opcua-pki';

/** A person's sentence for what the library says. */
export const opcuaFault = (error: unknown, opcua: OpcuaMapping): string => {
  const { pki = PKI, security = 'None', user } = opcua;
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  if (/BadCertificateUntrusted/.test(message)) {
    const folder = resolve(pki);
    return `its certificate is not trusted: look at it in ${folder}/rejected, and move it to ${folder}/trusted/certs`;
  }
  if (/Cannot find an Endpoint/i.test(message))
    return `it has no endpoint with security ${security} in this mode`;
  if (/BadUserAccessDenied|BadIdentityToken/.test(message))
    return user !== undefined && 'certificate' in user
      ? `it refuses the certificate of the user, ${user.certificate}: let the server trust it, or its key is another's`
      : 'it refuses the user or the password';
  if (/ANONYMOUS/.test(message)) return 'it lets nobody in without a user: give opcua.user';
  if (/BadSecurityChecksFailed|BadCertificate|Secure ?Channel|rejected by server/i.test(message))
    return `${message.trim()} (it may not trust ${resolve(pki)}/own/certs/client_certificate.pem)`;
  return message;
};

const userOf = ({ UserTokenType }: OpcuaModule, user: OpcuaMapping['user']): unknown => {
  if (user === undefined) return { type: UserTokenType.Anonymous };
  if ('name' in user) {
    const password = readFileSync(user.passwordFile, 'utf8').split(/\r?\n/)[0] ?? '';
    return { type: UserTokenType.UserName, userName: user.name, password };
  }
  return {
    type: UserTokenType.Certificate,
    certificateData: new X509Certificate(readFileSync(user.certificate)).raw,
    privateKey: readFileSync(user.key, 'utf8'),
  };
};

/** The namespaces of a server as it is now, by index. */
export const readNamespaces = async (
  { AttributeIds }: OpcuaModule,
  session: Session,
): Promise<readonly string[]> => {
  const { value } = await session.read({ nodeId: NAMESPACES, attributeId: AttributeIds.Value });
  return Array.isArray(value?.value) ? value.value.map(String) : [];
};

/** Connects, for as long as it takes, and logs in. Rejects where only people can help, and after the signal. */
export const openOpcuaSession = async (
  opcua: OpcuaMapping,
  onConnection: OnConnection,
  signal: AbortSignal,
): Promise<OpcuaSession> => {
  const { url, security = 'None', pki = PKI } = opcua;
  const module = await loadOpcua();
  const user = userOf(module, opcua.user);
  const mode = opcua.mode ?? (security === 'None' ? 'None' : 'SignAndEncrypt');
  const certificates = await openCertificates(resolve(pki));
  const client = module.OPCUAClient.create({
    applicationName: 'Cylinder Sentinel',
    clientName: 'cylinder-sentinel',
    endpointMustExist: false,
    securityMode: module.MessageSecurityMode[mode],
    securityPolicy: module.SecurityPolicy[security],
    clientCertificateManager: certificates,
    connectionStrategy: { initialDelay: FIRST_RETRY_MS, maxDelay: LAST_RETRY_MS, maxRetry: -1 },
    keepSessionAlive: true,
    keepAliveInterval: KEEP_ALIVE_MS,
    requestedSessionTimeout: SESSION_TIMEOUT_MS,
  });
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    signal.removeEventListener('abort', abort);
    await client.disconnect().catch(() => {});
    await certificates.dispose();
  };
  const abort = (): void => void close();
  signal.addEventListener('abort', abort);
  client.on('backoff', (attempt) => attempt === 0 && onConnection('unreachable'));
  client.on('connection_lost', () => onConnection('lost'));
  client.on('connection_reestablished', () => onConnection('back'));
  client.on('close', () => onConnection('ended'));
  try {
    signal.throwIfAborted();
    await client.connect(url);
    const session = await client.createSession(user);
    session.on('session_closed', () => onConnection('ended'));
    return { module, client, session, namespaces: await readNamespaces(module, session), close };
  } catch (error) {
    await close();
    throw error;
  }
};
