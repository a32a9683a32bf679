import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { callsOf } from '../../../cost/calls.ts';
import { planOf } from '../../../cost/plan.ts';
import { MONTH_S, trafficOf } from '../../../cost/traffic.ts';
import { messagesOf } from '../stack/cylinder-message.ts';
import { eventually } from '../stack/eventually.ts';
import { runsOf } from '../stack/function-runs.ts';
import { ledgerUnits } from '../stack/ledger-units.ts';
import { type Plant, secondsAgo } from '../stack/plant.ts';

/** What `sentinel cost` assumes of an incident, which is more than most take, and of the sweep. */
export const costIncidentCases = (plant: () => Plant): void => {
  test('an incident takes no more than the model of costs says, and at least half', async (context: TestContext) => {
    const { stack, play, everything, twins } = plant();
    const cylinder = 'press-08';
    const before = { notify: await runsOf(stack, 'notify'), command: await runsOf(stack, 'command') };
    const pattern = `${'n'.repeat(20)}${'A'.repeat(30)}${'n'.repeat(50)}`;
    const [first, ...rest] = messagesOf({ gateway: 'line-3', cylinder, from: secondsAgo(110), pattern });
    assert.ok(first !== undefined);
    await play(cylinder, [first]);
    const noted = stack.gates.ledger.note();
    await play(cylinder, rest);
    const alerts = await everything.of(cylinder, 3);
    // Each command wakes it, and so does the update that clears it when it is answered.
    await twins.desire(cylinder, { ack: { by: 'Kim' } });
    await eventually(
      () => runsOf(stack, 'command'),
      (count) => count >= before.command + 2,
    );
    await twins.desire(cylinder, { close: { by: 'Kim', outcome: 'fault' } });
    await eventually(
      () => runsOf(stack, 'command'),
      (count) => count >= before.command + 4,
    );
    noted.stop();
    const units = ledgerUnits(noted.calls(), cylinder);
    const plan = planOf({ cylinders: 1, ingest: 'direct', incidents: MONTH_S / pattern.length });
    const { lambdaInvocations, snsPublishes } = callsOf(plan, pattern.length);
    const counted: Readonly<Record<string, readonly [model: number, real: number]>> = {
      notices: [snsPublishes, alerts.length],
      'runs of notify': [lambdaInvocations.notify, (await runsOf(stack, 'notify')) - before.notify],
      'runs of command': [lambdaInvocations.command, (await runsOf(stack, 'command')) - before.command],
      twins: [trafficOf(plan, pattern.length).twins, units.twins],
    };
    for (const [what, [model, real]] of Object.entries(counted)) {
      context.diagnostic(`${what}: ${real} really, ${Math.round(model * 10) / 10} by the model`);
      assert.ok(real <= model && real >= model / 2, `${what}: ${real} really, ${model} by the model`);
    }
  });

  test('the sweep runs, and no more than once a minute', async (context: TestContext) => {
    const { stack, openedAt } = plant();
    // The first comes a minute after the rule, which may be later than every case before this one.
    const runs = await eventually(
      () => runsOf(stack, 'sweep'),
      (count) => count >= 1,
    );
    const minutes = (Date.now() - openedAt) / 60_000;
    context.diagnostic(`${runs} sweeps in ${minutes.toFixed(1)} minutes`);
    assert.ok(runs <= minutes + 1);
  });
};
