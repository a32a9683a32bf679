import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
import { messagesOf } from '../stack/cylinder-message.ts';
import type { DeployedStack } from '../stack/deployed-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { runsOf } from '../stack/function-runs.ts';
import { ledgerItems } from '../stack/ledger-records.ts';
import { type Plant, secondsAgo } from '../stack/plant.ts';

const acknowledged = v.looseObject({ incident: v.looseObject({ acknowledgedBy: v.literal('Kim') }) });

/** Every physical name of a stack, with what it is a name of. */
const namesOf = async ({ client, name }: DeployedStack): Promise<ReadonlySet<string>> => {
  const names = new Set<string>();
  const asked = paginateListStackResources({ client: new CloudFormationClient(client) }, { StackName: name });
  for await (const { StackResourceSummaries = [] } of asked) {
    for (const { ResourceType, PhysicalResourceId } of StackResourceSummaries)
      names.add(`${ResourceType} ${PhysicalResourceId}`);
  }
  return names;
};

/** Another stage in the same account and region, with topics of its own. */
export const stagesCases = (plant: () => Plant): void => {
  describe('two stages side by side', () => {
    let other: DeployedStack;
    before(async () => {
      other = await plant().stack.beside('other', { topicPrefix: 'other/inference' });
    });
    after(() => other?.remove());

    test('have no physical name in common', async () => {
      const [ours, theirs] = [await namesOf(plant().stack), await namesOf(other)];
      assert.ok(ours.size > 40 && theirs.size > 40);
      assert.deepEqual([...ours.intersection(theirs)], []);
    });

    test('a command for a cylinder of one leaves nothing in the ledger of the other', async () => {
      const { play, everything, twins } = plant();
      const cylinder = 'press-12';
      const pattern = `${'n'.repeat(10)}${'A'.repeat(10)}`;
      await play(cylinder, messagesOf({ gateway: 'line-3', cylinder, from: secondsAgo(30), pattern }));
      await everything.of(cylinder, 1);
      await twins.desire(cylinder, { ack: { by: 'Kim' } });
      await eventually(
        () => twins.reported(cylinder),
        (twin) => v.is(acknowledged, twin),
      );
      await eventually(
        () => runsOf(other, 'command'),
        (runs) => runs > 0,
      );
      const phantoms = (await ledgerItems(other)).filter((item) => JSON.stringify(item).includes(cylinder));
      assert.deepEqual(phantoms, []);
    });
  });
};
