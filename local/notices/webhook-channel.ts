import { createHmac } from 'node:crypto';
import { noticeRecord } from '../../notification/notice-record.ts';
import type { Channel, DeliveryOutcome, NoticeOrigin } from './channel.ts';

export type WebhookOptions = Readonly<{ url: string; secret: string }>;

type Options = WebhookOptions & Readonly<{ origin: NoticeOrigin; now: () => number; timeoutMs?: number }>;

const TIMEOUT_MS = 30_000;
/** A server may ask for more patience, but is not believed more: people wait. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/** Of those that say that the request is wrong, these say that another time is better. */
const WORTH_RETRYING: ReadonlySet<number> = new Set([408, 429]);

/** The value of `Sentinel-Signature`: HMAC-SHA256 over the time in seconds, a full stop and the body. */
export const signatureOf = (secret: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;

/** How long `Retry-After` asks to wait, ms: seconds or a date (RFC 9110, 10.2.3); null where it says neither. */
export const retryAfterMs = (value: string | null, now: number): number | null => {
  if (value === null) return null;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS) : null;
};

const causeOf = (error: unknown, timeoutMs: number): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
};

/**
 * Tells a notice by a signed POST. 2xx means told, and 4xx refused for good, unless it asks for another time; all else
 * is tried again. A redirection is not followed, since it would become a GET: it is a failure that says where it leads.
 */
export const createWebhookChannel = ({
  url,
  secret,
  origin: from,
  now,
  timeoutMs = TIMEOUT_MS,
}: Options): Channel => {
  // The path may hold a secret, as with chats: it stands in no log.
  const { origin } = new URL(url);

  const outcomeOf = ({ status, headers }: Response): DeliveryOutcome => {
    if (status >= 200 && status < 300) return { kind: 'told' };
    if (status >= 400 && status < 500 && !WORTH_RETRYING.has(status))
      return { kind: 'refused', reason: `HTTP ${status} from ${origin}` };
    const target = headers.get('location');
    const leads = status < 400 && target !== null ? `, which leads to ${URL.parse(target, url)?.origin}` : '';
    const waitMs = retryAfterMs(headers.get('retry-after'), now());
    const reason = `HTTP ${status} from ${origin}${leads}`;
    return waitMs === null ? { kind: 'failed', reason } : { kind: 'failed', reason, retryAfterMs: waitMs };
  };

  return {
    name: 'webhook',
    title: '--notify-webhook',
    deliver: async (notice, signal) => {
      const body = JSON.stringify(noticeRecord(notice, from));
      try {
        const response = await fetch(url, {
          method: 'POST',
          redirect: 'manual',
          headers: {
            'content-type': 'application/json',
            'idempotency-key': notice.output.id,
            'sentinel-signature': signatureOf(secret, Math.floor(now() / 1000), body),
            'user-agent': 'cylinder-sentinel',
          },
          body,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        await response.body?.cancel().catch(() => undefined);
        return outcomeOf(response);
      } catch (error) {
        return { kind: 'failed', reason: `${origin}: ${causeOf(error, timeoutMs)}` };
      }
    },
  };
};
