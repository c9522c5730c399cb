import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { pino } from 'pino';
import type { EventStore } from '../../src/event-log/event-store.js';
import type { EventCodec } from '../../src/event-log/stored-form.js';
import { contacts, ContactsDocuments, type ContactsView } from '../../src/read-models/contacts/contacts.js';
import { EditionKeeper } from '../../src/read-models/editions/edition-keeper.js';
import { EditionStore } from '../../src/read-models/editions/editions.js';
import { ReplicaAnnouncement } from '../../src/read-models/editions/replicas.js';
import { Projection } from '../../src/read-models/projection.js';
import type { ReadModel } from '../../src/read-models/read-model.js';
import { NoEditionServes } from '../../src/read-models/served-documents.js';
import type { BatchHandler } from '../../src/subscriptions/batch-handler.js';
import type { CheckpointDocument } from '../../src/subscriptions/checkpoint-store.js';
import { Leases } from '../../src/subscriptions/leases.js';
import { parkingIn } from '../../src/subscriptions/parking.js';
import { Subscriber } from '../../src/subscriptions/subscriber.js';
import { codec } from '../fixtures/recorded-events.js';
import { EVENTS_OF_APPEND } from './writers.js';

/** What two versions of the program differ in. */
export interface Build {
  readonly name: string;
  /** In each version that it can fold and read, the newest first. */
  readonly versions: readonly ReadModel<ContactsView>[];
  readonly codec: EventCodec;
}

/** The next version of the read model says so in each view: who reads one in the place of the other is found out. */
export const nextContacts: ReadModel<ContactsView & { readonly next: true }> = {
  ...contacts,
  version: 2,
  initial: { ...contacts.initial, next: true },
  fold: (view, appends) => ({ ...contacts.fold(view, appends), next: true }),
};

export const OLD: Build = { name: 'old', versions: [contacts], codec };

/** An event that only the newer build knows; what it means there is what `PrimaryContactChanged` means. */
export const NEW_TYPE = 'PrimaryContactNominated';
export const NEW: Build = {
  name: 'new',
  versions: [nextContacts, contacts],
  codec: {
    toStoredForm: (...append) => codec.toStoredForm(...append),
    isSameRequest: (...request) => codec.isSameRequest(...request),
    fromStoredForm: (stored, behind) =>
      codec.fromStoredForm(
        stored.map((event) =>
          event.type === NEW_TYPE ? { ...event, type: 'PrimaryContactChanged' } : event,
        ),
        behind,
      ),
  },
};

/** A subscriber as a replica of that build runs it. */
export function subscriberOf(build: Build, eventStore: EventStore, database: Db) {
  return (name: string, handler: BatchHandler): Subscriber =>
    new Subscriber({
      name,
      eventStore,
      codec: build.codec,
      handler,
      leases: new Leases(database.collection('leases'), `${build.name} ${randomUUID()}`, { ttlMs: 3_000 }),
      parking: parkingIn(database, name),
      build: build.name,
      log: pino({ level: 'silent' }),
      settings: { batchSize: 20, retryDelayMs: 20, maxRetryDelayMs: 300 },
    });
}

/** The projector's and the reader's parts of one replica, which reads all the time. */
export class ReplicaOfBuild {
  /** What nobody may ever read. */
  readonly sins = new Set<string>();
  /** How often it has read, by the version of what it read. */
  readonly reads = new Map<number, number>();
  /** How often nothing served that it can read, before the first thing did. */
  unserved = 0;
  private readonly keeper: EditionKeeper;
  private readonly announcement: ReplicaAnnouncement;
  private readonly served: ContactsDocuments;
  private isStopped = false;
  private reading: Promise<void> = Promise.resolve();

  constructor(
    build: Build,
    eventStore: EventStore,
    private readonly database: Db,
    /** As soon as something is served, each list has at least so many. */
    private readonly clients: number,
  ) {
    const checkpoints = database.collection<CheckpointDocument>('checkpoints');
    const editions = new EditionStore(database.collection('aliases'));
    const subscriber = subscriberOf(build, eventStore, database);
    this.keeper = new EditionKeeper({
      readModels: build.versions,
      editions,
      eventStore,
      checkpoints,
      subscriberFor: (readModel, name) =>
        subscriber(name, new Projection(readModel, database.collection(name), checkpoints)),
      log: pino({ level: 'silent' }),
    });
    this.announcement = new ReplicaAnnouncement(database.collection('replicas'), build.versions, build.name);
    this.served = new ContactsDocuments(database, editions, build.versions);
  }

  start(): this {
    this.keeper.start();
    this.announcement.start();
    this.reading = this.read();
    return this;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all([this.reading, this.keeper.stop(), this.announcement.stop()]);
  }

  /** Whether it runs the subscriber that keeps this edition. */
  holds(edition: string): boolean {
    const state = this.keeper.kept.find(({ name }) => name === edition)?.status().state;
    return state === 'live' || state === 'catching_up';
  }

  private async read(): Promise<void> {
    while (!this.isStopped) {
      await this.look().catch((error: Error) => {
        if (error instanceof NoEditionServes && this.reads.size === 0) this.unserved += 1;
        else this.sins.add(error.name);
      });
      await sleep(10);
    }
  }

  private async look(): Promise<void> {
    const { found, version } = await this.served.read(async ({ documents, version }) => ({
      found: await documents.find({ workspaceId: 'ws' }).toArray(),
      version,
    }));
    if (found.length < this.clients) this.sins.add(`a list of ${found.length} clients`);
    for (const { _id, revision, view } of found) {
      if ((revision + 1) % EVENTS_OF_APPEND !== 0) this.sins.add(`the middle of an append of ${_id}`);
      if ('next' in view !== (version === nextContacts.version))
        this.sins.add(`${_id} in the form of another version than ${version}`);
    }
    this.reads.set(version, (this.reads.get(version) ?? 0) + 1);
  }
}
