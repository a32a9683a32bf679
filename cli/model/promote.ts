import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { modelPackage } from '../../edge/build/build-packages.ts';
import { modelLabel } from '../../edge/model/model.ts';
import { say, writeLine } from '../terminal/output.ts';
import { cannotWrite, UsageError } from '../terminal/usage-error.ts';
import { promotedCard, swapModels, weighPromotion } from './promote-model.ts';

type Options = Readonly<{
  champion: string;
  challenger: string;
  report?: string;
  force?: boolean;
  reason?: string;
  greengrass?: string;
  componentVersion?: string;
  artifacts: string;
}>;

const EXIT_REFUSED = 1;

const ARTIFACTS = 's3://ARTIFACT_BUCKET/cylinder-sentinel-model';

const checkOptions = ({ force, reason, greengrass, componentVersion }: Options): void => {
  if (force === true && (reason ?? '').trim() === '')
    throw new UsageError('--force needs a reason that stays in the card: --reason "…"');
  if (force !== true && reason !== undefined) throw new UsageError('--reason goes with --force');
  if ((greengrass === undefined) !== (componentVersion === undefined))
    throw new UsageError('--greengrass FOLDER and --component-version X.Y.Z go together');
  if (componentVersion !== undefined && !/^\d+\.\d+\.\d+$/.test(componentVersion))
    throw new UsageError(`--component-version ${componentVersion}: write three numbers, as 1.4.0`);
};

const promote = async (options: Options): Promise<void> => {
  checkOptions(options);
  const { champion, challenger, force = false, reason = '' } = options;
  const promotion = await weighPromotion({ champion, challenger, report: options.report ?? null });
  const { objections } = promotion;
  if (objections.length > 0 && !force) {
    say(`sentinel: ${modelLabel(promotion.challenger)} is not promoted:`);
    for (const text of objections) say(`  ${text}`);
    say('  --force --reason "…" does it all the same, and the card keeps the reason');
    process.exitCode = EXIT_REFUSED;
    return;
  }
  const told = { at: new Date().toISOString(), forced: force ? reason : null };
  const { greengrass, componentVersion, artifacts } = options;
  if (greengrass !== undefined && componentVersion !== undefined) {
    const card = Buffer.from(await promotedCard(challenger, promotion, told));
    // The card lies beside the model there too, for whoever asks for calibrated scores.
    const model = [
      { path: 'xgboost-model', bytes: await readFile(challenger) },
      { path: 'model.card.json', bytes: card },
    ];
    const files = [
      ...modelPackage({
        model,
        modelVersion: componentVersion,
        artifacts: `${artifacts}/${componentVersion}`,
      }),
      { name: 'model.card.json', bytes: card },
    ];
    await mkdir(greengrass, { recursive: true }).catch(cannotWrite(greengrass));
    for (const { name, bytes } of files) {
      const file = join(greengrass, name);
      await writeFile(file, bytes).catch(cannotWrite(file));
    }
    writeLine(
      `${greengrass}: ${files.map(({ name }) => name).join(', ')}, version ${componentVersion} of the model component`,
    );
    if (artifacts === ARTIFACTS)
      say(`in its recipe write your bucket in the place of ARTIFACT_BUCKET, or give --artifacts`);
    say(`next: aws s3 cp ${greengrass}/AnomalyDetectionModel.zip ${artifacts}/${componentVersion}/`);
    say(
      `      aws greengrassv2 create-component-version --inline-recipe fileb://${greengrass}/model-recipe.yaml`,
    );
    say('      and name that version in the deployment of the gateways');
    return;
  }
  const former = await swapModels({ champion, challenger }, promotion, told).catch(cannotWrite(champion));
  writeLine(`${champion} is ${modelLabel(promotion.challenger)} now; the one before is kept as ${former}`);
};

/** `sentinel model promote`: the model on trial takes the place of the one that decides, if the evidence is for it. */
export const promoteCommand = (): Command =>
  new Command('promote')
    .description(
      'make a model on trial the champion; refuses, with reasons, where the evidence is against it',
    )
    .requiredOption('--champion <file>', 'the model that decides: the file that a gateway watches')
    .requiredOption('--challenger <file>', 'the model that was on trial')
    .option('--report <file>', 'what sentinel challenge report --out wrote')
    .option('--force', 'promote it whatever speaks against it')
    .option('--reason <text>', 'why --force, which its card keeps')
    .option(
      '--greengrass <folder>',
      'write a new version of the model component there, and leave --champion as it is',
    )
    .option('--component-version <version>', 'the version of that component, as 1.4.0')
    .option('--artifacts <uri>', 'where its archive will lie, without the version', ARTIFACTS)
    .action(promote);
