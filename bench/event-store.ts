import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM, START, streamNameFilter } from '@eventstore/db-client';
import { interleaved, printTable, ratePerSecond, shown, withInFlight } from './measure.js';
import { PAYLOAD } from './payload.js';
import { startEmbedded } from './servers.js';

const ROUNDS = 5;
const CATCH_UP_EVENTS = 50_000;

/** The embedded event store through its client. A real one can't be had from the package registries. */
export async function measureEventStore(): Promise<void> {
  const server = await startEmbedded('event-store');
  const client = EventStoreDBClient.connectionString(server.url);
  const append = () =>
    client.appendToStream(`bench-${randomUUID()}`, jsonEvent({ type: 'Measured', data: PAYLOAD }), {
      expectedRevision: NO_STREAM,
    });
  const rates = await interleaved(ROUNDS, {
    one: () => ratePerSecond(200, () => withInFlight(200, 1, append)),
    hundred: () => ratePerSecond(5_000, () => withInFlight(5_000, 100, append)),
  });
  await withInFlight(CATCH_UP_EVENTS / 500, 4, (index) =>
    client.appendToStream(
      `catch-up-${index}`,
      Array.from({ length: 500 }, () => jsonEvent({ type: 'Measured', data: PAYLOAD })),
    ),
  );
  const catchUp = await interleaved(3, {
    events: () => ratePerSecond(CATCH_UP_EVENTS, () => readByPrefix(client, 'catch-up-', CATCH_UP_EVENTS)),
  });
  printTable(
    ['event store', 'embedded, median (spread)'],
    [
      ['appends/s, 1 in flight', shown(rates.one)],
      ['appends/s, 100 in flight', shown(rates.hundred)],
      [
        `catch-up events/s, ${CATCH_UP_EVENTS.toLocaleString('en')} events, filtered by prefix`,
        shown(catchUp.events),
      ],
    ],
  );
  await client.dispose();
  await server.end();
}

async function readByPrefix(client: EventStoreDBClient, prefix: string, count: number): Promise<void> {
  const subscription = client.subscribeToAll({
    fromPosition: START,
    filter: streamNameFilter({ prefixes: [prefix] }),
  });
  let seen = 0;
  for await (const _event of subscription) if (++seen === count) break;
  await subscription.unsubscribe().catch(() => {});
}
