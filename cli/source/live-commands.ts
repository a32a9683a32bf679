import { Argument, Command, Option } from 'commander';
import type { OpcuaMapping } from '../../domain/mapping/connections.ts';
import { printable } from '../../domain/printable.ts';
import { DRIVERS, type DriverName, installDriver } from '../../edge/drivers/driver.ts';
import { isLiveKind, LIVE_SOURCES } from '../../edge/gateway/live-source.ts';
import { browseNodes } from '../../edge/sources/opcua/browse-nodes.ts';
import { opcuaFault } from '../../edge/sources/opcua/opcua-session.ts';
import { mergeSources } from '../../edge/sources/source.ts';
import { type EdgeSourceOptions, edgeSources } from '../edge/edge-sources.ts';
import { mapOption, readMapFile } from '../options/map-file.ts';
import { duration, wholeNumber } from '../options/option-value.ts';
import { say, writeLine } from '../terminal/output.ts';
import { createStopper } from '../terminal/run-stopper.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { createProbe } from './probe-source.ts';

/** `sentinel source install`: what only some sources need. */
const installCommand = (): Command =>
  new Command('install')
    .description('install what a source needs beside this program, once, into the cache of this user')
    .addArgument(new Argument('<driver>', 'opcua, sparkplug or serial').choices(Object.keys(DRIVERS)))
    .action(async (driver: DriverName) => {
      const { modules, megabytes } = DRIVERS[driver];
      const module = modules[0];
      say(`installing ${module} (${megabytes} MB)`);
      const folder = await installDriver(driver).catch((cause: unknown) => {
        const why = cause instanceof Error ? cause.message.trim().split('\n').at(-1) : String(cause);
        throw new UsageError(`npm could not install it: ${why}`, { cause });
      });
      writeLine(`${module} is in ${folder}`);
    });

type Browse = Readonly<{ map?: string; under?: string; most: number }>;

const browse = async (url: string, { map, under, most }: Browse): Promise<void> => {
  const mapping = await readMapFile(map);
  if (!/^opc\.tcp:\/\/[^/\s]+/.test(url)) throw new UsageError(`${url} is no address as opc.tcp://host:4840`);
  const opcua: OpcuaMapping = { ...mapping?.opcua, url };
  const stopper = createStopper(undefined);
  const { nodes, isAll, namespaces } = await browseNodes(opcua, { under, most }, stopper.signal).catch(
    (cause: unknown) => {
      throw new UsageError(`${url}: ${opcuaFault(cause, opcua)}`, { cause });
    },
  );
  stopper.stop();
  writeLine(`namespaces: ${printable(namespaces.join(', '))}`);
  for (const { depth, name, nodeId, value } of nodes) {
    const shown = value === null ? '' : ` = ${JSON.stringify(value.value) ?? 'nothing'}`;
    const status = value === null || value.status === null ? '' : ` (${value.status})`;
    const line = `${'  '.repeat(depth)}${name}${value === null ? '' : `  ${nodeId}`}`;
    writeLine(printable(`${line}${shown.slice(0, 60)}${status}`));
  }
  if (!isAll) say(`only the first ${most} nodes: --under NODE or --most NUMBER shows others`);
};

const browseCommand = (): Command =>
  new Command('browse')
    .description('list what a server of OPC UA has, each variable with its node as a map names it')
    .argument('<url>', 'opc.tcp://host:4840')
    .option('--under <node>', 'only what is below this node')
    .option('--most <number>', 'list so many nodes at most', wholeNumber(1, 1_000_000), 2000)
    .addOption(mapOption())
    .action(browse);

type Probe = Readonly<{ source: string; for: number; map?: string; socket?: string }>;

const probe = async (asked: Probe): Promise<void> => {
  const mapping = await readMapFile(asked.map);
  const kind = isLiveKind(asked.source) ? asked.source : asked.source === 'socket' ? 'socket' : 'stdin';
  const options: EdgeSourceOptions = {
    source: kind,
    cylinders: 1,
    seed: 1,
    ...(asked.map === undefined ? {} : { map: asked.map }),
    ...(asked.socket === undefined ? {} : { socket: asked.socket }),
  };
  const sources = await edgeSources(options);
  const stopper = createStopper(undefined);
  const found = createProbe(mapping, Date.now);
  const timer = setTimeout(() => stopper.stop(), asked.for);
  stopper.signal.addEventListener('abort', () => void sources.close());
  say(`reading for ${asked.for / 1000} s`);
  try {
    const opened = await sources.open(found.onEvent);
    for await (const batch of mergeSources(opened, found.onEvent))
      for (const sample of batch) found.take(sample);
  } finally {
    clearTimeout(timer);
    stopper.stop();
  }
  for (const line of found.lines()) writeLine(line);
  for (const cylinder of found.silent()) writeLine(`${cylinder}: said nothing`);
  if (found.cylinders() === 0) throw new UsageError('nothing came that is understood');
};

const probeCommand = (): Command =>
  new Command('probe')
    .description('read a live source for ten seconds, and show as a table what comes and what is missing')
    .addOption(
      new Option('--source <kind>', 'what to read')
        .choices([...LIVE_SOURCES, 'stdin', 'socket'])
        .makeOptionMandatory(),
    )
    .addOption(mapOption())
    .option('--socket <path>', 'the Unix socket of --source socket')
    .addOption(new Option('--for <duration>', 'how long').argParser(duration).default(10_000, '10s'))
    .action(probe);

/** The commands of `sentinel source` that are about live sources. */
export const liveCommands = (): readonly Command[] => [probeCommand(), browseCommand(), installCommand()];
