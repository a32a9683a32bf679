// @ts-check
/**
 * How functions read messages of devices of other makes: the map and the model of the parameters, checked here and put
 * into the bundles of `store` and `watch`, where they have room that variables of a Lambda (4 KB) have not.
 */
const { readFile } = require('node:fs/promises');
const { basename, dirname } = require('node:path');
const { gzipSync } = require('node:zlib');
const deskPage = require('./desk-page.cjs');

/** @import { Mapping } from '../domain/mapping/mapping.ts' */

/** @typedef {Readonly<{ map: string, score: string, trees: string, card?: string }>} Files what was given, each empty where it was not */

/** A function is read from its archive at every cold start: 100 trees take 0.1 MB of it. */
const MAX_MODEL_BYTES = 8 * 1024 * 1024;

/** Each topic is a rule of its own, with an alarm; a region has 1000 rules. */
const MAX_TOPICS = 8;

/**
 * A filter of a rule: at most seven slashes and 256 bytes, + and # alone in their level.
 * https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
 * @param {string} filter
 */
const filterFault = (filter) => {
  const levels = filter.split('/');
  if (filter.startsWith('$')) return 'must not begin with $: AWS keeps those topics for itself';
  if (/['"`\\\s\p{C}]/u.test(filter))
    return 'must have no quotes, backslashes or blanks: it stands in the SQL of a rule';
  if (levels.some((level) => level.length > 1 && /[+#]/.test(level))) return 'has + or # beside something';
  if (levels.slice(0, -1).includes('#')) return 'must have # at its end alone';
  if (levels.length > 8) return 'must have at most 8 levels';
  return Buffer.byteLength(filter) > 256 ? 'must have at most 256 bytes' : null;
};

/**
 * What a map says that no function can do, as sentences.
 * @param {Mapping} mapping
 */
const cloudFaults = ({ modbus, topics = [], sensors }) => [
  ...(modbus === undefined ? [] : ['modbus is for a gateway: give this map to sentinel edge']),
  ...Object.entries(sensors)
    .filter(([, rule]) => rule?.stuckSeconds !== undefined)
    .map(
      ([name]) => `sensors.${name}.stuckSeconds is for a gateway: a function remembers nothing between calls`,
    ),
  ...(topics.length > MAX_TOPICS ? [`topics must be at most ${MAX_TOPICS}: each is a rule of its own`] : []),
  ...topics.flatMap((filter) => {
    const fault = filterFault(filter);
    return fault === null ? [] : [`topics: "${filter}" ${fault}`];
  }),
];

/**
 * The map of a file, and what is wrong with it, in sentences that name its fields.
 * @param {string} file @returns {Promise<{ mapping: Mapping | undefined, faults: readonly string[] }>}
 */
const readMap = async (file) => {
  const { readMapping } = await import('../domain/mapping/mapping.ts');
  try {
    const reading = readMapping(JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, '')));
    if (!reading.ok)
      return {
        mapping: undefined,
        faults: reading.faults.map(({ field, message }) => `${file}: ${field} ${message}`),
      };
    return {
      mapping: reading.mapping,
      faults: cloudFaults(reading.mapping).map((fault) => `${file}: ${fault}`),
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    return { mapping: undefined, faults: [`the map ${file} cannot be read as JSON: ${why}`] };
  }
};

/**
 * The bytes of a model file, compressed, and what is wrong with it.
 * @param {string} file @returns {Promise<{ packed: Buffer, faults: readonly string[] }>}
 */
const readModelFile = async (file) => {
  const { readModel } = await import('../edge/model/formats/read-model.ts');
  try {
    const bytes = await readFile(file);
    const packed = gzipSync(bytes);
    const loaded = readModel(bytes, basename(file));
    if (!loaded.ok) return { packed, faults: [loaded.error.message] };
    return packed.length > MAX_MODEL_BYTES
      ? { packed, faults: [`${file}: a model must have at most 8 MB compressed, not ${packed.length} bytes`] }
      : { packed, faults: [] };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    return { packed: Buffer.alloc(0), faults: [`the model ${file} cannot be read: ${why}`] };
  }
};

/**
 * The histograms of a model card by which drift is looked for, and what is wrong with it.
 * @param {string} file
 */
const readCard = async (file) => {
  const { driftReference } = await import('../domain/drift/drift-reference.ts');
  const { readModelCard } = await import('../domain/model/model-card.ts');
  try {
    const reading = readModelCard(JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, '')));
    if (!reading.ok) return { reference: null, faults: [`${file}: ${reading.message}`] };
    const { reference } = reading.card;
    return reference === null
      ? {
          reference: null,
          faults: [`${file} has no reference histograms: train the model anew, sentinel train writes them`],
        }
      : { reference: driftReference(reference), faults: [] };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    return { reference: null, faults: [`the model card ${file} cannot be read as JSON: ${why}`] };
  }
};

/**
 * Whether a filter takes in topics below the prefix and others too: each of its messages would then come by two rules.
 * @param {string} filter @param {string} prefix
 */
const isAcross = (filter, prefix) => {
  const levels = filter.split('/');
  if (filter.startsWith(`${prefix}/`)) return false;
  const ends = levels.indexOf('#');
  return prefix
    .split('/')
    .every((level, at) => (ends >= 0 && at >= ends) || ['+', level].includes(levels[at] ?? ''));
};

/** @param {string} file @param {string} prefix */
const mapFaults = async (file, prefix) => {
  const { mapping, faults } = await readMap(file);
  const across = (mapping?.topics ?? []).filter((filter) => isAcross(filter, prefix));
  if (faults.length > 0) return faults;
  return across.map(
    (filter) => `${file}: topics: "${filter}" takes in what lies below ${prefix} too, which has its rule`,
  );
};

/**
 * What is wrong with the map, the model and the card, in sentences.
 * @param {Files & Readonly<{ topicPrefix: string }>} given @returns {Promise<readonly string[]>}
 */
const faultsOf = async ({ map, score, trees, card = '', topicPrefix }) => [
  ...(map === '' ? [] : await mapFaults(map, topicPrefix)),
  ...(score === '' ? [] : (await readModelFile(score)).faults),
  ...(card === '' ? [] : (await readCard(card)).faults),
  ...(trees !== '' && score === '' ? ['trees is for score: name the model'] : []),
];

/**
 * The module that stands in the bundles in place of aws/lambda/deployed-reading.ts.
 * @param {Files} files
 */
const moduleText = async ({ map, score, trees }) => {
  const mapping = map === '' ? undefined : (await readMap(map)).mapping;
  const lines = [];
  if (mapping !== undefined)
    lines.push(`import { payloadMapper } from '../../domain/mapping/map-payload.ts';`);
  if (score !== '')
    lines.push(
      `import { gunzipSync } from 'node:zlib';`,
      `import { createScorer } from '../../edge/gateway/run-gateway.ts';`,
      `import { readModel } from '../../edge/model/formats/read-model.ts';`,
      `import { withTrees } from '../../edge/model/model.ts';`,
      `const bytes = gunzipSync(Buffer.from('${(await readModelFile(score)).packed.toString('base64')}', 'base64'));`,
      `const loaded = readModel(bytes, ${JSON.stringify(basename(score))});`,
      `if (!loaded.ok) throw new Error(loaded.error.message);`,
    );
  lines.push(
    `export const deployedReading = {`,
    ...(mapping === undefined ? [] : [`  mapper: payloadMapper(${JSON.stringify(mapping)}),`]),
    ...(score === ''
      ? []
      : [`  scorer: createScorer(withTrees(loaded.model, ${JSON.stringify(trees || 'all')})).score,`]),
    `};`,
  );
  return lines.join('\n');
};

/**
 * The module that stands in the bundles in place of aws/lambda/deployed-reference.ts.
 * @param {string} card
 */
const referenceText = async (card) => {
  const { reference } = await readCard(card);
  return `export const deployedReference = ${JSON.stringify(reference === null ? {} : { reference })};`;
};

/**
 * Puts map, model and card into the bundle of a function that reads messages.
 * @param {Files} files @returns {import('esbuild').Plugin}
 */
const reading = (files) => ({
  name: 'reading',
  setup: (build) => {
    const { card = '' } = files;
    if (card !== '')
      build.onLoad({ filter: /[\\/]aws[\\/]lambda[\\/]deployed-reference\.ts$/ }, async () => ({
        loader: 'js',
        contents: await referenceText(card),
      }));
    if (files.map === '' && files.score === '') return;
    build.onLoad({ filter: /[\\/]aws[\\/]lambda[\\/]deployed-reading\.ts$/ }, async (args) => ({
      loader: 'js',
      resolveDir: dirname(args.path),
      contents: await moduleText(files),
    }));
  },
});

/**
 * The plugins of the bundles, as the framework asks for them.
 * @param {Readonly<{ service: { custom: { reading: Files } } }>} serverless
 */
const plugins = ({ service }) => [...deskPage, reading(service.custom.reading)];

module.exports = Object.assign(plugins, { readMap, faultsOf, moduleText, referenceText });
