import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContactBookEvent } from '../../src/contact-book/events.js';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { contacts } from '../../src/read-models/contacts/contacts.js';
import { cutOver, type EditionPlaces, rollBack } from '../../src/read-models/editions/change-edition.js';
import { EditionStore } from '../../src/read-models/editions/editions.js';
import { rebuild } from '../../src/read-models/editions/rebuild.js';
import { verify } from '../../src/read-models/editions/verify.js';
import type { ReadModel, ReadModelDocument } from '../../src/read-models/read-model.js';
import { readCheckpoint } from '../../src/subscriptions/checkpoint-store.js';
import type { LeaseDocument } from '../../src/subscriptions/lease.js';
import { Leases } from '../../src/subscriptions/leases.js';
import { codec } from '../fixtures/recorded-events.js';
import { newAppend } from '../fixtures/stored-appends.js';
import { OwnGround } from './own-ground.js';
import {
  type Build,
  NEW,
  NEW_TYPE,
  nextContacts,
  OLD,
  ReplicaOfBuild,
  subscriberOf,
} from './replica-of-build.js';
import { EVENTS_OF_APPEND, Writers } from './writers.js';

const CLIENTS = 20;
const OLD_EDITION = 'contacts_v1_1';
const NEW_EDITION = 'contacts_v2_2';
const client = { workspaceId: 'ws', clientId: 'nominating' };
const stream = streamNameOf(client);
const added = (contactId: string): ContactBookEvent => ({
  type: 'ContactAdded',
  data: { contactId, email: `${contactId}@client.example`, portalEnabled: true },
});

