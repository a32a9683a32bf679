import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane';
import { Command, Option } from 'commander';
import { explained } from '../aws/aws-error.ts';
import { COURSE, INCIDENT, NOTICE, ROLLUP, STATE, TWIN } from '../aws/dynamodb/key.ts';
import { deleteItems, sortsOf, subjectsIn } from '../aws/dynamodb/partitions.ts';
import type { LedgerTable } from '../aws/dynamodb/table.ts';
import { createShadowService, type ShadowService } from '../aws/shadow/service.ts';
import { CANARY } from '../domain/message/topic.ts';
import type { NoticeSubject } from '../usecases/ports/notification-log.ts';
import {
  clientSettings,
  type LedgerTableOptions,
  ledgerPlacesOf,
  withAwsOptions,
} from './options/aws-options.ts';
import { name } from './options/option-value.ts';
import { writeLine } from './terminal/output.ts';
import { UsageError } from './terminal/usage-error.ts';

/** Where a cylinder is kept: the ledger's table, and the shadows that are its twins. */
type PurgePlaces = Pick<LedgerTable, 'client' | 'table'> &
  Readonly<{ shadows: Pick<ShadowService, 'read' | 'remove'> }>;

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** The items of a partition in words: `state, twin, 2 incidents, 5 notices`. */
const itemWords = (sorts: readonly string[]): readonly string[] => {
  const kinds: readonly (readonly [one: string, isOne: (sort: string) => boolean])[] = [
    ['incident', (sort) => sort.startsWith(INCIDENT)],
    ['incident step', (sort) => sort.startsWith(COURSE)],
    ['notice', (sort) => sort.startsWith(NOTICE)],
    ['roll-up', (sort) => sort.startsWith(ROLLUP)],
  ];
  const others = sorts.filter(
    (sort) => sort !== STATE && sort !== TWIN && !kinds.some(([, isOne]) => isOne(sort)),
  );
  return [
    ...(sorts.includes(STATE) ? ['its state'] : []),
    ...(sorts.includes(TWIN) ? ['its report for the twin'] : []),
    ...kinds.flatMap(([one, isOne]) => {
      const count = sorts.filter(isOne).length;
      return count === 0 ? [] : [counted(count, one)];
    }),
    ...(others.length === 0 ? [] : [counted(others.length, 'other item')]),
  ];
};

/**
 * Removes what the ledger and the shadows hold of a cylinder or a gateway, or, where `isForReal` is false, only looks.
 * In words what that is; null where the ledger knows none of that name, whose shadow may be another stage's and is left
 * alone. The state goes last, so that what broke off can be asked for again.
 */
export const purgeSubject = async (
  { client, table, shadows }: PurgePlaces,
  subject: NoticeSubject,
  isForReal: boolean,
): Promise<string | null> => {
  const sorts = await sortsOf({ client, table }, subject);
  if (sorts.length === 0) return null;
  const hasTwin = subject.kind === 'cylinder';
  if (!isForReal) {
    const shadow = hasTwin && (await shadows.read(subject.name)) !== null ? ['the shadow twin'] : [];
    return [...shadow, ...itemWords(sorts)].join(', ');
  }
  await deleteItems(
    { client, table },
    subject,
    sorts.filter((sort) => sort !== STATE),
  );
  const shadow = hasTwin && (await shadows.remove(subject.name)) ? ['the shadow twin'] : [];
  await deleteItems(
    { client, table },
    subject,
    sorts.filter((sort) => sort === STATE),
  );
  return [...shadow, ...itemWords(sorts)].join(', ');
};

type Options = LedgerTableOptions & Readonly<{ cylinder?: string; all?: boolean; yes?: boolean }>;

const purge = async (options: Options): Promise<void> => {
  const { cylinder, all = false, yes = false } = options;
  if (cylinder === undefined && !all) throw new UsageError('say of whom: --cylinder <name>, or --all');
  const { table, telemetry } = await ledgerPlacesOf(options);
  const kept = `the telemetry store${telemetry === null ? '' : ` (${telemetry})`}`;
  const client = new DynamoDBClient(clientSettings(options));
  const iot = new IoTDataPlaneClient(clientSettings(options));
  try {
    const subjects: readonly NoticeSubject[] =
      cylinder === undefined
        ? // The canary is the deployment's own, and back within minutes.
          (
            await subjectsIn({ client, table }).catch(explained(`the ledger ${table} could not be read`))
          ).filter((subject) => subject.name !== CANARY)
        : [{ kind: 'cylinder', name: cylinder }];
    const places = { client, table, shadows: createShadowService(iot, 'twin') };
    let count = 0;
    for (const subject of subjects) {
      const what = await purgeSubject(places, subject, yes).catch(
        explained(`${subject.kind} ${subject.name} was not purged to the end, ask for it again`),
      );
      if (what === null)
        throw new UsageError(
          `the ledger ${table} knows no ${subject.kind} ${subject.name}: nothing was removed, its shadow may be another stage's`,
        );
      count += 1;
      writeLine(`${yes ? 'removed' : 'would remove'} ${subject.kind} ${subject.name}: ${what}`);
    }
    writeLine(
      `${count} ${yes ? 'removed' : 'would be removed: say --yes to do it'}. ${kept} keeps samples and incidents, the quarantine its messages; what still publishes comes back with its next sample.`,
    );
  } finally {
    client.destroy();
    iot.destroy();
  }
};

/** `sentinel purge --cylinder …`: take a cylinder out of the ledger and its twin out of the shadows, for good. */
export const purgeCommand = (): Command =>
  withAwsOptions(
    new Command('purge')
      .description(
        'remove a cylinder on AWS for good: its shadow, and its state, notices, incidents and roll-ups in the ledger',
      )
      .addOption(new Option('--cylinder <name>', 'which cylinder').argParser(name).conflicts('all'))
      .option('--all', 'every cylinder and gateway that the ledger knows, as before sls remove')
      .option('--yes', 'do it; without it only say what would be removed')
      .option('--stage <name>', 'the stage that was deployed', 'dev')
      .option('--stack <name>', 'the stack, where it is not named cylinder-sentinel-<stage>')
      .option('--table <name>', 'the ledger, where its stack is gone'),
  ).action(purge);
