import type { DatabaseSync } from 'node:sqlite';

/** Small things that a data folder remembers from one run to the next, by name. */
export type RunFacts = Readonly<{ number(name: string, otherwise: number): number }>;

/** The facts in the ledger's file; what is asked for first is kept for good. */
export const createRunFacts = (database: DatabaseSync): RunFacts => {
  const insert = database.prepare('INSERT OR IGNORE INTO run_facts (name, value) VALUES (?, ?)');
  const select = database.prepare('SELECT value FROM run_facts WHERE name = ?');
  return {
    number: (name, otherwise) => {
      insert.run(name, otherwise);
      return Number(select.get(name)?.value ?? otherwise);
    },
  };
};
