import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { functionClient } from '../../aws/client-settings.ts';
import { createDynamoDeskView } from '../../aws/dynamodb/desk-view.ts';
import { createKmsLinkKey } from '../../aws/kms/link-key.ts';
import { behindGateway, callerOfRequest, httpAnswer, readHttpEvent } from '../../aws/lambda/http-event.ts';
import { logger, observed, traced } from '../../aws/lambda/observed.ts';
import { readEnvironment } from '../../aws/lambda/read-environment.ts';
import { createTwinClient } from '../../aws/shadow/twin-client.ts';
import { createDeskApp } from '../../desk/api/desk-app.ts';
import { signingIn, userInGroups } from '../../desk/api/sign-in.ts';
import { bundlePage, bundleSignIn } from '../../desk/page/bundle-page.ts';
import { deskEnvironment } from '../environments.ts';

const variables = readEnvironment(deskEnvironment);
const { ALERT_LANGUAGE, ALERT_TIMEZONE, AWS_ENDPOINT_URL, KMS_ENDPOINT, LINK_KEY_ID, SITE } = variables;
const client = traced(new DynamoDBClient(functionClient));
const { LEDGER_TABLE: table, HISTORY_TABLE: historyTable } = variables;
const view = createDynamoDeskView({ client, table, historyTable });
const twins = createTwinClient(functionClient);
// A deploy puts the files here in place of what puts them together.
const { SIGN_IN_URL: address, SIGN_IN_CLIENT } = variables;
const page = signingIn({ address, client: SIGN_IN_CLIENT }, bundlePage(), bundleSignIn());

const app = createDeskApp({
  view,
  twins: { ...twins, desire: (...asked) => twins.desire(...asked).finally(view.forget) },
  policies: variables.POLICY,
  now: Date.now,
  about: { version: variables.DESK_VERSION, site: SITE, language: ALERT_LANGUAGE, timeZone: ALERT_TIMEZONE },
  page: () => page,
  signInAt: address,
  userOf: (request) => userInGroups(callerOfRequest(request)),
  links: createKmsLinkKey({ client, endpoint: AWS_ENDPOINT_URL ?? KMS_ENDPOINT, keyId: LINK_KEY_ID }),
  ...behindGateway,
  noteFailure: (error) => logger.error('a request could not be answered', { error }),
});

export const handler = observed(async (event) => await httpAnswer(await app.fetch(readHttpEvent(event))));
