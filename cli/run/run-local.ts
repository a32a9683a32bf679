import { setTimeout as delay } from 'node:timers/promises';
import { summaryLines } from '../../backtest/report/report-text.ts';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { printable } from '../../domain/printable.ts';
import { NOTICE_TOPIC } from '../../local/access/access-rules.ts';
import type { Outside } from '../../local/broker/outside.ts';
import {
  answerText,
  type ConsoleItem,
  createConsoleNotifier,
  noticeLine,
  noticeText,
} from '../../local/console/console-notifier.ts';
import { liveTable, quarantineCount } from '../../local/console/live-table.ts';
import { paintFor, plainScreen, type Screen, terminalScreen } from '../../local/console/screen.ts';
import { setClockRight } from '../../local/keep/set-clock-right.ts';
import type { Local, LocalOptions } from '../../local/local-options.ts';
import { startLocal } from '../../local/main.ts';
import type { NoticeOrigin } from '../../local/notices/channel.ts';
import { type DataFolder, openDataFolder, temporaryDataFolder } from '../../local/run/data-folder.ts';
import { readRunFiles } from '../options/map-file.ts';
import { DEFAULT_POLICY_NAME } from '../options/policy-file.ts';
import { type Output, say, sayLateness, standardOutput } from '../terminal/output.ts';
import { createStopper, type Stopper } from '../terminal/run-stopper.ts';
import { deskLines, openDesk, type RunningDesk } from './desk-options.ts';
import { DEFAULT_PORT, outsideLines, outsideOf } from './listen-options.ts';
import { channelsFor, originOf, readerOf } from './notice-options.ts';
import { planFeed } from './run-feed.ts';
import {
  checkRunOptions,
  DEFAULT_FOLDER,
  type Feeding,
  type FeedPlan,
  type RunOptions,
  retentionFor,
  SPEED_FOLDER,
} from './run-options.ts';

const PROGRESS_EVERY_MS = 10_000;
const TABLE_EVERY_MS = 500;
/** What stands at the end of a run gets so long to be read; what is not is told by the next one. */
const LAST_LINES_MS = 1500;

/** A run that was checked, before anything of it has been started. */
type Run = Readonly<{
  options: RunOptions;
  policies: PolicyBook;
  reading: NonNullable<LocalOptions['reading']>;
  plan: FeedPlan;
  folder: DataFolder;
  /** How devices on other machines connect, if they do: its files are read once. */
  outside: Outside | undefined;
  output: Output;
  screen: Screen;
  stopper: Stopper;
  desk: RunningDesk | null;
}>;

const folderFor = ({ source, data, speed = 1 }: RunOptions): DataFolder => {
  if (data !== undefined) return openDataFolder(data);
  if (source === 'csv') return temporaryDataFolder();
  return openDataFolder(speed === 1 ? DEFAULT_FOLDER : SPEED_FOLDER);
};

/** A recording that is read as fast as it goes takes a free port: several may be read at once. */
const portFor = ({ mqttPort, untilEnd = false }: RunOptions): number =>
  mqttPort ?? (untilEnd ? 0 : DEFAULT_PORT);

const isTable = ({ json = false }: RunOptions): boolean => process.stdout.isTTY && !json;

/** A terminal that does not know its size says 0. */
const terminalSize = () => ({ rows: process.stdout.rows || 24, columns: process.stdout.columns || 80 });

/** Says something to the person who runs it: above the table where that is what they see, and nowhere else. */
const tell = ({ options, output, screen }: Run, lines: readonly string[]): void => {
  if (!isTable(options) || !process.stderr.isTTY) for (const line of lines) say(line);
  else if (!output.isBehind()) screen.print(lines).catch(() => undefined);
};

const outputOf = (item: ConsoleItem) => (item.kind === 'notice' ? item.notice.output : item.transition);

/** Notifications as lines: JSON for programs; for people notices alone, each with its details. */
const linesFor = (
  { json = false }: RunOptions,
  origin: NoticeOrigin,
): ((item: ConsoleItem) => readonly string[]) => {
  const paint = paintFor(process.stdout);
  const reader = readerOf(origin);
  return (item) => {
    if (item.kind === 'notice')
      return json ? [noticeLine(item.notice, origin)] : noticeText(paint, item.notice, reader);
    return json && item.transition.kind !== 'refused' ? [JSON.stringify(item.transition)] : [];
  };
};

const start = (run: Run): Promise<Local> => {
  const { options, policies, reading, plan, folder, outside, screen, stopper } = run;
  const origin = { ...originOf(options), linkTo: run.desk?.linkTo };
  const linesOf = linesFor(options, origin);
  const reader = readerOf(origin);
  return startLocal({
    folder,
    mqttPort: portFor(options),
    clients: { outside, webSocketPort: options.wsPort },
    ...(options.maxCylinders === undefined ? {} : { maxCylinders: options.maxCylinders }),
    policies,
    reading,
    ...(options.newStore === undefined ? {} : { newStore: options.newStore }),
    retention: retentionFor(options),
    clockFrom: plan.clockFrom,
    notifier: createConsoleNotifier((items) => {
      for (const item of items) plan.outcome?.add(outputOf(item));
      if (!isTable(options)) return items.map((item) => screen.print(linesOf(item)));
      // The table is drawn once for all of them.
      const shown = screen.print(items.flatMap(linesOf));
      return items.map(() => shown);
    }),
    onLate: sayLateness(),
    channels: channelsFor(options, origin, folder),
    onDoubtful: (items) => {
      const lines = items.flatMap(linesOf);
      if (lines.length > 0) say(['notified as the last run was killed, if at all:', ...lines].join('\n'));
    },
    ...(plan.onReceived === undefined ? {} : { onReceived: plan.onReceived }),
    onAnswered: (answered) => {
      const { output } = run;
      if (options.json === true || output.isBehind()) return;
      screen.print([answerText(paintFor(process.stdout), answered, reader)]).catch(stopper.fail);
    },
    onIncident: () => undefined,
    onFailure: stopper.fail,
    log: (line) => {
      // After a failure its own line says all: that each client is refused is a consequence.
      // A line break was sent by a client, and must not begin what looks like a line of ours.
      if (!stopper.hasFailed()) tell(run, [printable(line)]);
    },
  });
};

