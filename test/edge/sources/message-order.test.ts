import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMessageOrder } from '../../../edge/sources/opcua/message-order.ts';
import type { Notified } from '../../../edge/sources/opcua/opcua-module.ts';

const data = (sequenceNumber: number): Notified => ({
  sequenceNumber,
  publishTime: null,
  notificationData: [{ monitoredItems: [] }],
});
const keepAlive = (sequenceNumber: number): Notified => ({
  sequenceNumber,
  publishTime: null,
  notificationData: [],
});

const noneKept = (): Promise<null> => Promise.resolve(null);

/** A server that has some messages to be asked for again. */
const createOrder = (kept: readonly number[]) => {
  const taken: number[] = [];
  const asked: number[] = [];
  const order = createMessageOrder(({ sequenceNumber }) => void taken.push(sequenceNumber));
  const republish = (wanted: number): Promise<Notified | null> => {
    asked.push(wanted);
    return Promise.resolve(kept.includes(wanted) ? data(wanted) : null);
  };
  return { ...order, taken, asked, republish };
};

test('what a new message overtook is asked for, and goes before it', async () => {
  const order = createOrder([3, 4, 5]);
  order.arrive(data(1));
  assert.deepEqual(order.taken, []);
  assert.equal(await order.release(noneKept), 0);
  order.hold();
  for (const come of [2, 6, 2]) order.arrive(data(come));
  assert.equal(await order.release(order.republish), 0);
  order.arrive(data(7));
  assert.deepEqual(order.taken, [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(order.asked, [3, 4, 5, 7]);
});

test('a keep-alive, which bears the number of the next message, does not stand for it', async () => {
  const order = createOrder([2]);
  order.arrive(data(1));
  await order.release(noneKept);
  order.hold();
  order.arrive(keepAlive(2));
  assert.equal(await order.release(order.republish), 0);
  assert.deepEqual(order.taken, [1, 2]);
});

test('what the server does not have any more is counted, and holds nothing up', async () => {
  const order = createOrder([]);
  order.arrive(data(1));
  await order.release(order.republish);
  order.hold();
  order.arrive(data(5000));
  assert.equal(await order.release(order.republish), 4998);
  assert.deepEqual(order.taken, [1, 5000]);
  assert.ok(order.asked.length < 1100);
});

test('a message that comes by itself while it is asked for is taken once', async () => {
  const order = createOrder([]);
  order.arrive(data(1));
  await order.release(noneKept);
  order.hold();
  const lost = await order.release((wanted) => {
    if (wanted !== 2) return Promise.resolve(null);
    order.arrive(data(2));
    return Promise.resolve(data(2));
  });
  assert.equal(lost, 0);
  assert.deepEqual(order.taken, [1, 2]);
});

test('a cut while messages are asked for leaves the rest to the next release', async () => {
  const order = createOrder([3]);
  order.arrive(data(1));
  await order.release(noneKept);
  order.hold();
  order.arrive(data(4));
  const first = await order.release((wanted) => {
    if (wanted === 3) order.hold();
    return Promise.resolve(data(wanted));
  });
  assert.equal(first, null);
  assert.deepEqual(order.taken, [1, 2]);
  assert.equal(await order.release(order.republish), 0);
  assert.deepEqual(order.taken, [1, 2, 3, 4]);
});
