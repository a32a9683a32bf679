import assert from 'node:assert/strict';
import type { Hono } from 'hono';
import * as v from 'valibot';
import { type LinkKey, linkPayload, linkToken } from '../../../desk/api/link-token.ts';
import type { HeardPorts } from '../../../usecases/ledger/change-records.ts';
import type { LedgerPorts } from '../../../usecases/ports/ledger.ts';
import { START_MS } from '../../fixture/alarm-words.ts';

/** A home of the desk: the app over its view, and the ledger beneath it. `at` sets the clock, s after START_MS. */
export type DeskHome = Readonly<{
  app: Pick<Hono, 'request'>;
  ports: LedgerPorts & HeardPorts;
  key: LinkKey;
  at(seconds: number): void;
  close(): Promise<void>;
}>;

export const json = async <S extends v.GenericSchema>(
  answer: Response,
  schema: S,
): Promise<v.InferOutput<S>> => {
  assert.equal(answer.status, 200, await answer.clone().text());
  return v.parse(schema, await answer.json());
};

export const asCommand = (fields: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ by: 'kim', key: 'key-0000-0001', ...fields }),
});

/** The token that a notice of an incident would bear. */
export const linkTokenOf = async ({ key }: Pick<DeskHome, 'key'>, incident: string): Promise<string> => {
  const [cylinder = ''] = incident.split('@');
  const output = { kind: 'notice', type: 'RAISED', severity: 'warning', cylinder, incident } as const;
  const payload = linkPayload({ output: { ...output, id: `${incident}#1`, at: START_MS }, facts: null });
  assert.ok(payload !== null);
  return linkToken(payload, await key.mac(payload));
};
