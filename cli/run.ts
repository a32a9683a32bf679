import { Command, Option } from 'commander';
import { LIVE_SOURCES } from '../edge/gateway/live-source.ts';
import { labelsOption, mapOption } from './options/map-file.ts';
import { challengerOption, treesOption } from './options/open-model.ts';
import { duration, gigabytes, speed, wholeNumber } from './options/option-value.ts';
import { deskOptions } from './run/desk-options.ts';
import { listenOptions } from './run/listen-options.ts';
import { noticeOptions } from './run/notice-options.ts';
import { run } from './run/run-local.ts';
import { DEFAULT_CYLINDERS, DEFAULT_FOLDER, DEFAULT_SEED, SPEED_FOLDER } from './run/run-options.ts';

const EXAMPLES = `
Examples:
  sentinel run                            a simulated line of 6 cylinders, one of them wearing
  sentinel run --speed 60                 the same, with a clock 60 times as fast
  sentinel run --source none              your own MQTT devices and nothing else
  sentinel run --source none --score model.json --map map.json
                                          devices that send raw values in a form of their own
  sentinel run --source modbus --map map.json --model model.json
                                          devices that are read: modbus, opcua or sparkplug
  sentinel run --listen 0.0.0.0 --mqtt-users users.json --tls-cert host.pem --tls-key host.key
                                          devices on other machines, each with a user of its own
  sentinel run --json > alarms.jsonl      every condition, severity and notice as a line of JSON
  sentinel run --notify-command 'jq -r .kind | wall'
                                          a command of yours for every notice
  sentinel run --source csv --input valve.csv --model model.json --until-end
                                          a recording at full speed, with a summary at its end

Ctrl-C stops and keeps everything; the next run on the same data folder goes on from there.`;

const FEEDS = ['simulated', 'random', 'csv', ...LIVE_SOURCES, 'none'];

/** `sentinel run`, which is `npm start`: the whole pipeline on this machine. */
export const runCommand = (): Command => {
  const command = new Command('run')
    .description('run the whole pipeline on this machine: MQTT broker, storage, alarm, notices, twins')
    .addOption(
      new Option(
        '--source <kind>',
        'a simulated line, random values, a recording, devices that are read by a map, or only those that send',
      )
        .choices(FEEDS)
        .default('simulated'),
    )
    .option(
      '--input <file>',
      'the recording for --source csv: CSV or Parquet with a time and the six sensors',
    )
    .option('--until-end', 'read the recording as fast as it goes, sum up and stop')
    .option('--model <path>', 'an XGBoost model (default: the one for the simulated line)')
    .addOption(treesOption())
    .addOption(challengerOption())
    .option('--card <file>', 'the card of the model in force: drift is watched against its histograms')
    .option('--score <path>', 'an XGBoost model for messages of devices that carry no probability')
    .addOption(mapOption())
    .addOption(labelsOption())
    .option('--policy <file>', 'when people are told, as JSON (default: see sentinel policy show)')
    .option(
      '--data <folder>',
      `where everything is kept (default: ${DEFAULT_FOLDER}; with --speed: ${SPEED_FOLDER}; for a recording a folder of its own, removed after it)`,
    )
    .option(
      '--keep-days <days>',
      'samples go once they are older; hourly roll-ups stay for good (default: 90)',
      wholeNumber(1, 36_500),
    )
    .option(
      '--keep-gb <size>',
      'samples go, the oldest first, where they take more, GB of 10^9 bytes',
      gigabytes,
    )
    .option('--export-to <folder>', 'what goes is written there before, as Parquet by hours')
    .addOption(
      new Option('--new-store <store>', 'begin the ledger or the telemetry anew, where it was lost').choices([
        'ledger',
        'telemetry',
      ]),
    )
    .option(
      '--set-clock-right',
      'take out of the folder what lies ahead of the clock of this machine, as a wrong clock leaves it',
    )
    .option(
      '--cylinders <number>',
      `how many cylinders the simulated line has (default: ${DEFAULT_CYLINDERS})`,
      wholeNumber(1, 1000),
    )
    .option(
      '--seed <number>',
      `another seed is another line (default: ${DEFAULT_SEED})`,
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option('--speed <factor>', 'how many times as fast as the clock; not with devices of your own', speed)
    .option('--for <duration>', 'stop after this time by the clock on the wall, as 65s or 2h', duration)
    .option('--json', 'conditions, severities and notices as lines of JSON, and nothing else, on stdout')
    .addHelpText('after', EXAMPLES)
    .action(run);
  for (const option of [...deskOptions(), ...listenOptions(), ...noticeOptions()]) command.addOption(option);
  return command;
};
