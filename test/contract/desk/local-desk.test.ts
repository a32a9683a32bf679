import { join } from 'node:path';
import { createDeskApp } from '../../../desk/api/desk-app.ts';
import { localDesk } from '../../../local/desk/local-desk.ts';
import { openLedgerDatabase } from '../../../local/ledger/open-ledger-database.ts';
import { createSqliteLedger } from '../../../local/ledger/sqlite-ledger.ts';
import { TWIN } from '../../../local/shadow/report-twin.ts';
import { createShadowService } from '../../../local/shadow/shadow-service.ts';
import { createSqliteShadowStore } from '../../../local/shadow/shadow-store.ts';
import { openDuckDbTelemetry } from '../../../local/telemetry/duckdb-telemetry.ts';
import { applyDesiredState } from '../../../usecases/apply-desired-state.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { deskSurroundings } from '../../fixture/desk-surroundings.ts';
import { SHORT_BOOK } from '../../fixture/short-book.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { deskContract } from './desk-contract.ts';

const folder = scratchFolder();

deskContract('one machine', async () => {
  let nowMs = START_MS;
  const now = (): number => nowMs;
  const database = openLedgerDatabase({ path: join(folder, 'ledger.sqlite') });
  const telemetry = await openDuckDbTelemetry({ path: join(folder, 'telemetry.duckdb') });
  const ledger = createSqliteLedger({ database });
  const ports = { ledger, policies: SHORT_BOOK };
  const shadows = createShadowService({
    store: createSqliteShadowStore(database),
    publish: () => Promise.resolve(),
    nowMs: now,
    onDesired: async ({ thing, shadowName, desired }) => {
      if (shadowName === TWIN) await applyDesiredState(ports)({ thing, desired, receivedAt: nowMs });
    },
  });
  const desk = localDesk({
    database,
    ledger,
    telemetry,
    shadows,
    policies: SHORT_BOOK,
    now,
    changes: null,
    quarantine: () => null,
    waiting: () => new Map(),
  });
  const surroundings = deskSurroundings();
  return {
    app: createDeskApp({ ...surroundings, ...desk }),
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
});
