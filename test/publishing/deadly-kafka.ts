import { setImmediate } from 'node:timers/promises';
import { connect } from 'node:net';
import {
  Kafka,
  logLevel,
  type Producer,
  type ProducerConfig,
  type TopicMessages,
  type Transaction,
} from 'kafkajs';
import type { Deadly } from '../fixtures/fates.js';

/** The moments between which the publisher's work can be torn apart. */
export const DEADLY_POINTS = [
  'batch read',
  'before the transaction',
  'sent, not committed',
  'commit on its way',
  'committed',
] as const;
export type DeadlyPoint = (typeof DEADLY_POINTS)[number];

/** As the service has it, or in one of the ways that it must not be. */
export type Manner = 'as it is' | 'position outside' | 'same producer' | 'concurrent sends';

/** Kafka's client, whose every connection goes to one address, and whose transactions pass the deadly points. */
export class DeadlyKafka extends Kafka {
  private readonly producers = new Map<string, Producer>();

  constructor(
    address: string,
    private readonly points: Deadly<DeadlyPoint>,
    private readonly manner: Manner,
  ) {
    const [host, port] = address.split(':');
    super({
      brokers: [address],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 1000,
      requestTimeout: 2000,
      retry: { retries: 2, initialRetryTime: 50 },
      // Whatever address the broker tells: what lies between is to be met by all that is said.
      socketFactory: ({ onConnect }) => connect({ host: host!, port: Number(port) }, onConnect),
    });
  }

  override producer(config: ProducerConfig = {}): Producer {
    if (this.manner === 'same producer') {
      const id = config.transactionalId!;
      const kept = this.producers.get(id) ?? { ...super.producer(config), disconnect: async () => {} };
      this.producers.set(id, kept);
      return this.passing(kept);
    }
    if (this.manner === 'concurrent sends') return this.passing(super.producer(config), super.producer());
    return this.passing(super.producer(config));
  }

  /** Where another one is given, it sends all records, each by itself and all at once. */
  private passing(producer: Producer, other?: Producer): Producer {
    const { points } = this;
    return {
      ...producer,
      connect: async () => void (await Promise.all([producer.connect(), other?.connect()])),
      disconnect: async () => void (await Promise.all([producer.disconnect(), other?.disconnect()])),
      transaction: async (): Promise<Transaction> => {
        await points.pass('before the transaction');
        const transaction = await producer.transaction();
        return {
          ...transaction,
          ...(other && { sendBatch: (batch) => sentAtOnce(other, batch.topicMessages ?? []) }),
          commit: async () => {
            await points.pass('sent, not committed');
            const committing = transaction.commit();
            if (!points.isDue('commit on its way')) return committing;
            committing.catch(() => {});
            // On its way, stored, or answered: nobody knows.
            for (let turns = Math.random() * 10; turns > 0; turns--) await setImmediate();
            await points.die();
            return committing;
          },
        };
      },
    };
  }
}

async function sentAtOnce(producer: Producer, topicMessages: readonly TopicMessages[]) {
  const sends = topicMessages.flatMap(({ topic, messages }) =>
    messages.map((message) => producer.send({ topic, messages: [message] })),
  );
  return (await Promise.all(sends)).flat();
}
