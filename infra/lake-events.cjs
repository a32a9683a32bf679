// @ts-check
/**
 * What happened, in the lake: a table of its own for each kind, with the delivery stream that fills it. Their columns are the
 * adapter's (aws/telemetry/event-rows.ts). Nothing is paid for while nothing happens.
 */
const { att, ref } = require('./alarm.cjs');
const lakeColumns = require('./lake-columns.cjs');

/** @import { Fields, Framework, Value } from './framework.d.ts' */

/** @param {Value} text @returns {Value} */
const sub = (text) => ({ 'Fn::Sub': text });

/** @param {string} name */
const inPascalCase = (name) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** @param {string} bucket @param {string} name @param {Value} columns @returns {Fields} */
const table = (bucket, name, columns) => ({
  Type: 'AWS::Glue::Table',
  Properties: {
    CatalogId: ref('AWS::AccountId'),
    DatabaseName: ref('LakeDatabase'),
    TableInput: {
      Name: name,
      TableType: 'EXTERNAL_TABLE',
      PartitionKeys: [{ Name: 'day', Type: 'string' }],
      Parameters: {
        classification: 'parquet',
        'projection.enabled': 'true',
        'projection.day.type': 'date',
        'projection.day.format': 'yyyy-MM-dd',
        'projection.day.range': '2025-01-01,NOW',
        'storage.location.template': {
          'Fn::Join': ['', ['s3://', sub(bucket), `/${name}/day=$`, '{day}']],
        },
      },
      StorageDescriptor: {
        Location: sub(`s3://${bucket}/${name}/`),
        InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        },
        Columns: columns,
      },
    },
  },
});

/** @param {string} bucketArn @param {string} name @returns {Fields} */
const delivery = (bucketArn, name) => ({
  Type: 'AWS::KinesisFirehose::DeliveryStream',
  // As those of samples and incidents: deleting one deletes what it gathered.
  DeletionPolicy: 'RetainExceptOnCreate',
  DependsOn: 'EventDeliveryPolicy',
  Properties: {
    DeliveryStreamType: 'DirectPut',
    DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    ExtendedS3DestinationConfiguration: {
      BucketARN: sub(bucketArn),
      RoleARN: att('DeliveryRole', 'Arn'),
      Prefix: `${name}/day=!{timestamp:yyyy-MM-dd}/`,
      ErrorOutputPrefix: `refused/${name}/!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/`,
      BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 300 },
      DataFormatConversionConfiguration: {
        Enabled: true,
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
        SchemaConfiguration: {
          CatalogId: ref('AWS::AccountId'),
          RoleARN: att('DeliveryRole', 'Arn'),
          DatabaseName: ref('LakeDatabase'),
          TableName: ref(`${inPascalCase(name)}Table`),
          Region: ref('AWS::Region'),
          VersionId: 'LATEST',
        },
      },
      CloudWatchLoggingOptions: {
        Enabled: true,
        LogGroupName: ref('DeliveryLog'),
        LogStreamName: ref('DeliveryLogStream'),
      },
    },
  },
});

/** @param {string} name @param {string} role @param {readonly Fields[]} statements */
const policy = (name, role, statements) => ({
  Type: 'AWS::IAM::Policy',
  Properties: {
    PolicyName: name,
    Roles: [ref(role)],
    PolicyDocument: { Version: '2012-10-17', Statement: statements },
  },
});

/** @param {string} name @param {string} role @param {readonly string[]} tables */
const writes = (name, role, tables) =>
  policy(name, role, [
    {
      Effect: 'Allow',
      Action: 'firehose:PutRecordBatch',
      Resource: tables.map((written) => att(`${inPascalCase(written)}Delivery`, 'Arn')),
    },
  ]);

/** @param {Framework} framework */
module.exports = async ({ resolveVariable }) => {
  if ((await resolveVariable('param:store')) !== 'lake') return {};
  const [bucket, bucketArn] = [
    await resolveVariable('self:custom.lake.name'),
    await resolveVariable('self:custom.lake.arn'),
  ];
  const { events } = await lakeColumns();
  const names = Object.keys(events);
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitutions
  const catalog = 'arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}';
  const tableArns = names.map((name) => `${catalog}:table/\${LakeDatabase}/\${${inPascalCase(name)}Table}`);
  const Resources = {
    ...Object.fromEntries(
      Object.entries(events).flatMap(([name, columns]) => [
        [`${inPascalCase(name)}Table`, table(bucket, name, columns)],
        [`${inPascalCase(name)}Delivery`, delivery(bucketArn, name)],
      ]),
    ),
    EventDeliveryPolicy: {
      ...policy('delivers-events', 'DeliveryRole', [
        {
          Effect: 'Allow',
          Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
          Resource: names.map((name) => sub(`${bucketArn}/${name}/*`)),
        },
        {
          Effect: 'Allow',
          Action: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
          Resource: [`${catalog}:catalog`, `${catalog}:database/\${LakeDatabase}`, ...tableArns].map(sub),
        },
      ]),
      DeletionPolicy: 'RetainExceptOnCreate',
    },
    NotifyWritesEvents: writes('writes-events', 'NotifyRole', ['notices', 'transitions', 'commands']),
    StoreWritesQuarantine: writes('writes-quarantine', 'StoreRole', ['quarantine']),
  };
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitutions
  return { Resources };
};
