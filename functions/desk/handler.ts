import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { functionClient } from '../../aws/client-settings.ts';
import { createDynamoDeskView } from '../../aws/dynamodb/desk-view.ts';
import { createKmsLinkKey } from '../../aws/kms/link-key.ts';
import { behindGateway, callerOfRequest, httpAnswer, readHttpEvent } from '../../aws/lambda/http-event.ts';
import { logger, observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { createTwinClient } from '../../aws/shadow/twin-client.ts';
import { countDeadLetters } from '../../aws/sqs/dead-letters.ts';
import { createTimestreamSamples } from '../../aws/timestream/read-samples.ts';
import { createDeskApp } from '../../desk/api/desk-app.ts';
import { signingIn, userInGroups } from '../../desk/api/sign-in.ts';
import { bundlePage, bundleSignIn } from '../../desk/page/bundle-page.ts';
import { deskEnvironment } from '../environments.ts';

const { tables, policies, about, signIn, link, queueUrl, elsewhere, store } =
  readEnvironment(deskEnvironment);
const client = traced(new DynamoDBClient(functionClient));
const samples = store === null ? null : createTimestreamSamples({ client, ...store });
const deadLetters = countDeadLetters({ client: traced(new SQSClient(functionClient)), queueUrl });
const view = createDynamoDeskView({ client, ...tables, samples, deadLetters, elsewhere });
const twins = createTwinClient(functionClient);
// A deploy puts the files here in place of what puts them together.
const page = signingIn(signIn, bundlePage(), bundleSignIn());
const app = createDeskApp({
  view,
  twins: { ...twins, desire: (...asked) => twins.desire(...asked).finally(view.forget) },
  policies,
  now: Date.now,
  about,
  page: () => page,
  signInAt: signIn.address,
  userOf: (request) => userInGroups(callerOfRequest(request)),
  links: createKmsLinkKey({ client, ...link }),
  ...behindGateway,
  noteFailure: (error) => logger.error('a request could not be answered', { error }),
});

export const handler = observed(async (event) => await httpAnswer(await app.fetch(readHttpEvent(event))));
