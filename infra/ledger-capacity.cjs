// @ts-check
/**
 * How the ledger is paid. By the request nothing is to be planned, and its indexes take what the table takes. By the
 * hour costs a quarter of that where the load is steady, and has to be held ready: what auto scaling has taken away while
 * a line was silent comes back only minutes after the line.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
 */

/** @import { Framework } from './framework.d.ts' */

/** What a table and its indexes begin with, for all that are seen for the first time; it goes within an hour. */
const START = { ReadCapacityUnits: 1000, WriteCapacityUnits: 1000 };

const USE_PERCENT = 90;
const MOST = 40_000;

/** What an index of due times takes of each unit of the table; whose gateway is another one is seldom written anew. */
const DUE_SHARE = 1 / 4;
const LEAST = 5;

/** @param {string} name @param {string} index @param {'table' | 'index'} kind @param {'Read' | 'Write'} way @param {number} least */
const scaling = (name, index, kind, way, least) => ({
  [`${name}${way}sTarget`]: {
    Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    Properties: {
      ServiceNamespace: 'dynamodb',
      ResourceId: { 'Fn::Join': ['', ['table/', { Ref: 'Ledger' }, index]] },
      ScalableDimension: `dynamodb:${kind}:${way}CapacityUnits`,
      MinCapacity: least,
      MaxCapacity: MOST,
    },
  },
  [`${name}${way}s`]: {
    Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
    Properties: {
      PolicyName: `${name}${way}s`,
      PolicyType: 'TargetTrackingScaling',
      ScalingTargetId: { Ref: `${name}${way}sTarget` },
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: USE_PERCENT,
        PredefinedMetricSpecification: { PredefinedMetricType: `DynamoDB${way}CapacityUtilization` },
      },
    },
  },
});

/** The least units of the table and of each index, for a plant that is told to need so many. @param {number} units */
const leastUnits = (units) => ({
  table: units,
  'by-due': Math.max(LEAST, Math.ceil(units * DUE_SHARE)),
  'by-gateway': LEAST,
});

/** @param {number} units */
const provisioned = (units) => {
  const least = leastUnits(units);
  const indexes = /** @type {const} */ (['by-gateway', 'by-due']);
  return {
    Ledger: {
      Properties: {
        BillingMode: 'PROVISIONED',
        ProvisionedThroughput: START,
        GlobalSecondaryIndexes: indexes.map((IndexName) => ({ IndexName, ProvisionedThroughput: START })),
      },
    },
    ...scaling('Ledger', '', 'table', 'Read', least.table),
    ...scaling('Ledger', '', 'table', 'Write', least.table),
    ...scaling('ByGateway', '/index/by-gateway', 'index', 'Read', LEAST),
    ...scaling('ByGateway', '/index/by-gateway', 'index', 'Write', least['by-gateway']),
    ...scaling('ByDue', '/index/by-due', 'index', 'Read', LEAST),
    ...scaling('ByDue', '/index/by-due', 'index', 'Write', least['by-due']),
  };
};

/** @param {Framework} framework */
const capacity = async ({ resolveVariable }) => ({
  Resources:
    (await resolveVariable('param:ledger')) === 'provisioned'
      ? provisioned(Number(await resolveVariable('param:ledgerUnits')))
      : { Ledger: { Properties: { BillingMode: 'PAY_PER_REQUEST' } } },
});

module.exports = Object.assign(capacity, { START, USE_PERCENT, leastUnits });
