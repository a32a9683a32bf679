import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { isWorn } from '../traffic.ts';
import { answer } from './answer.ts';

/** The share of abnormal samples in a window as one would write it in SQL: a row for each sample, in memory. */

const options = v.object({ windowSlots: v.number(), samples: v.number() });

const share = ({ windowSlots, samples }: v.InferOutput<typeof options>): number => {
  const database = new DatabaseSync(':memory:');
  database.exec(
    `CREATE TABLE sample (cylinder TEXT, slot INTEGER, abnormal INTEGER, PRIMARY KEY (cylinder, slot))
     WITHOUT ROWID, STRICT`,
  );
  const insert = database.prepare('INSERT OR REPLACE INTO sample VALUES (?, ?, ?)');
  const drop = database.prepare('DELETE FROM sample WHERE cylinder = ? AND slot <= ?');
  const select = database.prepare(
    'SELECT sum(abnormal) AS abnormal, count(*) AS counted FROM sample WHERE cylinder = ? AND slot > ?',
  );
  const started = process.cpuUsage();
  let raised = 0;
  for (let slot = 0; slot < samples; slot += 1) {
    const abnormal = isWorn(0, slot) || slot % 97 === 0 ? 1 : 0;
    insert.run('cyl-000', slot, abnormal);
    drop.run('cyl-000', slot - windowSlots);
    const row = select.get('cyl-000', slot - windowSlots);
    if (Number(row?.abnormal) >= 0.6 * Number(row?.counted)) raised += 1;
  }
  const { user, system } = process.cpuUsage(started);
  database.close();
  if (raised === 0) throw new Error('the window never saw the trouble');
  return (1000 * (user + system)) / samples;
};

answer({ share: (about) => share(v.parse(options, about)) });
