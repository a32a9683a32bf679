// @ts-check
/** What the operators are woken for of a lake. */
const { alarm, forMinutes, ref } = require('./alarm.cjs');

/** @import { Fields } from './framework.d.ts' */

/** @param {string} name */
const ofDelivery = (name) => ({
  [`${name}ConversionFailed`]: alarm(
    `Firehose could not make Parquet of ${name.toLowerCase()}; they are under refused/ in the lake.`,
    'AWS/Firehose',
    'FailedConversion.Records',
    { DeliveryStreamName: ref(`${name}Delivery`) },
  ),
  [`${name}DeliveryBehind`]: alarm(
    `${name} wait for more than half an hour on their way to S3.`,
    'AWS/Firehose',
    'DeliveryToS3.DataFreshness',
    { DeliveryStreamName: ref(`${name}Delivery`) },
    { Statistic: 'Maximum', Threshold: 1800, ...forMinutes(3) },
  ),
});

/** @type {Readonly<Record<string, Fields>>} */
module.exports = {
  ...ofDelivery('Samples'),
  ...ofDelivery('Incidents'),
  // One for all streams, as those of what happened: Firehose logs nothing but what it could not convert or deliver.
  DeliveryLogged: alarm(
    'Firehose could not convert or deliver something of the lake; its log says what.',
    'AWS/Logs',
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
    'IncomingLogEvents',
    { LogGroupName: ref('DeliveryLog') },
  ),
};
