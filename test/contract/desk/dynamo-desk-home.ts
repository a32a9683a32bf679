import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDeskView } from '../../../aws/dynamodb/desk-view.ts';
import { createDynamoLedger } from '../../../aws/dynamodb/ledger.ts';
import { createDeskApp } from '../../../desk/api/desk-app.ts';
import type { DeskPorts } from '../../../desk/api/desk-ports.ts';
import { policyFor } from '../../../domain/cylinder/cylinder-record.ts';
import { isFields } from '../../../domain/fields.ts';
import { buildTwin } from '../../../domain/twin/build-twin.ts';
import { applyDesiredState } from '../../../usecases/apply-desired-state.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { deskSurroundings } from '../../fixture/desk-surroundings.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';
import type { DeskHome } from './desk-home.ts';

type Tables = Readonly<{ client: DynamoDBClient; table: string; historyTable: string }>;

/** The desk over tables of DynamoDB, with twins that answer as soon as they are asked. */
export const dynamoDeskHome = (tables: Tables): DeskHome => {
  let nowMs = START_MS;
  const now = (): number => nowMs;
  const ledger = createDynamoLedger({ ...tables, now, pause: () => Promise.resolve() });
  const ports = { ledger, policies: SHORT_BOOK };
  const reportedBy = async (cylinder: string) => {
    const record = (await ledger.cylinders([cylinder])).get(cylinder)?.record;
    const staleAfterMs = policyFor(SHORT_BOOK, cylinder, record ?? null).staleAfterMs;
    return record === undefined ? null : buildTwin(record, nowMs, staleAfterMs);
  };
  const twins: DeskPorts['twins'] = {
    get: async (cylinder) => {
      const reported = await reportedBy(cylinder);
      return reported === null ? null : { reported, desired: {}, now: nowMs };
    },
    desire: async (thing, desired, isAnswer) => {
      await applyDesiredState(ports)({ thing, desired, receivedAt: nowMs });
      const reported = await reportedBy(thing);
      if (!isFields(reported) || !isAnswer(reported)) throw new Error('no answer');
      return reported;
    },
  };
  const surroundings = deskSurroundings();
  const view = createDynamoDeskView({ ...tables, now, keptMs: { states: 0, names: 0, whole: 0 } });
  return {
    app: createDeskApp({ ...surroundings, view, twins, policies: SHORT_BOOK, now, changes: null }),
    key: surroundings.links,
    ports,
    at: (seconds) => {
      nowMs = START_MS + seconds * 1000;
    },
    close: () => Promise.resolve(tables.client.destroy()),
  };
};
