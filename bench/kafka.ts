import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { CompressionTypes, Kafka, logLevel, Partitioners } from 'kafkajs';
import { interleaved, ratePerSecond, withInFlight } from './measure.js';
import { PAYLOAD } from './payload.js';
import { printSides, type Servers, shownBySide } from './servers.js';

const ROUNDS = 5;

/** Records produced one by one, in batches and in transactions, and consumed. */
export async function measureKafka(servers: Servers): Promise<void> {
  const topic = 'bench';
  const value = JSON.stringify(PAYLOAD);
  const messages = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ key: `ws/${index % 50}`, value, partition: index % 3 }));
  const sides = await Promise.all(
    Object.entries(servers).map(async ([name, { url }]) => {
      const kafka = new Kafka({ brokers: [url], logLevel: logLevel.NOTHING });
      const admin = kafka.admin();
      await admin.connect();
      await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true });
      await admin.disconnect();
      const settings = {
        idempotent: true,
        maxInFlightRequests: 1,
        createPartitioner: Partitioners.DefaultPartitioner,
        retry: { initialRetryTime: 2, maxRetryTime: 500, retries: 30 },
      };
      const plain = kafka.producer(settings);
      const transactional = kafka.producer({ ...settings, transactionalId: 'bench' });
      await Promise.all([plain.connect(), transactional.connect()]);
      return { name, kafka, plain, transactional };
    }),
  );
  const bySide = (work: (side: (typeof sides)[number]) => Promise<number>) =>
    interleaved(ROUNDS, Object.fromEntries(sides.map((side) => [side.name, () => work(side)])));
  const rows = {
    'records/s, one by one': await bySide(({ plain }) =>
      ratePerSecond(500, () =>
        withInFlight(500, 1, (index) => plain.send({ topic, messages: messages(index + 1).slice(-1) })),
      ),
    ),
    'records/s, in batches of 200': await bySide(({ plain }) =>
      ratePerSecond(20_000, () =>
        withInFlight(100, 1, () =>
          plain.send({ topic, messages: messages(200), compression: CompressionTypes.None }),
        ),
      ),
    ),
    'records/s, in transactions of 200': await bySide(({ transactional }) =>
      ratePerSecond(20_000, () =>
        withInFlight(100, 1, async () => {
          const transaction = await transactional.transaction();
          await transaction.send({ topic, messages: messages(200) });
          await transaction.commit();
        }),
      ),
    ),
    'records/s, consumed from the start': await bySide(({ kafka }) => consume(kafka, topic, 20_000)),
  };
  printSides(
    'Kafka',
    servers,
    Object.fromEntries(Object.entries(rows).map(([label, measured]) => [label, shownBySide(measured)])),
  );
  await Promise.all(
    sides.flatMap(({ plain, transactional }) => [plain.disconnect(), transactional.disconnect()]),
  );
}

/** Records a second, from the first one that came to the last one. */
async function consume(kafka: Kafka, topic: string, count: number): Promise<number> {
  const consumer = kafka.consumer({ groupId: randomUUID(), maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const rate = await new Promise<number>((resolve, reject) => {
    let seen = 0;
    let start = 0;
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          if (seen === 0) start = performance.now();
          seen += batch.messages.length;
          if (seen >= count) resolve((seen * 1000) / (performance.now() - start));
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return rate;
}
