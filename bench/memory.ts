import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { MongoClient } from 'mongodb';
import type { Program } from './child-process.js';
import { printTable, withInFlight } from './measure.js';
import { PAYLOAD } from './payload.js';
import { startEmbedded } from './servers.js';

const STREAMS = 100_000;
const EVENTS_A_STREAM = 10;
const DOCUMENTS = 100_000;
const DOCUMENTS_A_BULK = 1_000;

/** Resident memory of the embedded event store and MongoDB, each a process of its own, before and after they were filled. */
export async function measureMemory(): Promise<void> {
  printTable(
    ['memory of the process, MiB', 'at its start', 'filled'],
    [
      [
        `event store, ${(STREAMS * EVENTS_A_STREAM).toLocaleString('en')} events in ${STREAMS.toLocaleString('en')} streams`,
        ...(await beforeAndAfter('event-store', appendEvents)),
      ],
      [
        `MongoDB, ${DOCUMENTS.toLocaleString('en')} documents with an index`,
        ...(await beforeAndAfter('mongodb', insertDocuments)),
      ],
    ],
  );
}

async function beforeAndAfter(name: string, fill: (url: string) => Promise<void>): Promise<string[]> {
  const server = await startEmbedded(name);
  const before = await rounded(server);
  await fill(server.url);
  const after = await rounded(server);
  await server.end();
  return [before, after];
}

async function rounded(program: Program): Promise<string> {
  return String(Math.round(await program.memory()));
}

async function appendEvents(url: string): Promise<void> {
  const client = EventStoreDBClient.connectionString(url);
  await withInFlight(STREAMS, 100, (index) =>
    client.appendToStream(
      `memory-${index}`,
      Array.from({ length: EVENTS_A_STREAM }, () => jsonEvent({ type: 'Measured', data: PAYLOAD })),
      { expectedRevision: NO_STREAM },
    ),
  );
  await client.dispose();
}

async function insertDocuments(url: string): Promise<void> {
  const client = await new MongoClient(url).connect();
  const collection = client
    .db('bench')
    .collection<{ _id: string; clientId: string; payload: object }>('memory');
  await collection.createIndex({ clientId: 1 });
  for (let from = 0; from < DOCUMENTS; from += DOCUMENTS_A_BULK) {
    await collection.insertMany(
      Array.from({ length: DOCUMENTS_A_BULK }, (_, index) => ({
        _id: `ws/${from + index}`,
        clientId: String(from + index),
        payload: PAYLOAD,
      })),
    );
  }
  await client.close();
}
