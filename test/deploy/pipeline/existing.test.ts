import { after, before, describe } from 'node:test';
import { deployStack } from '../stack/deployed-stack.ts';
import { motoStore } from '../stack/moto-store.ts';
import { openPlant, type Plant } from '../stack/plant.ts';
import { commandCases } from './command-cases.ts';
import { costCases } from './cost-cases.ts';
import { costIncidentCases } from './cost-incident-cases.ts';
import { garbageCases } from './garbage-cases.ts';
import { incidentCases } from './incident-cases.ts';
import { killCases } from './kill-cases.ts';
import { latencyCases } from './latency-cases.ts';
import { redeployCases } from './redeploy-cases.ts';
import { shuffleCases } from './shuffle-cases.ts';
import { troubleCases } from './trouble-cases.ts';

describe('a stack with a Timestream table that was there', () => {
  let plant: Plant;

  before(async () => {
    const stack = await deployStack({
      // The emulator's rule writes to no stream.
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

  incidentCases(() => plant);
  commandCases(() => plant);
  garbageCases(() => plant);
  latencyCases(() => plant);
  troubleCases(() => plant);
  killCases(() => plant);
  shuffleCases(() => plant);
  costCases(() => plant);
  costIncidentCases(() => plant);
  redeployCases(() => plant);
});
