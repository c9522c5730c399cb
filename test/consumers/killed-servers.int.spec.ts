import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedServer, startKafka, startMongodb } from '@client-contacts/embedded';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Admin } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { invoicingFollower } from '../../consumers/invoicing/invoicing.js';
import { portalFollower } from '../../consumers/portal/portal.js';
import { kafkaClient } from '../../consumers/topic/servers.js';
import type { TopicFollower } from '../../consumers/topic/topic-follower.js';
import { histories, PublishedLog } from './published-log.js';

/** How long a server is away, in milliseconds: long enough for every retry of its client. `.ci/long` takes a minute. */
const OUTAGE_MS = Number(process.env['OUTAGE_MS'] ?? 5_000);

const portOf = ({ url }: EmbeddedServer) => Number(/:(\d+)/.exec(url)![1]);

describe('the consumers and a server that goes away', () => {
  let directory: string;
  let kafkaServer: EmbeddedServer;
  let mongoServer: EmbeddedServer;
  let mongo: MongoClient;
  let admin: Admin;
  let log: PublishedLog;
  let following: TopicFollower[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'consumers-'));
    kafkaServer = await startKafka({ dataDir: join(directory, 'kafka'), log: () => {} });
    mongoServer = await startMongodb({ dataDir: join(directory, 'mongodb'), log: () => {} });
    const kafka = kafkaClient('outage-spec', [kafkaServer.url]);
    mongo = new MongoClient(mongoServer.url, { serverSelectionTimeoutMS: 1_000, socketTimeoutMS: 5_000 });
    admin = kafka.admin();
    await admin.connect();
    log = new PublishedLog(kafka, admin, mongo);
    await log.begin();
    const quiet = pino({ level: 'silent' });
    const settings = { sessionTimeoutMs: 6_000 };
    following = [
      await invoicingFollower(kafka, log.invoicing, quiet, { ...settings, groupId: 'invoicing' }),
      await portalFollower(kafka, log.portal, quiet, { ...settings, groupId: 'portal' }),
    ];
    for (const member of following) member.follow().catch((error: unknown) => expect(error).toBeUndefined());
  });
  afterEach(async () => {
    await Promise.all(following.map((follower) => follower.stop()));
    await log.remove();
    await admin.disconnect();
    await mongo.close();
    await kafkaServer.stop();
    await mongoServer.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it.each<[string, () => Promise<void>]>([
    [
      'brokers',
      async () => {
        const port = portOf(kafkaServer);
        await kafkaServer.stop();
        await sleep(OUTAGE_MS);
        kafkaServer = await startKafka({ dataDir: join(directory, 'kafka'), port, log: () => {} });
      },
    ],
    [
      'database',
      async () => {
        const port = portOf(mongoServer);
        await mongoServer.stop();
        await log.publish(histories(4, 7));
        await sleep(OUTAGE_MS);
        mongoServer = await startMongodb({ dataDir: join(directory, 'mongodb'), port, log: () => {} });
      },
    ],
  ])(
    'go on by themselves when their %s come back, and know everything',
    async (_what, goAwayAndComeBack) => {
      await log.publish(histories(6, 6));
      await log.isConsumed();
      await goAwayAndComeBack();
      await log.begin();
      await log.publish(histories(6, 8));
      await log.isConsumed();
      await log.expectAllKnown();
    },
    OUTAGE_MS + 120_000,
  );
});
