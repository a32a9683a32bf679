import type { CommandType } from '../../domain/alarm/commands/command.ts';
import { incidentId } from '../../domain/alarm/state/output.ts';
import { isName } from '../../domain/message/topic.ts';
import { type Notice, noticeNumber } from '../../domain/notice/notice.ts';

/** Makes the code by which this plant knows its own links: HMAC-SHA256 with a key that nobody else has. */
export type LinkKey = Readonly<{ mac(payload: Uint8Array): Uint8Array | Promise<Uint8Array> }>;

/** What a link lets somebody do who has it; `expires` is ms since the epoch. */
export type Link = Readonly<{
  incident: string;
  cylinder: string;
  /** The number of the notice that it came with. */
  notice: number;
  expires: number;
  actions: readonly CommandType[];
}>;

/** A week: who comes back from holidays asks somebody else. */
export const LINK_MS = 7 * 86_400_000;

const FORM = 1;
const HOUR_MS = 3_600_000;
/** The form, what is allowed, the number of the notice, the hour of the expiry and the time of the incident; then a name. */
const HEAD_BYTES = 1 + 1 + 2 + 3 + 6;
/** 96 bits: RFC 2104 allows half of the hash at least 80 bits, and every guess asks a server that counts them. */
const MAC_BYTES = 12;
const MAX_CHARACTERS = 400;

/** What each bit allows; shelving comes with its undoing. Maintenance and the policy are no part of a link. */
const ACTIONS: readonly (readonly CommandType[])[] = [['ack'], ['shelve', 'unshelve'], ['close']];

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const fromBase64url = (text: string): Uint8Array | null => {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
  } catch {
    return null;
  }
};

/**
 * What the link of a notice says, in few bytes: its incident, its number, its expiry and what it allows; null for a
 * notice of no incident. The same notice always has the same link.
 */
export const linkPayload = ({ output }: Notice): Uint8Array | null => {
  if (!('incident' in output)) return null;
  const { cylinder, incident, at, id } = output;
  const raisedAt = Number(incident.slice(cylinder.length + 1));
  if (incident !== incidentId(cylinder, raisedAt)) return null;
  const name = new TextEncoder().encode(cylinder);
  const payload = new Uint8Array(HEAD_BYTES + name.length);
  const bytes = new DataView(payload.buffer);
  bytes.setUint8(0, FORM);
  bytes.setUint8(1, 2 ** ACTIONS.length - 1);
  bytes.setUint16(2, Math.min(noticeNumber(id), 65_535));
  const hours = Math.ceil((at + LINK_MS) / HOUR_MS);
  bytes.setUint16(4, Math.floor(hours / 256));
  bytes.setUint8(6, hours % 256);
  bytes.setUint32(7, Math.floor(raisedAt / 65_536));
  bytes.setUint16(11, raisedAt % 65_536);
  payload.set(name, HEAD_BYTES);
  return payload;
};

/** The token of a link: what it says, and the code for that. */
export const linkToken = (payload: Uint8Array, mac: Uint8Array): string =>
  `${base64url(payload)}.${base64url(mac.subarray(0, MAC_BYTES))}`;

/** The address of the link of a notice at a desk; null for a notice of no incident. */
export const linkFor =
  (deskUrl: string, key: LinkKey) =>
  async (notice: Notice): Promise<string | null> => {
    const payload = linkPayload(notice);
    return payload === null ? null : `${deskUrl}/i/${linkToken(payload, await key.mac(payload))}`;
  };

const read = (payload: Uint8Array): Link | null => {
  const bytes = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const cylinder = new TextDecoder().decode(payload.subarray(HEAD_BYTES));
  if (payload.length <= HEAD_BYTES || bytes.getUint8(0) !== FORM || !isName(cylinder)) return null;
  const allowed = bytes.getUint8(1);
  return {
    cylinder,
    incident: incidentId(cylinder, bytes.getUint32(7) * 65_536 + bytes.getUint16(11)),
    notice: bytes.getUint16(2),
    expires: (bytes.getUint16(4) * 256 + bytes.getUint8(6)) * HOUR_MS,
    actions: ACTIONS.flatMap((actions, bit) => ((allowed >> bit) % 2 === 1 ? actions : [])),
  };
};

/** Whether two codes are the same, in a time that says nothing of where they differ. */
const isSame = (one: Uint8Array, other: Uint8Array): boolean => {
  let difference = one.length ^ other.length;
  for (const [index, byte] of one.entries()) difference |= byte ^ (other[index] ?? 0);
  return difference === 0;
};

/** Reads a token at `now`, ms; null where it is none, where it was altered, is of another plant, or has expired. */
export const openLink = async (token: string, key: LinkKey, now: number): Promise<Link | null> => {
  const [said = '', code = '', ...rest] = token.length > MAX_CHARACTERS ? [] : token.split('.');
  const [payload, mac] = [fromBase64url(said), fromBase64url(code)];
  if (rest.length > 0 || payload === null || mac === null) return null;
  // One link has one token: bits that base64 leaves over are none of it.
  if (linkToken(payload, mac) !== token) return null;
  const whole = await key.mac(payload);
  const link = isSame(whole.subarray(0, MAC_BYTES), mac) ? read(payload) : null;
  return link !== null && now < link.expires ? link : null;
};
