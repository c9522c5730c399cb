import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConsumerProcess } from './consumer-process.js';
import { histories, PublishedLog } from './published-log.js';

/** How often each consumer is killed. */
const ROUNDS = Number(process.env['CONSUMER_KILL_ROUNDS'] ?? 3);
/** A kill comes so long at most after they have begun to read, in milliseconds, while more is published. */
const LONGEST_LIFE_MS = 150;
const JOIN_LIMIT_MS = 30_000;

describe('the consumers as programs', () => {
  let log: PublishedLog;
  let running: ConsumerProcess[];

  beforeEach(async () => {
    running = [];
    log = await PublishedLog.prepare();
  });
  afterEach(async () => {
    await Promise.all(running.map((consumer) => consumer.end('SIGKILL')));
    await log.close();
  });

  const start = (consumer: 'invoicing' | 'portal', ...args: string[]) => {
    const environment = {
      TOPIC_PREFIX: log.name,
      CONSUMER_NAME: log.databases[consumer].databaseName,
      SESSION_TIMEOUT_MS: '6000',
    };
    const started = ConsumerProcess.start(consumer, environment, args);
    running.push(started);
    return started;
  };

  /** Ends when the program has said that partitions were assigned to it. */
  const haveBegun = async (consumer: ConsumerProcess) => {
    const until = performance.now() + JOIN_LIMIT_MS;
    while (!consumer.text.includes('"assigned"')) {
      if (performance.now() > until) throw new Error(`it did not begin: ${consumer.text}`);
      await sleep(20);
    }
  };

  it(
    `know everything after kills at any moment while it is published (${ROUNDS} rounds)`,
    async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const consumers = [start('invoicing'), start('portal')];
        await Promise.all(consumers.map(haveBegun));
        const publishing = log.publish(histories(20, 100 + round));
        await sleep((round / ROUNDS) * LONGEST_LIFE_MS);
        await Promise.all(consumers.map((consumer) => consumer.end('SIGKILL')));
        await publishing;
      }
      start('invoicing');
      start('portal');
      await log.isConsumed();
      await log.expectAllKnown();
    },
    60_000 + ROUNDS * 20_000,
  );

  it('end at a signal, and answer questions without following', async () => {
    await log.publish(histories(2, 9));
    const follower = start('invoicing');
    const portal = start('portal');
    await log.isConsumed();
    expect(await follower.end('SIGTERM')).toBe(0);
    expect(await portal.end('SIGTERM')).toBe(0);
    const question = start('invoicing', 'recipient', 'ws/client-9-0');
    expect(await question.ended()).toBe(0);
    const route = await log.invoicing.routes.of('ws/client-9-0');
    expect(JSON.parse(question.text)).toMatchObject({ status: route!.status, revision: route!.revision });
  });

  it.each([[['recipient']], [['recipient', 'ws/client', 'ws/another']], [['toString']]])(
    'say how they are used where that is no question: %j',
    async (words) => {
      const asked = start('invoicing', ...words);
      expect(await asked.ended()).toBe(2);
      expect(asked.text).toContain('consumer:invoicing -- recipient <workspace>/<client>');
    },
  );

  it('end with exit code 1 at what they can not read, and say which record it is', async () => {
    const producer = log.kafka.producer();
    await producer.connect();
    const headers = { ce_type: 'client-contacts.portal-access.v2' };
    const message = { key: 'ws/client/ann', partition: 1, headers, value: '{"email":"ann@client.example"}' };
    const [written] = await producer.send({ topic: log.portal.accessTopic, messages: [message] });
    await producer.disconnect();
    const consumer = start('portal');
    expect(await consumer.ended()).toBe(1);
    expect(consumer.text).toContain(
      `offset ${written!.baseOffset} of ${log.portal.accessTopic}/1 can't be read: this consumer knows no client-contacts.portal-access.v2`,
    );
    expect(consumer.text).not.toContain('ann@client.example');
  });
});
