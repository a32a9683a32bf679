import { after, before, describe } from 'node:test';
import { deployStack } from '../stack/deployed-stack.ts';
import { motoStore } from '../stack/moto-store.ts';
import { openPlant, type Plant } from '../stack/plant.ts';
import { costCases } from './cost-cases.ts';
import { costIncidentCases } from './cost-incident-cases.ts';
import { killCases } from './kill-cases.ts';
import { latencyCases } from './latency-cases.ts';
import { troubleCases } from './trouble-cases.ts';

describe('a stack without a stream', () => {
  let plant: Plant;

  before(async () => {
    const stack = await deployStack({
      ingest: 'direct',
      store: 'existing',
      // Calls are counted here, and nothing else may call.
      canary: 'off',
      telemetryDatabase: 'plant',
      telemetryTable: 'samples',
      incidentsTable: 'incidents',
      policy: 'test/deploy/stack/short-policy.json',
      site: 'hall-2',
    });
    plant = await openPlant(stack, motoStore(stack));
  });

  after(async () => {
    await plant?.close();
    await plant?.stack.stop();
  });

  latencyCases(() => plant);
  troubleCases(() => plant);
  killCases(() => plant);
  costCases(() => plant);
  costIncidentCases(() => plant);
});
