import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { askJson } from '../stack/ask-aws.ts';
import { eventually } from '../stack/eventually.ts';
import { ledgerItems } from '../stack/ledger-records.ts';
import type { Plant } from '../stack/plant.ts';
import { runSentinel } from '../stack/run-sentinel.ts';
import { whatIsThere } from '../stack/what-is-there.ts';

/** The canary's way through a stack: from its function to a queue of its own, and to nobody else. */
export const canaryCases = (plant: () => Plant): void => {
  test('a round of the canary comes out as a notice in its own queue, and nobody else is told', async () => {
    const { stack, everything } = plant();
    const { client, endpoint, region } = stack;
    // Rounds come when this asks for them, and not in the midst of what others count.
    const [schedule] = (await whatIsThere(stack)).schedules?.filter((name) => name.includes('Canary')) ?? [];
    await askJson({ endpoint, region, service: 'events' }, 'AWSEvents.DisableRule', { Name: schedule });
    const sqs = new SQSClient(client);
    const notices: string[] = [];
    const told = async (): Promise<readonly string[]> => {
      const QueueUrl = stack.output('CanaryQueueUrl');
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
      );
      notices.push(...Messages.map(({ Body = '' }) => Body));
      return notices;
    };
    const round = async (): Promise<readonly string[]> => {
      const { FunctionError } = await new LambdaClient(client).send(
        new InvokeCommand({ FunctionName: `${stack.name}-canary` }),
      );
      assert.equal(FunctionError, undefined, stack.log());
      return told();
    };
    await round();
    await eventually(told, ({ length }) => length === 1);
    // A round that begins within the seconds of the one before is late for the alarm: the schedule leaves minutes.
    await eventually(round, ({ length }) => length >= 2, { everyMs: 5000 });
    for (const notice of notices) assert.match(notice, /sentinel-canary@\d+/);
    assert.ok(notices.every((notice) => notice.includes('RAISED')));
    const heard = (await everything.read()).filter(
      ({ attributes: { cylinder, gateway } }) =>
        cylinder === 'sentinel-canary' || gateway === 'sentinel-canary',
    );
    assert.deepEqual(heard, []);
    const status = await runSentinel(['status', '--aws', '--stage', stack.stage, '--json'], stack.env);
    assert.equal(status.code, 0, status.err);
    assert.doesNotMatch(status.out, /sentinel-canary/);
    const kept = (await ledgerItems(stack)).filter(({ pk }) => pk === 'C#sentinel-canary');
    assert.ok(kept.every(({ sk }) => sk === 'STATE' || String(sk).startsWith('N#')));
  });
};
