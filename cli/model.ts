import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { BaselineSettings } from '../edge/model/deviation.ts';
import { convertModel } from '../edge/model/formats/write-json.ts';
import { describeModel, type Model, type ModelDescription } from '../edge/model/model.ts';
import { promoteCommand } from './model/promote.ts';
import { openModel } from './options/open-model.ts';
import { cannotWrite, UsageError } from './terminal/usage-error.ts';

/** `sentinel model`: looks into a model file, turns it into XGBoost's JSON, and makes one on trial the champion. */
export const modelCommand = (): Command => {
  const command = new Command('model').description('look into a model, convert it to JSON, or promote one');
  command
    .command('inspect')
    .description('version, trees, depth, objective, feature names and importance')
    .argument('<file>', 'an XGBoost model: a file or a folder')
    .action(inspect);
  command
    .command('convert')
    .description('write the model as the JSON that every XGBoost since 1.0 loads')
    .argument('<file>', 'an XGBoost model in any format')
    .requiredOption('--out <path>', 'where to write the JSON')
    .action(convert);
  command.addCommand(promoteCommand());
  return command;
};

const inspect = async (path: string): Promise<void> => {
  process.stdout.write(inspection(await openModel(path)));
};

const convert = async (path: string, { out }: Readonly<{ out: string }>): Promise<void> => {
  const converted = await convertModel(path);
  if (!converted.ok) throw new UsageError(converted.error.message);
  await writeFile(out, `${converted.json}\n`).catch(cannotWrite(out));
  process.stdout.write(`${out}\n`);
};

/** A model in a few lines for people. */
export const inspection = (model: Model): string => {
  const rows = [
    ['name', `${model.name}@${model.version}`],
    ['format', model.format],
    ['objective', model.objective],
    ['base margin', String(model.baseMargin)],
    ['is given', model.baseline === undefined ? 'the values of the sensors' : givenText(model.baseline)],
    ['feature names', model.featureNames?.join(', ') ?? 'none: the six sensors in their usual order'],
  ];
  const descriptions = describeModel(model);
  for (const [i, description] of descriptions.entries())
    rows.push(...descriptionRows(description, descriptions.length > 1 ? `fold ${i}: ` : ''));
  const width = Math.max(...rows.map(([title = '']) => title.length));
  return rows.map(([title = '', text = '']) => `${title.padEnd(width)}  ${text}\n`).join('');
};

const givenText = ({ samples, smooth }: BaselineSettings): string =>
  `how far each sensor, as a mean over ${smooth} samples, is from its mean over the cylinder's first ${samples}`;

const descriptionRows = (described: ModelDescription, prefix: string): string[][] => {
  const { xgboost, booster, trees, treesARound, depth, leaves, used, importance } = described;
  const together = treesARound > 1 ? `, ${treesARound} in each round` : '';
  return [
    [`${prefix}written by XGBoost`, xgboost],
    [`${prefix}booster`, `${booster}, ${trees} trees${together}, depth ${depth}, ${leaves} leaves`],
    [`${prefix}trees used`, used],
    ...importance
      .toSorted((a, b) => b.gainShare - a.gainShare)
      .map(({ sensor, splits, gainShare }) => [
        `${prefix}  ${sensor}`,
        `${(gainShare * 100).toFixed(1).padStart(5)} % of the gain, ${splits} splits`,
      ]),
  ];
};
