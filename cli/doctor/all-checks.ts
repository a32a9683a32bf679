import { IoTClient } from '@aws-sdk/client-iot';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { DIRECT_LACKS, type Plan, type PlanOptions, planOf } from '../../cost/plan.ts';
import { INFERENCE_TOPIC } from '../../domain/message/topic.ts';
import { type AwsOptions, clientSettings } from '../options/aws-options.ts';
import { type AskedRegion, checkCredentials, checkRegion } from './check-account.ts';
import { checkEmail, checkSms, checkTopic } from './check-alerts.ts';
import { checkGateway } from './check-gateway.ts';
import { checkPolicy, checkVersions } from './check-local.ts';
import {
  checkQuota,
  checkReadable,
  concurrencyOf,
  createQuotas,
  functionNeeds,
  plantNeeds,
} from './check-quota.ts';
import {
  CONCURRENCY,
  checkConcurrency,
  checkGreengrass,
  checkIot,
  checkRemains,
  checkTimestream,
} from './check-services.ts';
import { type Check, warn } from './finding.ts';

/** Nobody waits long for a doctor: an attempt ends after five seconds, and there are two. */
const PATIENCE = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true },
};

/** The clients of all checks; they look for credentials once, together. */
export const awsClients = (options: AwsOptions) => {
  const settings = { ...clientSettings(options), ...PATIENCE };
  const sts = new STSClient(settings);
  const shared = { ...settings, credentials: sts.config.credentials };
  return {
    sts,
    iot: new IoTClient(shared),
    quotas: new ServiceQuotasClient(shared),
    sns: new SNSClient(shared),
    timestream: new TimestreamWriteClient(shared),
  };
};

type AwsClients = ReturnType<typeof awsClients>;

/** What is to be deployed, as far as a check depends on it. */
export type Intent = Readonly<{
  cylinders: number;
  edgeBatch: number;
  ingest: Plan['ingest'];
  store: 'timestream' | 'lake' | 'existing';
  greengrass: 'on' | 'off';
  reserve: 'on' | 'off';
  /** The thing of a gateway whose rights are to be looked at, and the prefix of its topics. */
  gateway?: string | undefined;
  topicPrefix?: string | undefined;
  alertEmail?: string | undefined;
  alertSms?: string | undefined;
  alertTopic?: string | undefined;
  policy?: string | undefined;
}>;

const planFor = ({ cylinders, edgeBatch, ingest, store }: Intent): PlanOptions => ({
  cylinders,
  edgeBatch,
  ingest,
  store: store === 'lake' ? 'lake' : 'timestream',
});

const direct: Check = {
  name: 'Ingest',
  run: () =>
    Promise.resolve([
      warn('Ingest', `direct has ${DIRECT_LACKS}`, 'leave out --param ingest=direct: stream has both'),
    ]),
};

/** What runs the deploy: the version of Node, and how to ask npm for its own, null where there is none. */
export type Machine = Readonly<{ node: string; npm: () => Promise<string | null> }>;

/** The checks that an intended deploy needs, in the order in which a person would put things right. */
export const allChecks = (
  intent: Intent,
  machine: Machine,
  region: AskedRegion,
  clients: AwsClients,
): readonly Check[] => {
  const plan = planOf(planFor(intent));
  const quotas = createQuotas(clients.quotas);
  const needs = plantNeeds(plan);
  return [
    checkVersions(machine.node, machine.npm),
    checkRegion(region),
    checkCredentials(clients.sts),
    ...(intent.store === 'lake' ? [] : [checkTimestream(clients.timestream, region.region)]),
    checkIot(clients.iot),
    ...(intent.greengrass === 'on' ? [checkGreengrass(clients.iot)] : []),
    ...(intent.gateway === undefined
      ? []
      : [checkGateway(clients.iot, intent.gateway, intent.topicPrefix ?? INFERENCE_TOPIC)]),
    ...(intent.ingest === 'direct' ? [direct] : []),
    checkConcurrency(quotas, concurrencyOf(plan), intent.reserve, functionNeeds(plan)),
    ...needs.map((need) => checkQuota(quotas, need)),
    checkReadable(quotas, [CONCURRENCY, ...needs.map(({ quota }) => quota)]),
    checkEmail(intent.alertEmail),
    ...(intent.alertSms ? [checkSms(clients.sns, intent.alertSms)] : []),
    ...(intent.alertTopic ? [checkTopic(clients, intent.alertTopic, region.region)] : []),
    ...(intent.policy ? [checkPolicy(intent.policy)] : []),
    checkRemains(intent.store),
  ];
};
