import { LAKE_OF_BEFORE } from './parameter-combinations.ts';

/** A wildcard in a role that the service leaves no way around. */
export type ForcedWildcard = Readonly<{ resource: string; actions: readonly string[]; because: string }>;

export const FORCED_WILDCARDS: readonly ForcedWildcard[] = [
  {
    resource: '*',
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    because: 'X-Ray knows no resources',
  },
  {
    resource: '*',
    actions: ['timestream:DescribeEndpoints'],
    because: 'it is asked before any database is named, and knows no resources',
  },
  {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
    resource: '${Quarantine.Arn}/quarantine/*',
    actions: ['s3:PutObject'],
    because: 'objects are named after the messages that they hold',
  },
  {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
    resource: '${FailedBatches.Arn}/aws/lambda/*',
    actions: ['s3:PutObject'],
    because: 'Lambda names the objects of batches that it gave up',
  },
  {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
    resource: 'arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:thing/*',
    actions: ['iot:GetThingShadow', 'iot:UpdateThingShadow'],
    because: 'cylinders become known by speaking',
  },
  {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitution
    resource: '${Quarantine.Arn}/timestream-rejected/*',
    actions: ['s3:PutObject'],
    because: 'Timestream names the reports of what it refused',
  },
  // In the lake of the stack itself, and in that of an earlier one.
  ...[`\${Lake.Arn}`, `arn:\${AWS::Partition}:s3:::${LAKE_OF_BEFORE}`].flatMap((lake) =>
    ['samples', 'incidents', 'notices', 'transitions', 'commands', 'quarantine', 'refused'].map((folder) => ({
      resource: `${lake}/${folder}/*`,
      actions: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      because: 'Firehose names the objects that it writes',
    })),
  ),
];
