import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsClients } from '../../../cli/doctor/all-checks.ts';
import { checkTopic } from '../../../cli/doctor/check-alerts.ts';
import { type Said, soundAccount, startAws } from './aws-server.ts';

process.env.AWS_ACCESS_KEY_ID = 'test';
process.env.AWS_SECRET_ACCESS_KEY = 'test';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:plant';
const topicThere = (Policy = ''): Said => ({
  result: { Attributes: [], ...(Policy === '' ? {} : { Policy }) },
});

for (const [what, alertTopic, answer, status, words] of [
  ['that is there', TOPIC, topicThere(), 'ok', /is there/],
  ['of another region', TOPIC.replace('central', 'west'), topicThere(), 'fail', /in eu-west-1.*every notice/],
  ['that is no ARN', 'plant', topicThere(), 'fail', /no ARN/],
  ['that is FIFO', `${TOPIC}.fifo`, topicThere(), 'fail', /no ARN of a standard topic/],
  ['that is not there', TOPIC, { error: 'NotFound', status: 404 }, 'fail', /does not exist/],
  ['that may not be looked at', TOPIC, { error: 'AuthorizationError', status: 403 }, 'warn', /may not look/],
  ['of another account', TOPIC.replace('123', '999'), topicThere(), 'warn', /does not name 123456789012/],
] as const) {
  test(`a topic ${what} is ${status}`, async (t) => {
    const server = await startAws((operation, input) =>
      operation === 'GetTopicAttributes' ? answer : soundAccount(operation, input),
    );
    t.after(() => server.close());
    const clients = awsClients({ region: 'eu-central-1', endpoint: server.endpoint });
    const [finding] = await checkTopic(clients, alertTopic, 'eu-central-1').run();
    assert.ok(finding !== undefined);
    assert.equal(finding.status, status);
    assert.match(finding.found, words);
  });
}
