import { IoTClient } from '@aws-sdk/client-iot';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { type AwsOptions, clientSettings } from '../options/aws-options.ts';

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

export type AwsClients = ReturnType<typeof awsClients>;
