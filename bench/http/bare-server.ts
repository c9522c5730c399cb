import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { newClient, preparedAppend } from '../commands/service.js';

/** The least that a service can do for a command: parse a body, append one event that was made beforehand, answer. */
const eventStore = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 10_000 });
const client = newClient();
const events = await preparedAppend(client);
const revisions = new Map<string, number>();
const run = randomUUID();

const server = Fastify();
server.post('/:lane', async (request) => {
  const { lane } = request.params as { lane: string };
  const expected = revisions.get(lane) ?? -1;
  revisions.set(lane, expected + 1);
  const stream = streamNameOf({ ...client, clientId: `${run}-${lane}` });
  const revision = await eventStore.append(
    stream,
    expected,
    events.map((event) => ({ ...event, id: randomUUID() })),
  );
  return { revision };
});
const url = await server.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${JSON.stringify({ url })}\n`);
