// @ts-check
/** The forms of alarms: what they have in common, and of which metrics they may be. */

/** @import { Fields } from './framework.d.ts' */

/** @param {string} name @returns {Fields} */
const ref = (name) => ({ Ref: name });
/** @param {string} name @param {string} what @returns {Fields} */
const att = (name, what) => ({ 'Fn::GetAtt': [name, what] });

/**
 * An alarm on one metric: more than nothing of it in a minute, unless said otherwise.
 * @param {string} AlarmDescription @param {string} Namespace @param {string} MetricName
 * @param {Fields} dimensions @param {Fields} rest @returns {Fields}
 */
const alarm = (AlarmDescription, Namespace, MetricName, dimensions, rest = {}) => ({
  AlarmDescription,
  Namespace,
  MetricName,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  ...rest,
});

/**
 * An alarm on the sum of a metric over its dimension `Operation`, of whose values AWS documents only some: a query finds
 * them, where an alarm on dimensions would have to name each.
 * @param {string} AlarmDescription @param {string} namespace @param {string} metric
 * @param {Readonly<Record<string, string>>} dimensions @returns {Fields}
 */
const overOperations = (AlarmDescription, namespace, metric, dimensions) => {
  const names = [...Object.keys(dimensions), 'Operation'].toSorted().join(', ');
  const conditions = Object.entries(dimensions).map(([name, value]) => `${name} = '${value}'`);
  return {
    AlarmDescription,
    Metrics: [
      {
        Id: 'sum',
        Expression: {
          'Fn::Sub': `SELECT SUM(${metric}) FROM SCHEMA("${namespace}", ${names}) WHERE ${conditions.join(' AND ')}`,
        },
        Period: 60,
        ReturnData: true,
      },
    ],
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  };
};

/** @param {string} description @param {string} name @param {string} metric @param {Fields} rest */
const ofFunction = (description, name, metric, rest) =>
  alarm(description, 'AWS/Lambda', metric, { FunctionName: ref(`${name}LambdaFunction`) }, rest);

/**
 * One for each function, since alarms on sums cost the same and do not say where.
 * @param {readonly string[]} names @param {string} suffix @param {string} description @param {string} metric
 * @param {Fields} [rest]
 */
const ofFunctions = (names, suffix, description, metric, rest = {}) =>
  Object.fromEntries(
    names.map((name) => [
      `${name}${suffix}`,
      ofFunction(`${name.toLowerCase()} ${description}`, name, metric, rest),
    ]),
  );

/** @param {number} minutes */
const forMinutes = (minutes) => ({ EvaluationPeriods: minutes });
const often = { EvaluationPeriods: 5, DatapointsToAlarm: 3 };
const fewerThanOne = { Threshold: 1, ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching' };
/** @param {number} seconds */
const olderThan = (seconds) => ({ Statistic: 'Maximum', Threshold: seconds * 1000, ...forMinutes(3) });

/**
 * Of functions that are called: those that read a stream are behind when they are throttled.
 * @param {readonly string[]} names
 */
const throttled = (names) =>
  ofFunctions(
    names,
    'Throttled',
    'has reached its reserved concurrency, or the account its limit.',
    'Throttles',
    often,
  );

/**
 * `DeadLetters` is called dead-letters in the mails.
 * @param {string} name
 */
const hyphened = (name) => name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

module.exports = {
  alarm,
  att,
  fewerThanOne,
  forMinutes,
  hyphened,
  ofFunction,
  ofFunctions,
  often,
  olderThan,
  overOperations,
  ref,
  throttled,
};
