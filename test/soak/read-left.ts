import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import * as v from 'valibot';
import type { StoredSample } from './judge.ts';
import { isOfSoak } from './sent-line.ts';

/** The samples of the line in a data folder, by DuckDB itself and nothing of the product, sorted by cylinder and number. */
export async function* readStored(data: string): AsyncGenerator<StoredSample, void> {
  const instance = await DuckDBInstance.create(join(data, 'telemetry.duckdb'), {
    access_mode: 'READ_ONLY',
    memory_limit: '1GB',
  });
  const connection = await instance.connect();
  try {
    const result = await connection.stream(
      "SELECT cylinder, seq, epoch_ms(t), probability FROM samples WHERE starts_with(cylinder, 'soak-') ORDER BY ALL",
    );
    for await (const rows of result.yieldRows())
      for (const [cylinder, seq, t, probability] of rows)
        yield {
          cylinder: String(cylinder),
          seq: Number(seq),
          t: Number(t),
          probability: Number(probability),
        };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const message = v.object({ cylinder: v.string(), samples: v.array(v.object({ seq: v.number() })) });

/** Which samples of the line lie in its quarantine, as `cylinder seq`. */
export const readQuarantined = (data: string): ReadonlySet<string> => {
  const ledger = new DatabaseSync(join(data, 'ledger.sqlite'), { readOnly: true });
  try {
    const rows = ledger.prepare("SELECT body FROM quarantine WHERE topic LIKE '%/soak-line/soak-%'").all();
    const found = rows.flatMap(({ body }) => {
      if (!(body instanceof Uint8Array)) return [];
      const { cylinder, samples } = v.parse(message, JSON.parse(Buffer.from(body).toString()));
      return isOfSoak(cylinder) ? samples.map(({ seq }) => `${cylinder} ${seq}`) : [];
    });
    return new Set(found);
  } finally {
    ledger.close();
  }
};
