import { Command, Option } from 'commander';
import { printable } from '../domain/printable.ts';
import { titledTable } from '../local/console/screen.ts';
import { openLedgerForReading } from '../local/ledger/open-ledger-for-reading.ts';
import { connectLine } from '../local/line/mqtt-line.ts';
import {
  answerQuarantine,
  type QuarantineAnswer,
  type QuarantineQuestion,
} from '../local/quarantine/answer-quarantine.ts';
import { briefName, deviceOf, quarantineAdvice } from '../local/quarantine/quarantine-words.ts';
import { createSqliteQuarantine } from '../local/quarantine/sqlite-quarantine.ts';
import { filesIn } from '../local/run/data-folder.ts';
import { durationText, utcText } from '../notification/time-text.ts';
import { brokerUrl, name, wholeNumber } from './options/option-value.ts';
import { writeLine } from './terminal/output.ts';

type Options = Readonly<{
  to: string;
  data?: string;
  gateway?: string;
  cylinder?: string;
  reason?: string;
  limit?: number;
  json?: boolean;
}>;

type Ask = (question: QuarantineQuestion) => Promise<QuarantineAnswer>;

/** Asks the pipeline that runs, or looks into the folder of one that does not. */
const asking = async ({ to, data }: Options, look: (ask: Ask) => Promise<void>): Promise<void> => {
  if (data === undefined) {
    const line = await connectLine(to);
    return look(line.quarantine).finally(line.close);
  }
  const { database, close } = openLedgerForReading({ path: filesIn(data).ledger });
  return look(answerQuarantine({ quarantine: createSqliteQuarantine({ database }), now: Date.now })).finally(
    close,
  );
};

const COLUMNS = [
  { title: 'gateway' },
  { title: 'cylinder' },
  { title: 'client' },
  { title: 'reason' },
  { title: 'messages', right: true },
  { title: 'last', right: true },
  { title: 'what to do' },
];

const listLines = ({ now, messages, dropped, kinds }: QuarantineAnswer): readonly string[] => {
  if (messages === 0) return ['nothing in quarantine'];
  const rows = kinds.map((kind) => {
    const { gateway, cylinder } = deviceOf(kind);
    return [
      briefName(gateway ?? kind.topic),
      briefName(cylinder ?? '-'),
      briefName(kind.client ?? '-'),
      kind.reason,
      String(kind.messages),
      `${durationText(Math.max(0, now - kind.lastAt))} ago`,
      quarantineAdvice(kind.reason),
    ].map(printable);
  });
  const lost = dropped === 0 ? '' : `, ${dropped} older ones dropped to make room`;
  return [
    ...titledTable(COLUMNS, rows),
    `${messages} message${messages === 1 ? '' : 's'} in quarantine${lost}; see one with sentinel quarantine show,`,
    'and put them back with sentinel quarantine retry once what made them wrong is mended',
  ];
};

/** What is longer is in --json. */
const MAX_TOPIC = 300;

const showLines = ({ shown }: QuarantineAnswer): readonly string[] =>
  shown.length === 0
    ? ['no such message in quarantine']
    : shown.flatMap(({ id, topic, receivedAt, client, bytes, text, rejections }) => [
        printable(
          `${id}  ${utcText(receivedAt)}  ${briefName(topic, MAX_TOPIC)}${client === null ? '' : `  client ${briefName(client)}`}`,
        ),
        ...rejections.map(({ reason, detail }) =>
          printable(`    ${reason}: ${detail}: ${quarantineAdvice(reason)}`),
        ),
        `    ${bytes} bytes: ${printable(text)}`,
      ]);

const selectionOf = ({ gateway, cylinder, reason, limit }: Options) => ({
  gateway: gateway ?? null,
  cylinder: cylinder ?? null,
  reason: reason ?? null,
  ...(limit === undefined ? {} : { limit }),
});

const print = (what: 'list' | 'show') => (options: Options) =>
  asking(options, async (ask) => {
    const answer = await ask({ what, ...selectionOf(options) });
    if (options.json === true) writeLine(JSON.stringify(what === 'list' ? answer.kinds : answer.shown));
    else for (const line of what === 'list' ? listLines(answer) : showLines(answer)) writeLine(line);
  });

const retry = (options: Options) =>
  asking(options, async (ask) => {
    let retried = 0;
    let left = 0;
    let answer: QuarantineAnswer | null = null;
    do {
      const from = answer === null ? {} : { afterId: answer.lastId, untilId: answer.untilId };
      answer = await ask({ what: 'retry', ...selectionOf(options), ...from });
      retried += answer.retried;
      left += answer.left;
    } while (!answer.isEnd);
    writeLine(`${retried} messages put back, ${left} still not understood and left in quarantine`);
    if (left > 0) process.exitCode = 1;
  });

const withSelection = (command: Command): Command =>
  command
    .option('--gateway <name>', 'only of this gateway', name)
    .option('--cylinder <name>', 'only of this cylinder', name)
    .option('--reason <word>', 'only what is there for that: time-ahead, not-json …, as the list names it');

const withPlace = (command: Command): Command =>
  command.option('--to <url>', 'the broker of a pipeline that runs', brokerUrl, 'mqtt://127.0.0.1:1883');

const withFolder = (command: Command): Command =>
  withPlace(command)
    .addOption(
      new Option('--data <folder>', 'look into the folder of a pipeline that does not run').conflicts('to'),
    )
    .option('--json', 'as JSON, on one line');

/** `sentinel quarantine …`: what was not understood on one machine, whose it is, and what to do about it. */
export const quarantineCommand = (): Command =>
  new Command('quarantine')
    .description('messages that one machine did not understand: which device, why, and what to do')
    .addCommand(
      withFolder(new Command('list'))
        .description('how many there are, by device and reason, and what to do')
        .action(print('list')),
    )
    .addCommand(
      withSelection(withFolder(new Command('show')))
        .description('the latest of them, with what is wrong and what was sent')
        .option('--limit <number>', 'so many at most (default: 20)', wholeNumber(1, 100))
        .action(print('show')),
    )
    .addCommand(
      withSelection(withPlace(new Command('retry')))
        .description('take them in again, once what made them wrong is mended; the pipeline has to run')
        .action(retry),
    );
