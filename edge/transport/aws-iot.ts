import { createHash, createHmac } from 'node:crypto';

const ENDPOINT = /\.iot(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;

/** The region of an endpoint of AWS IoT, or null for any other host. https://docs.aws.amazon.com/general/latest/gr/iot-core.html */
export const awsIotRegion = (host: string): string | null => ENDPOINT.exec(host.toLowerCase())?.[1] ?? null;

/**
 * What a client names on port 443 of AWS IoT, where a certificate and custom authentication are told apart by it.
 * https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html
 */
export const AWS_IOT_ALPN = { certificate: 'x-amzn-mqtt-ca', custom: 'mqtt' } as const;

export type AwsKeys = Readonly<{
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string | undefined;
}>;

/**
 * The address of AWS IoT's WebSocket with a Signature Version 4 in its query. The session token is no part of what is signed.
 * https://docs.aws.amazon.com/iot/latest/developerguide/iam-users-groups-roles.html
 */
export const signedWebSocketUrl = (url: string, region: string, keys: AwsKeys, nowMs: number): string => {
  const { host } = new URL(url);
  const time = new Date(nowMs).toISOString().replace(/[:-]|\.\d{3}/g, '');
  const scope = [time.slice(0, 8), region, 'iotdevicegateway', 'aws4_request'];
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encodeURIComponent([keys.accessKeyId, ...scope].join('/'))}`,
    `X-Amz-Date=${time}`,
    'X-Amz-Expires=300',
    'X-Amz-SignedHeaders=host',
  ].join('&');
  const request = ['GET', '/mqtt', query, `host:${host}\n`, 'host', sha256('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(request)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  const token =
    keys.sessionToken === undefined ? '' : `&X-Amz-Security-Token=${encodeURIComponent(keys.sessionToken)}`;
  return `wss://${host}/mqtt?${query}&X-Amz-Signature=${signature}${token}`;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
