import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { nameFaults, physicalNames } from '../../aws/template/physical-names.ts';
import { serviceFaults } from '../../aws/template/service-faults.ts';
import { buildEdge, packageStack, type Template } from './package-stack.ts';
import { EXTREMES, GREENGRASS, type Parameters } from './parameter-combinations.ts';

type Place = Readonly<{ stage: string; region: string }>;
type Packaged = Place & Readonly<{ template: Template }>;

const PLACES: readonly Place[] = [
  { stage: 'busan', region: 'ap-northeast-2' },
  { stage: 'daegu', region: 'ap-northeast-2' },
  { stage: 'busan', region: 'eu-central-1' },
];

const WAYS: readonly Parameters[] = ['lake', 'timestream'].map((store) => ({
  store,
  greengrass: 'on',
  ...GREENGRASS,
  alertChat: 'T0123ABCD/C0456EFGH',
  alertEmail: 'ops@example.com',
}));

/** Every name as it is known where it must be the only one: in a region, or everywhere. */
const spaceOf = ({ template, region }: Packaged): ReadonlySet<string> =>
  new Set(
    physicalNames(template.Resources, region)
      .filter(({ scope }) => scope === 'global' || scope === 'region')
      .map(({ scope, type, name }) => `${scope === 'global' ? 'everywhere' : region}: ${type} ${name}`),
  );

describe('stacks of several stages and regions in one account', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sentinel-names-'));
    await buildEdge();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const parameters of WAYS) {
    it(`have no name in common that must be the only one, with store=${parameters.store}`, async () => {
      const stacks: Packaged[] = [];
      for (const place of PLACES)
        stacks.push({ ...place, template: await packageStack(parameters, folder, place) });
      for (const stack of stacks) {
        assert.ok(spaceOf(stack).size > 40);
        assert.deepEqual(nameFaults(stack.template.Resources, stack.stage, stack.region), []);
        for (const other of stacks) {
          if (other === stack) continue;
          assert.deepEqual([...spaceOf(stack).intersection(spaceOf(other))], []);
        }
      }
    });
  }

  for (const [index, parameters] of EXTREMES.entries()) {
    it(`break no rule of a service at the ${index === 0 ? 'least' : 'most'} of every number`, async () => {
      const { Resources } = await packageStack(parameters, folder);
      assert.deepEqual(serviceFaults(Resources), []);
    });
  }
});
