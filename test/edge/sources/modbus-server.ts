import { createServer, type Socket } from 'node:net';

/** What a unit answers to a request for registers: their values, an exception, bytes of its own, or nothing. */
export type UnitAnswer = readonly number[] | Readonly<{ exception: number }> | Buffer | null;

/** A server of Modbus TCP on a free port of this machine: `answer` says what each unit says. */
export const startModbusServer = async (
  answer: (unit: number, code: number, start: number, count: number) => UnitAnswer,
  port = 0,
) => {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.on('data', (bytes) => {
      for (let at = 0; at + 12 <= bytes.length; at += 12) {
        const request = bytes.subarray(at, at + 12);
        const [unit, code] = [request.readUInt8(6), request.readUInt8(7)];
        const [start, count] = [request.readUInt16BE(8), request.readUInt16BE(10)];
        requests.push(`${unit} ${code} ${start}+${count}`);
        const said = answer(unit, code, start, count);
        if (said === null) continue;
        if (Buffer.isBuffer(said)) {
          socket.write(said);
          continue;
        }
        const isException = 'exception' in said;
        const body = Buffer.alloc(isException ? 3 : 3 + 2 * said.length);
        body.writeUInt8(unit, 0);
        body.writeUInt8(isException ? code | 0x80 : code, 1);
        body.writeUInt8(isException ? said.exception : 2 * said.length, 2);
        if (!isException)
          for (const [index, value] of said.entries()) body.writeUInt16BE(value, 3 + 2 * index);
        const head = Buffer.from(request.subarray(0, 6));
        head.writeUInt16BE(body.length, 4);
        // In two pieces, as a slow line hands them over.
        socket.write(Buffer.concat([head, body.subarray(0, 1)]));
        socket.write(body.subarray(1));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    requests,
    cut,
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
