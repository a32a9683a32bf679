import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { createModbusClient } from '../../../edge/sources/modbus/modbus-client.ts';
import { crc16, rtuFraming } from '../../../edge/sources/modbus/modbus-framing.ts';
import { openLink } from '../../../edge/sources/modbus/modbus-link.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('a request has the checksum that every table of Modbus has for it', () => {
  assert.deepEqual(rtuFraming.wrap(0, 1, hex('03 0000 000A')), hex('01 03 00 00 00 0A C5 CD'));
  assert.equal(crc16(hex('11 03 00 6B 00 03')), 0x8776);
});

/** A gateway that passes frames on by TCP; what it answers to each request in turn, in pieces. */
const startGateway = async (answers: (readonly string[])[]) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('data', () => {
      for (const piece of answers.shift() ?? []) socket.write(hex(piece));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    link: await openLink({
      host: '127.0.0.1',
      port,
      framing: 'rtu',
      timeoutMs: 5000,
      devices: [{ cylinder: 'a', unit: 1 }],
    }),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

test('answers of RTU are read in pieces; those of other units are passed over, and damaged ones are told', async () => {
  await using gateway = await startGateway([
    ['01 03', '04 0006 0005 DA31'],
    ['02 03 02 0001 3D84', '01 03 02 0007 F986'],
    ['01 03 02 0007 F987'],
    ['01 83 02 C0F1'],
    ['48 54 54 50 2F'],
    ['01 03 02 0007 F986'],
  ]);
  const client = createModbusClient(gateway.link);
  const read = (count: number) => client.read(1, 'holding', 0, count);
  assert.deepEqual(await read(2), { ok: true, registers: hex('0006 0005') });
  assert.deepEqual(await read(1), { ok: true, registers: hex('0007') });
  const damaged = await read(1);
  assert.ok(!damaged.ok && /the checksum of its answer is wrong/.test(damaged.message));
  const exception = await read(1);
  assert.ok(
    !exception.ok && exception.kind === 'exception' && /it has no such register/.test(exception.message),
  );
  const foreign = await read(1);
  assert.ok(!foreign.ok && /none of Modbus RTU: check baud rate and parity/.test(foreign.message));
  assert.deepEqual(await read(1), { ok: true, registers: hex('0007') });
  client.close();
});
