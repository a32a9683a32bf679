import { after } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { s3QuarantineUnderTest } from '../../aws/s3/under-test.ts';
import { clientSettings } from '../../aws/start-server.ts';
import { quarantineContract } from '../../contract/quarantine-contract.ts';
import { startMinistack } from '../emulator/start-ministack.ts';

const ministack = await startMinistack();
after(() => ministack.stop());

const connect = () => new S3Client({ ...clientSettings(ministack.endpoint), forcePathStyle: true });

let opened = 0;
quarantineContract('S3 on ministack', async () => {
  opened += 1;
  const bucket = `quarantine-${opened}`;
  const client = connect();
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  return s3QuarantineUnderTest(connect, bucket);
});
