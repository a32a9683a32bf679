import { after, before, describe } from 'node:test';
import { deployStack } from '../stack/deployed-stack.ts';
import { lakeStore } from '../stack/lake-store.ts';
import { openPlant, type Plant } from '../stack/plant.ts';
import { type StreamHop, startStreamHop } from '../stack/stream-hop.ts';
import { canaryCases } from './canary-cases.ts';
import { driftCases } from './drift-cases.ts';
import { garbageCases } from './garbage-cases.ts';
import { incidentCases } from './incident-cases.ts';
import { lakeCases } from './lake-cases.ts';
import { redeployCases } from './redeploy-cases.ts';
import { removalCases } from './removal-cases.ts';

describe('a stack with a lake of its own', () => {
  let plant: Plant;
  let hop: StreamHop;

  before(async () => {
    const stack = await deployStack({
      store: 'lake',
      policy: 'test/deploy/stack/short-policy.json',
      card: 'test/deploy/stack/plant.card.json',
      site: 'hall-2',
    });
    hop = await startStreamHop(stack, stack.output('InferenceRuleName'));
    plant = await openPlant(stack, lakeStore(stack));
  });

  after(async () => {
    await plant?.close();
    await hop?.stop();
    await plant?.stack.stop();
  });

  canaryCases(() => plant);
  driftCases(() => plant);
  incidentCases(() => plant);
  garbageCases(() => plant);
  lakeCases(() => plant);
  redeployCases(() => plant);
  removalCases(() => plant);
});
