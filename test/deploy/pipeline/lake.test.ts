import { after, before, describe } from 'node:test';
import { deployStack } from '../stack/deployed-stack.ts';
import { lakeStore } from '../stack/lake-store.ts';
import { openPlant, type Plant } from '../stack/plant.ts';
import { canaryCases } from './canary-cases.ts';
import { garbageCases } from './garbage-cases.ts';
import { incidentCases } from './incident-cases.ts';
import { lakeCases } from './lake-cases.ts';
import { redeployCases } from './redeploy-cases.ts';

describe('a stack with a lake of its own', () => {
  let plant: Plant;

  before(async () => {
    const stack = await deployStack({
      // The emulator's rule writes to no stream.
      ingest: 'direct',
      store: 'lake',
      policy: 'test/deploy/stack/short-policy.json',
      site: 'hall-2',
    });
    plant = await openPlant(stack, lakeStore(stack));
  });

  after(async () => {
    await plant?.close();
    await plant?.stack.stop();
  });

  canaryCases(() => plant);
  incidentCases(() => plant);
  garbageCases(() => plant);
  lakeCases(() => plant);
  redeployCases(() => plant);
});
