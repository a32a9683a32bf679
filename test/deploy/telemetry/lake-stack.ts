import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  columnToJsonKeys,
  EVENT_COLUMNS,
  INCIDENT_COLUMNS,
  type LakeColumn,
  SAMPLE_COLUMNS,
} from '../../../aws/firehose/documents.ts';

/** The delivery streams of what happened, in a lake of that name. */
export const eventStreamsOf = (name: string) => ({
  notices: `${name}-notices`,
  transitions: `${name}-transitions`,
  commands: `${name}-commands`,
  quarantine: `${name}-quarantine`,
});

const resourceOf = (table: string): string => `${table.charAt(0).toUpperCase()}${table.slice(1)}`;

/** A lake of the columns that the adapter writes, as a CloudFormation template: bucket, tables, streams, workgroup. */
const lakeTemplate = (name: string): string => {
  const role = 'arn:aws:iam::000000000000:role/firehose';
  const location = (table: string) => `s3://${name}/${table}/`;

  const table = <T>(columns: readonly LakeColumn<T>[], tableName: string) => ({
    Type: 'AWS::Glue::Table',
    DependsOn: 'Database',
    Properties: {
      CatalogId: { Ref: 'AWS::AccountId' },
      DatabaseName: name,
      TableInput: {
        Name: tableName,
        TableType: 'EXTERNAL_TABLE',
        PartitionKeys: [{ Name: 'day', Type: 'string' }],
        Parameters: {
          classification: 'parquet',
          'projection.enabled': 'true',
          'projection.day.type': 'date',
          'projection.day.format': 'yyyy-MM-dd',
          'projection.day.range': '2025-01-01,NOW',
          'storage.location.template': `${location(tableName)}day=\${day}/`,
        },
        StorageDescriptor: {
          Columns: columns.map((column) => ({ Name: column.name, Type: column.type })),
          Location: location(tableName),
          InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          SerdeInfo: {
            SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
          },
        },
      },
    },
  });

  const stream = <T>(columns: readonly LakeColumn<T>[], tableName: string) => ({
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    DependsOn: ['Bucket', resourceOf(tableName)],
    Properties: {
      DeliveryStreamName: `${name}-${tableName}`,
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        BucketARN: `arn:aws:s3:::${name}`,
        RoleARN: role,
        Prefix: `${tableName}/day=!{timestamp:yyyy-MM-dd}/`,
        ErrorOutputPrefix: `errors/${tableName}/!{firehose:error-output-type}/`,
        BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
        DataFormatConversionConfiguration: {
          Enabled: true,
          SchemaConfiguration: { DatabaseName: name, TableName: tableName, RoleARN: role },
          InputFormatConfiguration: {
            Deserializer: { OpenXJsonSerDe: { ColumnToJsonKeyMappings: columnToJsonKeys(columns) } },
          },
          OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
        },
      },
    },
  });

  return JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: name } },
      Database: {
        Type: 'AWS::Glue::Database',
        Properties: { CatalogId: { Ref: 'AWS::AccountId' }, DatabaseInput: { Name: name } },
      },
      Samples: table(SAMPLE_COLUMNS, 'samples'),
      Incidents: table(INCIDENT_COLUMNS, 'incidents'),
      SamplesStream: stream(SAMPLE_COLUMNS, 'samples'),
      IncidentsStream: stream(INCIDENT_COLUMNS, 'incidents'),
      ...Object.fromEntries(
        Object.entries(EVENT_COLUMNS).flatMap(([tableName, columns]) => [
          [resourceOf(tableName), table(columns, tableName)],
          [`${resourceOf(tableName)}Stream`, stream(columns, tableName)],
        ]),
      ),
      Workgroup: {
        Type: 'AWS::Athena::WorkGroup',
        Properties: {
          Name: name,
          WorkGroupConfiguration: {
            ResultConfiguration: { OutputLocation: `s3://${name}/answers/` },
          },
        },
      },
    },
    Outputs: {
      TelemetryDatabaseName: { Value: name },
      TelemetryTableName: { Value: 'samples' },
      IncidentsTableName: { Value: 'incidents' },
      LakeBucketName: { Value: name },
      AthenaWorkgroupName: { Value: name },
    },
  });
};

/** Makes an empty lake; its bucket, database and workgroup bear its name, its streams `<name>-<table>`. */
export const createLake = async (settings: CloudFormationClientConfig, name: string): Promise<void> => {
  const client = new CloudFormationClient(settings);
  await client.send(new CreateStackCommand({ StackName: name, TemplateBody: lakeTemplate(name) }));
  const patience = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  await waitUntilStackCreateComplete(patience, { StackName: name });
  client.destroy();
};
