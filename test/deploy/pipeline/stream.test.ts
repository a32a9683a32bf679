import { after, before, describe } from 'node:test';
import { deployStack } from '../stack/deployed-stack.ts';
import { motoStore } from '../stack/moto-store.ts';
import { openPlant, type Plant } from '../stack/plant.ts';
import { type StreamHop, startStreamHop } from '../stack/stream-hop.ts';
import { againCases } from './again-cases.ts';
import { commandCases } from './command-cases.ts';
import { garbageCases } from './garbage-cases.ts';
import { incidentCases } from './incident-cases.ts';
import { redriveCases } from './redrive-cases.ts';
import { removalCases } from './removal-cases.ts';
import { shuffleCases } from './shuffle-cases.ts';
import { stagesCases } from './stages-cases.ts';
import { upgradeCases } from './upgrade-cases.ts';

describe('a stack from direct to stream, away, and there again', () => {
  let plant: Plant;
  let hop: StreamHop;

  before(async () => {
    const stack = await deployStack({
      ingest: 'direct',
      store: 'existing',
      canary: 'off',
      telemetryDatabase: 'plant',
      telemetryTable: 'samples',
      incidentsTable: 'incidents',
      policy: 'test/deploy/stack/short-policy.json',
      site: 'hall-2',
    });
    hop = await startStreamHop(stack, stack.output('InferenceRuleName'));
    plant = await openPlant(stack, motoStore(stack));
  });

  after(async () => {
    await plant?.close();
    await hop?.stop();
    await plant?.stack.stop();
  });

  upgradeCases(() => plant);
  incidentCases(() => plant);
  commandCases(() => plant);
  garbageCases(() => plant);
  shuffleCases(() => plant);
  redriveCases(
    () => plant,
    () => hop,
  );
  const again = againCases(() => plant);
  again.before();
  removalCases(() => plant);
  again.after(async () => {
    await plant.close();
    plant = await openPlant(plant.stack, motoStore(plant.stack));
  });
  stagesCases(() => plant);
});
