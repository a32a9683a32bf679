// @ts-check
/**
 * Before a deploy with greengrass=on: takes into the stack's deployment what else the target's present deployment holds,
 * since a revision that leaves a component out removes it from the core devices.
 * https://docs.aws.amazon.com/greengrass/v2/developerguide/revise-deployments.html
 */
const { createHash, createHmac } = require('node:crypto');

/** @import { Fields, Value } from '../framework.d.ts' */

/** @typedef {Readonly<{ accessKeyId: string, secretAccessKey: string, sessionToken?: string }>} Credentials */
/** @typedef {Readonly<{ region: string, endpoint: string, credentials: Credentials }>} Account */
/**
 * @typedef {Readonly<{
 *   componentVersion: string,
 *   configurationUpdate?: Readonly<{ merge?: string, reset?: readonly string[] }>,
 *   runWith?: Readonly<{ posixUser?: string, windowsUser?: string, systemResourceLimits?: Readonly<{ cpus?: number, memory?: number }> }>,
 * }>} Present
 */
/**
 * @typedef {{ Type: string, DependsOn?: string[], Properties: { DeploymentName?: string, TargetArn: string, Components: Record<string, Value>, InlineRecipe?: string, LambdaFunction?: { ComponentName: string, ComponentVersion: string } } }} Resource
 * @typedef {{ Resources: Record<string, Resource>, Outputs: Record<string, { Value: Value }> }} Fragment
 */

/** @param {string | Buffer} key @param {string} text */
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
/** As RFC 3986 has it. @param {string} text */
const encoded = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Asks AWS IoT Greengrass, of which the framework has no client, in version 4 of AWS's signature.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @param {Account} account @param {string} path @param {Readonly<Record<string, string>>} [query]
 */
const ask = async ({ region, endpoint, credentials }, path, query = {}) => {
  const { host } = new URL(endpoint);
  const time = new Date().toISOString().replace(/[:-]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${region}/greengrass/aws4_request`;
  const search = Object.entries(query)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const { sessionToken } = credentials;
  /** @type {Record<string, string>} */
  const headers = {
    host,
    'x-amz-date': time,
    ...(sessionToken ? { 'x-amz-security-token': sessionToken } : {}),
  };
  const names = Object.keys(headers).sort();
  // Of every service but S3 the path is encoded twice.
  const canonical = [
    'GET',
    path.split('/').map(encoded).join('/'),
    search,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(''),
  ].join('\n');
  const key = [region, 'greengrass', 'aws4_request'].reduce(
    (before, part) => hmac(before, part),
    hmac(`AWS4${credentials.secretAccessKey}`, time.slice(0, 8)),
  );
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString(
    'hex',
  );
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const answer = await fetch(`${endpoint}${path}${search === '' ? '' : `?${search}`}`, {
    headers: { ...headers, authorization },
  });
  const body = await answer.text();
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`AWS IoT Greengrass answers ${answer.status}: ${body}`);
  return JSON.parse(body);
};

/**
 * The fields of these names that are there, in upper camel case as CloudFormation has them.
 * @param {Readonly<Record<string, Value | undefined>>} from @param {readonly string[]} names @returns {Fields}
 */
const written = (from, names) =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name];
      return value === undefined ? [] : [[`${name[0]?.toUpperCase()}${name.slice(1)}`, value]];
    }),
  );

/** A component of the present deployment as CloudFormation writes it. @param {Present} present @returns {Fields} */
const kept = ({ componentVersion, configurationUpdate: update, runWith }) => {
  const limits = runWith?.systemResourceLimits;
  const parts = {
    componentVersion,
    configurationUpdate: update && written(update, ['merge', 'reset']),
    runWith: runWith && {
      ...written(runWith, ['posixUser', 'windowsUser']),
      ...written({ systemResourceLimits: limits && written(limits, ['cpus', 'memory']) }, [
        'systemResourceLimits',
      ]),
    },
  };
  return written(parts, ['componentVersion', 'configurationUpdate', 'runWith']);
};

/** What this stack's deployment held before names bore the stage: it must not run beside what takes its place. */
const FORMER = ['GGMLInference', 'AnomalyDetectionModel'];

/**
 * Takes the other components of the target's present deployment into the stack's; says which.
 * @param {Fragment} fragment @param {Account} account @returns {Promise<readonly string[]>}
 */
const keepOthers = async ({ Resources: { InferenceDeployment } }, account) => {
  if (InferenceDeployment === undefined) return [];
  const { TargetArn, DeploymentName, Components } = InferenceDeployment.Properties;
  const list = await ask(account, '/greengrass/v2/deployments', {
    targetArn: TargetArn,
    historyFilter: 'LATEST_ONLY',
  });
  const latest = list?.deployments?.find(
    /** @param {{ isLatestForTarget?: boolean }} one */ ({ isLatestForTarget }) => isLatestForTarget,
  );
  if (latest === undefined) return [];
  const present = await ask(account, `/greengrass/v2/deployments/${latest.deploymentId}`);
  /** @type {readonly (readonly [string, Present])[]} */
  const all = Object.entries(present?.components ?? {});
  const others = all.filter(
    ([name]) =>
      !(name in Components) && !(present.deploymentName === DeploymentName && FORMER.includes(name)),
  );
  const [lambda] = others.map(([name]) => name).filter((name) => name.startsWith('GGMLInferenceLambda'));
  if (lambda !== undefined)
    throw new Error(
      `${TargetArn} runs ${lambda}, which would speak beside GGMLInference under the same gateway's name: take one of them away first`,
    );
  for (const [name, component] of others) Components[name] = kept(component);
  return others.map(([name, { componentVersion }]) => `${name} ${componentVersion}`);
};

