#!/usr/bin/env node
import { Command } from 'commander';
import { printable } from '../domain/printable.ts';
import { endSaying, ReaderGone, say } from './terminal/output.ts';
import { exitCodeOf, explainErrors, isUsageError, USAGE_EXIT_CODE } from './terminal/usage-error.ts';

const EXAMPLES = `
Examples:
  sentinel run                             the whole pipeline on this machine, with a simulated line
  sentinel run --source none               the same for your own MQTT devices
  sentinel status --watch                  what wants looking at, at any time
  sentinel simulate --to mqtt://host:1883  a simulated gateway against any broker
  sentinel score --model model.json < rows.csv
  sentinel <command> --help                all that a command can do`;

/** Each command is loaded when it is asked for: what the others need takes half a second. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).runCommand(),
  simulate: async () => (await import('./simulate.ts')).simulateCommand(),
  send: async () => (await import('./send.ts')).sendCommand(),
  edge: async () => (await import('./edge.ts')).edgeCommand(),
  score: async () => (await import('./score.ts')).scoreCommand(),
  model: async () => (await import('./model.ts')).modelCommand(),
  challenge: async () => (await import('./challenge.ts')).challengeCommand(),
  train: async () => (await import('./train.ts')).trainCommand(),
  policy: async () => (await import('./policy.ts')).policyCommand(),
  source: async () => (await import('./source.ts')).sourceCommand(),
  labels: async () => (await import('./labels.ts')).labelsCommand(),
  tune: async () => (await import('./tune.ts')).tuneCommand(),
  backtest: async () => (await import('./backtest.ts')).backtestCommand(),
  replay: async () => (await import('./replay.ts')).replayCommand(),
  'export-replay': async () => (await import('./export-replay.ts')).exportReplayCommand(),
  ledger: async () => (await import('./ledger.ts')).ledgerCommand(),
  quarantine: async () => (await import('./quarantine.ts')).quarantineCommand(),
  query: async () => (await import('./query.ts')).queryCommand(),
  report: async () => (await import('./report.ts')).reportCommand(),
  export: async () => (await import('./exchange.ts')).exportCommand(),
  import: async () => (await import('./exchange.ts')).importCommand(),
  check: async () => (await import('./keep.ts')).checkCommand(),
  backup: async () => (await import('./keep.ts')).backupCommand(),
  forget: async () => (await import('./keep.ts')).forgetCommand(),
  'mqtt-user': async () => (await import('./mqtt-user.ts')).mqttUserCommand(),
  status: async () => (await import('./status.ts')).statusCommand(),
  incidents: async () => (await import('./incidents.ts')).incidentsCommand(),
  twin: async () => (await import('./twin.ts')).twinCommand(),
  ack: async () => (await import('./operator-command.ts')).operatorCommand('ack'),
  shelve: async () => (await import('./operator-command.ts')).operatorCommand('shelve'),
  unshelve: async () => (await import('./operator-command.ts')).operatorCommand('unshelve'),
  maintenance: async () => (await import('./operator-command.ts')).operatorCommand('maintenance'),
  close: async () => (await import('./operator-command.ts')).operatorCommand('close'),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
  cost: async () => (await import('./cost.ts')).costCommand(),
  purge: async () => (await import('./purge.ts')).purgeCommand(),
  redrive: async () => (await import('./redrive.ts')).redriveCommand(),
};

const load = async (asked: string | undefined): Promise<Command> => {
  const program = new Command('sentinel')
    .description('Predictive maintenance for cylinders: score, watch, tell.')
    .version('0.1.0')
    .configureHelp({ showGlobalOptions: false });
  const one = asked !== undefined && Object.hasOwn(COMMANDS, asked) ? COMMANDS[asked] : undefined;
  for (const command of one === undefined ? Object.values(COMMANDS) : [one]) {
    program.addCommand(await command());
  }
  return program.addHelpText('after', EXAMPLES);
};

/** What an error says, whatever it quotes: each of its lines by itself. */
const shown = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n').map(printable).join('\n');

try {
  const program = await load(process.argv[2]);
  explainErrors(program);
  await program.parseAsync();
} catch (error) {
  const exitCode = error instanceof ReaderGone ? 0 : exitCodeOf(error);
  if (exitCode === null) say(`sentinel: ${shown(error)}`);
  process.exitCode = exitCode ?? (isUsageError(error) ? USAGE_EXIT_CODE : 1);
}
endSaying();