const greet = ({ port, outsidePort, webSocketPort }: Local, { description }: Feeding, run: Run): void =>
  tell(run, [
    ...deskLines(run.desk),
    `MQTT broker   mqtt://127.0.0.1:${port} (version 3.1.1)`,
    ...outsideLines(run.outside, outsidePort, webSocketPort),
    'topic         greengrass/ml/inference/<gateway>/<cylinder>',
    `notices       ${NOTICE_TOPIC}/${originOf(run.options).site}/<cylinder>`,
    `data folder   ${run.folder.path}`,
    `source        ${description}`,
    'Ctrl-C stops\n',
  ]);

const showProgress = async (local: Local, { options, screen, stopper: { signal } }: Run): Promise<void> => {
  const paint = paintFor(process.stdout);
  while (!signal.aborted) {
    await delay(isTable(options) ? TABLE_EVERY_MS : PROGRESS_EVERY_MS, undefined, { signal }).catch(
      () => undefined,
    );
    if (signal.aborted) return;
    if (isTable(options)) {
      const [now, size] = [local.clock.now(), terminalSize()];
      const table = liveTable(paint, await local.cylinders(), now, size);
      screen.live(['', ...table, ...quarantineCount(paint, local.quarantine(), now, size.columns)]);
    } else {
      const { stored, quarantined } = local.counts();
      say(`${stored} samples stored${quarantined > 0 ? `, ${quarantined} quarantined` : ''}`);
    }
  }
};

const conclude = async (
  local: Local,
  { tally }: Feeding,
  { options, policies, plan, screen }: Run,
): Promise<void> => {
  const { stored, repeated, quarantined } = local.counts();
  if (tally === undefined || plan.outcome === undefined) {
    // Over the ^C that a terminal shows.
    say(
      `${process.stderr.isTTY ? '\r' : ''}stopped: ${stored} samples stored, ${repeated} repeated, ${quarantined} quarantined`,
    );
    return;
  }
  const { input = '', policy: name = DEFAULT_POLICY_NAME, json = false } = options;
  const result = { tally: tally(), stored, repeated, quarantined };
  const ran = { file: input, policy: { name, book: policies }, outcome: plan.outcome.end() };
  const lines = summaryLines(result, ran, paintFor(json ? process.stderr : process.stdout));
  if (json) for (const line of lines) say(line);
  else await screen.print(lines);
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const runStarted = async (local: Local, plan: Run): Promise<void> => {
  const { stopper } = plan;
  try {
    plan.desk?.show(local.desk);
    const feeding = plan.plan.feed(local, stopper.signal);
    let isWhole = false;
    greet(local, feeding, plan);
    const fed = feeding.done.then(async () => {
      if (!feeding.ends) return;
      if (!stopper.signal.aborted)
        isWhole = await Promise.race([
          local.settled().then(() => true),
          aborted(stopper.signal).then(() => false),
        ]);
      stopper.stop();
    }, stopper.fail);
    await showProgress(local, plan).catch(stopper.fail);
    await fed;
    if (!isWhole) plan.output.giveUp(LAST_LINES_MS);
    await plan.desk?.close();
    // Closed first: what is counted then is all there is.
    await local.close().catch(stopper.fail);
    for (const line of local.untold()) say(line);
    if (!stopper.hasFailed()) await conclude(local, feeding, plan);
  } finally {
    plan.output.giveUp(LAST_LINES_MS);
    await local.close();
  }
};

/** Runs the pipeline until its source ends, until Ctrl-C or `--for`, or until it cannot go on: that rejects. */
export const run = async (options: RunOptions): Promise<void> => {
  checkRunOptions(options);
  // All that a run writes is for its owner alone.
  process.umask(0o077);
  const { mapping, policies, reading } = await readRunFiles(options);
  const plan = await planFeed(options, policies, mapping);
  const folder = folderFor(options);
  if (options.setClockRight === true) say(await setClockRight(folder, Date.now()));
  let desk: RunningDesk | null = null;
  const stopper = createStopper(options.for);
  const output = standardOutput(1);
  const screen = process.stdout.isTTY
    ? terminalScreen({ ...output, size: terminalSize })
    : plainScreen(output.write);
  try {
    const outside = outsideOf(options, portFor(options));
    desk = await openDesk(options, portFor(options), originOf(options), folder);
    const checked: Run = { options, policies, reading, plan, folder, outside, output, screen, stopper, desk };
    await runStarted(await start(checked), checked);
  } finally {
    stopper.stop();
    await desk?.close();
    folder.dispose();
  }
  stopper.rethrow();
};
