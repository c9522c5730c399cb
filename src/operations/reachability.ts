import type { Kafka } from 'kafkajs';
import type { MongoClient } from 'mongodb';
import { STREAM_PREFIX } from '../event-log/contact-book-stream.js';
import type { EventStore } from '../event-log/event-store.js';

/** A server did not answer at start; the message names its variable and address, and what to do. */
export class ServerUnreachable extends Error {
  override readonly name = 'ServerUnreachable';

  constructor(variable: string, address: string, cause: unknown) {
    super(
      `${variable}: no answer from ${withoutCredentials(address)}: check the address, and that the server runs`,
      {
        cause,
      },
    );
  }
}

export async function requireEventStore(eventStore: EventStore, url: string): Promise<void> {
  await answered('EVENTSTORE_URL', url, async () => {
    for await (const _event of eventStore.read(`${STREAM_PREFIX}.`, 0)) break;
  });
}

export async function requireMongodb(
  mongo: MongoClient,
  variable: 'MONGODB_URL' | 'KEYS_MONGODB_URL',
  url: string,
): Promise<void> {
  await answered(variable, url, () => mongo.db('admin').command({ ping: 1 }));
}

export async function requireKafka(kafka: Kafka, brokers: readonly string[]): Promise<void> {
  await answered('KAFKA_BROKERS', brokers.join(','), async () => {
    const admin = kafka.admin({ retry: { retries: 3 } });
    await admin.connect();
    await admin.disconnect();
  });
}

/** Raises ServerUnreachable in place of whatever `ask` raises. */
async function answered(variable: string, address: string, ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    throw new ServerUnreachable(variable, address, error);
  }
}

/** An address as it may be shown. */
export function withoutCredentials(address: string): string {
  return address.replace(/\/\/[^@/]*@/, '//');
}
