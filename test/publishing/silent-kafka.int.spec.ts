import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedServer, startKafka } from '@client-contacts/embedded';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';

import { KnownBooks } from '../../src/publishing/known-books.js';
import { Publication, PUBLICATION_DEFAULTS } from '../../src/publishing/publication.js';
import { PublicationTimedOut } from '../../src/publishing/publication-errors.js';
import { eventsTopic } from '../../src/publishing/topics.js';
import { EventStoreInMemory } from '../fixtures/event-store-in-memory.js';
import { codec, type RecordedFact, recordedEvents, storedFormOf } from '../fixtures/recorded-events.js';
import { readTopic } from '../fixtures/read-topic.js';
import { topicsOf } from '../fixtures/topics-of.js';

const topics = topicsOf('spec');
/** Short where it is to pass, long where it must not, and between them where something must come in time before. */
const [SHORT_MS, MEDIUM_MS, LONG_MS] = [1_000, 3_000, 10_000];

describe('a publication and a Kafka that fails it', () => {
  let dataDir: string;
  let server: EmbeddedServer;
  let kafka: Kafka;
  let sockets: Set<Socket>;
  let opened: number;
  let events: RecordedFact[];
  let books: KnownBooks;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'publishing-'));
    server = await startKafka({ dataDir, log: () => {} });
    sockets = new Set();
    opened = 0;
    kafka = new Kafka({
      brokers: [server.url],
      logLevel: logLevel.NOTHING,
      retry: { retries: 1, initialRetryTime: 10 },
      socketFactory: ({ host, port, onConnect }) => {
        const socket = connect({ host, port }, onConnect);
        opened += 1;
        sockets.add(socket.once('close', () => sockets.delete(socket)));
        return socket;
      },
    });
    events = recordedEvents({ workspaceId: 'ws', clientId: 'one' }, [
      [
        {
          type: 'ContactAdded',
          data: { contactId: 'ann', email: 'ann@client.example', portalEnabled: true },
        },
      ],
      [{ type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } }],
    ]);
    const eventStore = new EventStoreInMemory();
    await eventStore.append(events[0]!.stream, -1, await Promise.all(events.map(storedFormOf)));
    books = new KnownBooks(eventStore, codec);
  });
  afterEach(async () => {
    server.switchboard.reset();
    // What was abandoned ends now that it is answered.
    while (sockets.size > 0) await closed();
    await server.stop();
    await rm(dataDir, { recursive: true });
  });

  const publicationWithin = (deadlineMs: number) =>
    new Publication('live', kafka, books, { ...PUBLICATION_DEFAULTS, topics, deadlineMs });
  const sequence = async () =>
    (await readTopic(kafka, eventsTopic(topics))).map(({ headers }) => Number(headers['ce_sequence']));
  const closed = () =>
    Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));

  it.each(['Produce', 'AddPartitionsToTxn', 'EndTxn'])(
    'gives a batch up when %s stays unanswered, and publishes it once when Kafka is back',
    async (operation) => {
      const first = publicationWithin(LONG_MS);
      await first.position();
      await first.close();
      const publication = publicationWithin(MEDIUM_MS);
      await publication.position();
      await publication.handle(events.slice(0, 1));
      server.switchboard.staySilent((name) => name === operation);
      await expect(publication.handle(events.slice(1))).rejects.toThrow(PublicationTimedOut);
      server.switchboard.speak();
      const next = publicationWithin(LONG_MS);
      const position = await next.position();
      if (position?.commit !== events[1]!.position.commit) await next.handle(events.slice(1));
      expect(await sequence()).toEqual([0, 1]);
      await next.close();
    },
  );

  it.each(['ApiVersions', 'CreateTopics', 'InitProducerId', 'EndTxn', 'JoinGroup', 'Fetch'])(
    'gives up finding its position when %s stays unanswered',
    async (operation) => {
      server.switchboard.staySilent((name) => name === operation);
      const publication = publicationWithin(SHORT_MS);
      await expect(publication.position()).rejects.toThrow(PublicationTimedOut);
      await publication.close();
    },
  );

  it('closes although Kafka is silent', async () => {
    const publication = publicationWithin(LONG_MS);
    await publication.position();
    server.switchboard.staySilent();
    const batch = publication.handle(events).catch((error: Error) => error);
    await publication.close();
    server.switchboard.speak();
    await batch;
  });

  it('finds its position although its consumer group can not be deleted', async () => {
    server.switchboard.refuseNext(100, 'COORDINATOR_NOT_AVAILABLE', (name) => name === 'DeleteGroups');
    const publication = publicationWithin(LONG_MS);
    await expect(publication.position()).resolves.toBeUndefined();
    await publication.close();
  });

  it('keeps no connection of the attempts that failed', async () => {
    const publication = publicationWithin(LONG_MS);
    server.switchboard.refuseNext(1000, 'CLUSTER_AUTHORIZATION_FAILED', (name) => name === 'InitProducerId');
    for (let attempt = 0; attempt < 3; attempt++) await expect(publication.position()).rejects.toThrow();
    while (sockets.size > 0) await closed();
    expect(opened).toBeGreaterThan(3);
  });
});