describe('replicas of two builds, of which only the newer knows an event and a version of a read model', () => {
  let ground: OwnGround;
  let writers: Writers;
  let places: EditionPlaces;
  let replicas: ReplicaOfBuild[];
  let revision: number;

  beforeEach(async () => {
    ground = await OwnGround.prepare();
    const { database, eventStore } = ground;
    writers = new Writers(eventStore, { clients: CLIENTS, pauseMs: 20 });
    for (let each = 0; each < CLIENTS; each++) await writers.write(each);
    places = {
      database,
      editions: new EditionStore(database.collection('aliases')),
      eventStore,
      checkpoints: database.collection('checkpoints'),
      replicas: database.collection('replicas'),
      leases: new Leases(database.collection('leases'), randomUUID(), { ttlMs: 3_000 }),
      limitMs: 20_000,
      answersEndMs: 100,
      rebuildEndsMs: 8_000,
    };
    replicas = [];
    revision = -1;
    writers.start();
  });
  afterEach(async () => {
    await Promise.all([writers.stop(), ...replicas.map((replica) => replica.stop())]);
    await ground.clear();
  });

  function deploy(build: Build): ReplicaOfBuild {
    const replica = new ReplicaOfBuild(build, ground.eventStore, ground.database, CLIENTS).start();
    replicas.push(replica);
    return replica;
  }

  /** What a replica of the newer build writes: the old one knows the first append, and none of the others. */
  async function nominate(): Promise<void> {
    const people = ['ann', 'bob', 'ann', 'eve'];
    const isFirst = revision < 0;
    const events: ContactBookEvent[] = isFirst
      ? people.slice(1).map(added)
      : people.slice(1).map((to, index) => {
          return { type: 'PrimaryContactChanged', data: { from: people[index]!, to } };
        });
    const stored = await codec.toStoredForm(newAppend({ client, events }), randomUUID);
    await ground.eventStore.append(
      stream,
      revision,
      isFirst ? stored : stored.map((event) => ({ ...event, type: NEW_TYPE })),
    );
    revision += EVENTS_OF_APPEND;
  }

  const documents = (edition: string) => ground.database.collection<ReadModelDocument>(edition);
  const heldBackIn = async (edition: string) =>
    (await readCheckpoint(places.checkpoints, edition))?.heldBack ?? [];
  const seenIn = async (edition: string) =>
    (await documents(edition).findOne({ _id: 'ws/nominating' }))?.revision;
  const holdsBack = (edition: string, from: number) =>
    eventually(async () => {
      const [held] = await heldBackIn(edition);
      return held?.stream === stream && held.from === from && held.to === revision;
    });
  const hasReplayed = (edition: string) =>
    eventually(async () => (await seenIn(edition)) === revision && (await heldBackIn(edition)).length === 0);
  /** The other clients go on, whoever is held back. */
  async function othersGoOn(edition: string): Promise<void> {
    const sum = async () => {
      const found = await documents(edition).find({ clientId: /^c\d/ }).toArray();
      return found.reduce((total, document) => total + document.revision, 0);
    };
    const before = await sum();
    await eventually(async () => (await sum()) > before + 5 * EVENTS_OF_APPEND);
  }

  async function differences(readModel: ReadModel<object>, edition: string): Promise<string[]> {
    const { eventStore } = ground;
    const verified = { readModel, documents: documents(edition), eventStore, codec: NEW.codec };
    const found: string[] = [];
    for await (const { client, kind } of verify(verified, () => {})) found.push(`${client} ${kind}`);
    return found;
  }

  it('are rolled out, cut over, rolled back and rolled out again: nothing is skipped, and each read is whole', async () => {
    const options = {
      signal: new AbortController().signal,
      progress: () => {},
      waiting: () => {},
      subscriberFor: subscriberOf(NEW, ground.eventStore, ground.database),
    };
    await nominate();
    const old = deploy(OLD);
    await eventually(async () => old.reads.has(1));

    // Both: the newer one writes what the old one, which holds the lease, does not know.
    const newer = deploy(NEW);
    await eventually(async () => newer.reads.has(1));
    const known = revision;
    await nominate();
    await holdsBack(OLD_EDITION, known + 1);
    await nominate();
    await holdsBack(OLD_EDITION, known + 1);
    await othersGoOn(OLD_EDITION);
    expect(await seenIn(OLD_EDITION)).toBe(known);
    expect(await rebuild(places, nextContacts, options)).toMatchObject({ number: 2, version: 2 });
    await expect(cutOver(places, 'contacts')).rejects.toThrow(/1 live replicas can't read version 2/);

    // The newer one alone: it takes over, replays, and may serve its own version.
    await old.stop();
    await hasReplayed(OLD_EDITION);
    expect((await cutOver(places, 'contacts')).version).toBe(2);
    await nominate();
    await hasReplayed(NEW_EDITION);
    await eventually(async () => newer.reads.has(2));

    // Back: the alias first, since a build gives no answer from a version that it does not know.
    const early = deploy(OLD);
    await eventually(async () => early.unserved > 0);
    await early.stop();
    expect(early.reads.size).toBe(0);
    expect((await rollBack(places, 'contacts')).version).toBe(1);
    await newer.stop();
    const back = deploy(OLD);
    await eventually(async () => back.holds(OLD_EDITION));
    const before = revision;
    await nominate();
    await holdsBack(OLD_EDITION, before + 1);
    await othersGoOn(OLD_EDITION);

    // And out again: the edition that nobody could keep meanwhile has lost nothing either.
    const again = deploy(NEW);
    await eventually(async () => again.holds(NEW_EDITION));
    await back.stop();
    await hasReplayed(OLD_EDITION);
    expect((await cutOver(places, 'contacts')).version).toBe(2);
    await eventually(async () => again.reads.has(2));
    await writers.stop();
    expect(await differences(contacts, OLD_EDITION)).toEqual([]);
    expect(await differences(nextContacts, NEW_EDITION)).toEqual([]);
    for (const { sins } of replicas) expect([...sins]).toEqual([]);
  }, 180_000);

  it('pass a lease to and fro: the newer one replays what the old one did not know each time that it comes back to it', async () => {
    await nominate();
    const old = deploy(OLD);
    await eventually(async () => old.reads.has(1));
    const newer = deploy(NEW);
    await takeTurns(newer, NEW);
    for (let round = 0; round < 2; round++) {
      await takeTurns(old, OLD);
      const before = revision;
      await nominate();
      await holdsBack(OLD_EDITION, before + 1);
      await takeTurns(newer, NEW);
      await hasReplayed(OLD_EDITION);
    }
    await writers.stop();
    expect(await differences(contacts, OLD_EDITION)).toEqual([]);
    for (const { sins } of replicas) expect([...sins]).toEqual([]);
  });

  /** Takes the lease away from whoever has it, until it is a replica of that build, and it follows the log. */
  async function takeTurns(replica: ReplicaOfBuild, { name }: Build): Promise<void> {
    const leases = ground.database.collection<LeaseDocument>('leases');
    await eventually(async () => {
      const others = { _id: OLD_EDITION, holder: { $not: new RegExp(`^${name} `) } };
      await leases.updateOne(others, { $set: { released: true } });
      return (await leases.countDocuments(others)) === 0 && replica.holds(OLD_EDITION);
    });
  }
});

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 30_000;
  while (!(await isSo())) {
    if (performance.now() >= until) throw new Error('it never was so');
    await sleep(20);
  }
}
