import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BSON, type Document, type MongoClient } from 'mongodb';
import { connect, disconnect, isIndependent, uniqueDatabase } from './connection.js';

const OP_MSG = 2013;
const OP_QUERY = 2004;
const CHECKSUM_PRESENT = 1;

// Bytes as the protocol's documentation lays them out; the CRC-32C of "123456789" is 0xe3069283 there and here.
function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function message(opCode: number, payload: Buffer, requestId = 7): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + payload.length, 0);
  header.writeInt32LE(requestId, 4);
  header.writeInt32LE(opCode, 12);
  return Buffer.concat([header, payload]);
}

function flags(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const body = (document: Document) => Buffer.concat([Buffer.from([0]), BSON.serialize(document)]);

function sequence(name: string, documents: Document[]): Buffer {
  const content = Buffer.concat([
    Buffer.from(`${name}\0`),
    ...documents.map((document) => BSON.serialize(document)),
  ]);
  return Buffer.concat([Buffer.from([1]), flags(4 + content.length), content]);
}

const describeBeyond = isIndependent('mongo-java-server') ? describe.skip : describe;

// mongo-java-server knows no checksums and no hello.
describeBeyond('a message', () => {
  let client: MongoClient;
  let database: string;
  let socket: Socket;
  beforeAll(() => {
    client = connect();
    database = uniqueDatabase(client, 'wire').databaseName;
  });
  beforeEach(async () => {
    const { hostname, port } = new URL(process.env['MONGODB_URL']!);
    socket = connectSocket(Number(port), hostname);
    await once(socket, 'connect');
  });
  afterEach(() => {
    socket.destroy();
  });
  afterAll(() => disconnect(client));

  async function answer(): Promise<{ responseTo: number; opCode: number; document: Document }> {
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    const opCode = bytes.readInt32LE(12);
    const start = opCode === OP_MSG ? 21 : 36;
    return { responseTo: bytes.readInt32LE(8), opCode, document: BSON.deserialize(bytes.subarray(start)) };
  }

  it('of the old kind says hello, and is answered in kind', async () => {
    const name = Buffer.concat([
      flags(0),
      Buffer.from('admin.$cmd\0'),
      flags(0),
      Buffer.from([255, 255, 255, 255]),
    ]);
    socket.write(message(OP_QUERY, Buffer.concat([name, BSON.serialize({ isMaster: 1 })])));
    expect(await answer()).toMatchObject({ responseTo: 7, opCode: 1, document: { ismaster: true, ok: 1 } });
  });

  it('may carry its documents in a sequence, before or behind its body', async () => {
    const insert = body({ insert: 'c', $db: database });
    const documents = sequence('documents', [{ _id: 1 }, { _id: 2 }]);
    socket.write(message(OP_MSG, Buffer.concat([flags(0), insert, documents])));
    expect((await answer()).document).toMatchObject({ n: 2, ok: 1 });
    const more = sequence('documents', [{ _id: 3 }]);
    socket.write(message(OP_MSG, Buffer.concat([flags(0), more, insert])));
    expect((await answer()).document).toMatchObject({ n: 1, ok: 1 });
    expect(await client.db(database).collection('c').countDocuments({})).toBe(3);
  });

  it('with the right checksum is answered', async () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    const unsigned = message(
      OP_MSG,
      Buffer.concat([flags(CHECKSUM_PRESENT), body({ ping: 1, $db: 'admin' }), flags(0)]),
    );
    unsigned.writeUInt32LE(crc32c(unsigned.subarray(0, -4)), unsigned.length - 4);
    socket.write(unsigned);
    expect((await answer()).document).toMatchObject({ ok: 1 });
  });

  it('may come in pieces, or several at once', async () => {
    const ping = message(OP_MSG, Buffer.concat([flags(0), body({ ping: 1, $db: 'admin' })]));
    socket.write(ping.subarray(0, 5));
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(ping.subarray(5));
    expect((await answer()).document).toMatchObject({ ok: 1 });
    socket.write(Buffer.concat([ping, ping]));
    let received = Buffer.alloc(0);
    const isWhole = () => received.length >= 4 && received.length >= 2 * received.readInt32LE(0);
    while (!isWhole()) received = Buffer.concat([received, ((await once(socket, 'data')) as [Buffer])[0]]);
    expect(received).toHaveLength(2 * received.readInt32LE(0));
  });

  it.each<[string, Buffer]>([
    [
      'a wrong checksum',
      message(OP_MSG, Buffer.concat([flags(CHECKSUM_PRESENT), body({ ping: 1, $db: 'admin' }), flags(1)])),
    ],
    [
      'a flag that must be understood',
      message(OP_MSG, Buffer.concat([flags(4), body({ ping: 1, $db: 'admin' })])),
    ],
    ['no body', message(OP_MSG, flags(0))],
    ['an unknown kind', message(4242, flags(0))],
    ['an impossible length', Buffer.from([255, 255, 255, 127, 0, 0, 0, 0, 0, 0, 0, 0, 221, 7, 0, 0])],
  ])('with %s ends its connection', async (_what, bytes) => {
    socket.on('error', () => {});
    socket.write(bytes);
    await once(socket, 'close');
  });
});
