import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadBook } from '../../src/event-log/contact-book-log.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { codec } from '../fixtures/shared-log-codec.js';
import { add, commandsOf, historyOf, newClient } from './command-handler.js';
import { ReplicaProcess } from './replica-process.js';

const REPLICAS = 4;
const WRITERS = 200;
const RACES = 20;

describe('commands to one client by several service processes', () => {
  let eventStore: EventStoreDb;
  let replicas: ReplicaProcess[];

  beforeAll(async () => {
    const url = process.env['EVENTSTORE_URL']!;
    eventStore = new EventStoreDb({ url, deadlineMs: 15_000 });
    replicas = await Promise.all(
      Array.from({ length: REPLICAS }, () => ReplicaProcess.start(url, { deadlineMs: 15_000 })),
    );
  }, 60_000);
  afterAll(() => Promise.all([...replicas.map((replica) => replica.stop()), eventStore.close()]));

  const replica = (index: number) => replicas[index % REPLICAS]!;

  it(`of ${WRITERS} writers at once, each one is acknowledged, and is in the log once`, async () => {
    const client = newClient();
    const sent = Array.from({ length: WRITERS }, (_, index) => ({
      client,
      command: add(`contact-${index}`, { primary: true, billingDefault: index % 2 === 0 }),
      commandId: randomUUID(),
    }));
    const outcomes = await Promise.all(sent.map((command, index) => replica(index).send(command)));
    expect(outcomes.filter((outcome) => 'failure' in outcome)).toEqual([]);

    const history = await historyOf(eventStore, client);
    expect(history.map(({ revision }) => revision)).toEqual(history.map((_, index) => index));
    expect(commandsOf(history).toSorted()).toEqual(sent.map(({ commandId }) => commandId).toSorted());
    // Each answered with the revision at which its own append ends.
    const ends = new Map(
      history.filter(({ isLastOfAppend }) => isLastOfAppend).map((end) => [end.commandId, end.revision]),
    );
    for (const [index, { commandId }] of sent.entries()) {
      const outcome = outcomes[index]!;
      if ('revision' in outcome) expect(outcome.revision).toBe(ends.get(commandId));
    }
    // One holder of a flag at a time: each takes it from the one before.
    for (const flag of ['PrimaryContactChanged', 'BillingDefaultChanged']) {
      const moves = history.flatMap(({ event }) =>
        event.type === flag && 'from' in event.data ? [event.data] : [],
      );
      expect(moves.map(({ from }) => from)).toEqual([null, ...moves.slice(0, -1).map(({ to }) => to)]);
    }
    const { book } = await loadBook(eventStore, codec, client);
    expect(book.contacts.size).toBe(WRITERS);
  }, 180_000);

  it('with one key and different bodies at one instant: one wins, the other is refused and leaves no contact', async () => {
    for (let race = 0; race < RACES; race++) {
      const client = newClient();
      const commandId = randomUUID();
      if (race % 2 === 1) {
        // On streams that both have cached, too.
        await replica(0).send({ client, command: add('first') });
        await replica(1).send({ client, command: { type: 'SetPrimaryContact', contactId: 'nobody' } });
      }
      const outcomes = await Promise.all(
        ['ann', 'bob'].map((name, index) => replica(index).send({ client, command: add(name), commandId })),
      );
      const winners = outcomes.filter((outcome) => 'revision' in outcome);
      expect(winners).toHaveLength(1);
      expect(outcomes).toContainEqual({ failure: 'CommandIdReused' });
      const history = await historyOf(eventStore, client);
      expect(commandsOf(history).filter((id) => id === commandId)).toHaveLength(1);
      const { book } = await loadBook(eventStore, codec, client);
      expect([...book.contacts.keys()]).toEqual('contacts' in winners[0]! ? winners[0].contacts : []);
    }
  }, 60_000);

  it('with one key and one body at one instant: both are told of the one append', async () => {
    const client = newClient();
    const sent = { client, command: add('ann'), commandId: randomUUID() };
    const outcomes = await Promise.all(replicas.map((each) => each.send(sent)));
    expect(outcomes).toEqual(replicas.map(() => expect.objectContaining({ revision: 0, contacts: ['ann'] })));
    expect(outcomes.filter((outcome) => 'isReplay' in outcome && !outcome.isReplay)).toHaveLength(1);
    expect(await historyOf(eventStore, client)).toHaveLength(1);
  });
});
