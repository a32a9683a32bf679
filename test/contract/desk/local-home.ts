import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { createDeskApp } from '../../../desk/api/desk-app.ts';
import type { DeskPorts } from '../../../desk/api/desk-ports.ts';
import type { PolicyBook } from '../../../domain/alarm/policy/policy-book.ts';
import { localDesk } from '../../../local/desk/local-desk.ts';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteLedger } from '../../../local/ledger/sqlite-ledger.ts';
import { createShadowService, TWIN } from '../../../local/shadow/shadow-service.ts';
import { createSqliteShadowStore } from '../../../local/shadow/shadow-store.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { applyDesiredState } from '../../../usecases/apply-desired-state.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { deskSurroundings } from '../../fixture/desk-surroundings.ts';
import type { DeskHome } from './desk-home.ts';

/** The desk of one machine, over stores in a folder and without a broker. */
export const openLocalHome = async (
  folder: string,
  policies: PolicyBook,
): Promise<DeskHome & Readonly<{ desk: DeskPorts; database: DatabaseSync }>> => {
  let nowMs = START_MS;
  const now = (): number => nowMs;
  const database = openLedgerDatabase({ path: join(folder, 'ledger.sqlite') });
  const telemetry = await openDuckDbTelemetry({ path: join(folder, 'telemetry.duckdb') });
  const ledger = createSqliteLedger({ database });
  const ports = { ledger, policies };
  const shadows = createShadowService({
    store: createSqliteShadowStore(database),
    publish: () => Promise.resolve(),
    nowMs: now,
    onDesired: async ({ thing, shadowName, desired }) => {
      if (shadowName === TWIN) await applyDesiredState(ports)({ thing, desired, receivedAt: nowMs });
    },
  });
  const surroundings = deskSurroundings();
  const desk: DeskPorts = {
    ...surroundings,
    ...localDesk({
      database,
      ledger,
      telemetry,
      shadows,
      policies,
      now,
      changes: null,
      quarantine: () => null,
      channels: () => [],
    }),
  };
  return {
    app: createDeskApp(desk),
    desk,
    database,
    key: surroundings.links,
    ports,
    at: (seconds) => {
      nowMs = START_MS + seconds * 1000;
    },
    close: async () => {
      await telemetry.close();
      database.close();
    },
  };
};