/** The name and version of a component that the template makes. @param {Resource} resource @returns {readonly [string, string]} */
const named = ({ Properties: { InlineRecipe = '', LambdaFunction } }) => {
  if (LambdaFunction !== undefined) return [LambdaFunction.ComponentName, LambdaFunction.ComponentVersion];
  /** @param {string} key */
  const value = (key) => new RegExp(`^${key}: "?([^"\\s]+)"?$`, 'm').exec(InlineRecipe)?.[1] ?? '';
  return [value('ComponentName'), value('ComponentVersion')];
};

/**
 * Leaves out what is registered already, since a version is taken once and stays, also when a stack is gone; says which.
 * @param {Fragment} fragment @param {Account} account
 * @returns {Promise<readonly string[]>}
 */
const leaveRegistered = async ({ Resources, Outputs }, account) => {
  const [, partition, , , accountId] = (Resources.InferenceDeployment?.Properties.TargetArn ?? '').split(':');
  /** @type {string[]} */
  const registered = [];
  for (const [id, resource] of Object.entries(Resources)) {
    if (resource.Type !== 'AWS::GreengrassV2::ComponentVersion') continue;
    const [name, version] = named(resource);
    const arn = `arn:${partition}:greengrass:${account.region}:${accountId}:components:${name}:versions:${version}`;
    if ((await ask(account, `/greengrass/v2/components/${encoded(arn)}/metadata`)) === null) continue;
    registered.push(`${name} ${version}`);
    delete Resources[id];
    const { InferenceDeployment } = Resources;
    if (InferenceDeployment?.DependsOn !== undefined)
      InferenceDeployment.DependsOn = InferenceDeployment.DependsOn.filter((other) => other !== id);
    if (id === 'InferenceComponent') Outputs.InferenceComponentArn = { Value: arn };
  }
  return registered;
};

/**
 * @typedef {object} Serverless
 * @property {{ resources: Fragment }} service
 * @property {{ commands: readonly string[] }} processedInput
 * @property {(name: string) => { getRegion(): string, getAwsSdkV3CredentialsProvider(): () => Promise<Credentials> }} getProvider
 */

module.exports = class KeepComponents {
  /** @param {Serverless} serverless @param {object} _ @param {{ log: { notice(text: string): void } }} utilities */
  constructor(serverless, _, { log }) {
    this.hooks = {
      'before:package:finalize': async () => {
        const { resources } = serverless.service;
        const deployment = resources.Resources?.InferenceDeployment;
        // A package is made without any account.
        if (serverless.processedInput.commands[0] !== 'deploy' || deployment === undefined) return;
        const provider = serverless.getProvider('aws');
        const region = provider.getRegion();
        const endpoint =
          process.env.AWS_ENDPOINT_URL_GREENGRASSV2 ?? `https://greengrass.${region}.amazonaws.com`;
        const account = { region, endpoint, credentials: await provider.getAwsSdkV3CredentialsProvider()() };
        const own = Object.keys(deployment.Properties.Components);
        const kept = await keepOthers(resources, account);
        const registered = await leaveRegistered(resources, account);
        if (kept.length > 0)
          log.notice(
            `${deployment.Properties.TargetArn} keeps ${kept.join(', ')} beside ${own.join(' and ')}`,
          );
        if (registered.length > 0)
          log.notice(`Registered already, and left as it is: ${registered.join(', ')}`);
      },
    };
  }
};
