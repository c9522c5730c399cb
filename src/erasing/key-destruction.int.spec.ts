import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Document } from 'mongodb';
import { pino } from 'pino';
import { newAppend } from '../../test/fixtures/stored-appends.js';
import { OwnGround } from '../../test/subscriptions/own-ground.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { streamNameOf } from '../event-log/contact-book-stream.js';
import { EncryptedCodec } from '../event-log/encrypted-codec.js';
import { recordedErasures } from '../event-log/opened-events.js';
import { DESTROYED, KeyStoreUnavailable } from '../event-log/personal-data/data-keys.js';
import { keyOfBillingEmail, keyOfContact } from '../event-log/personal-data/key-ids.js';
import { MasterKeyWrapping } from '../event-log/personal-data/key-wrapping.js';
import { type KeyDocument, MongodbDataKeys } from '../event-log/personal-data/mongodb-data-keys.js';
import { UnknownEvent } from '../event-log/stored-form.js';
import { Leases } from '../subscriptions/leases.js';
import { Subscriber } from '../subscriptions/subscriber.js';
import { KEY_DESTRUCTION, KeyDestruction } from './key-destruction.js';

const client = { workspaceId: 'ws', clientId: 'client' };
const [ann, bob] = ['ann', 'bob'].map((contactId) => keyOfContact(client, contactId));
const TTL_MS = 1_000;
const added = (contactId: string): ContactBookEvent => ({
  type: 'ContactAdded',
  data: { contactId, email: `${contactId}@client.example`, portalEnabled: true },
});
const erased = (contactId: string): ContactBookEvent => ({
  type: 'ContactErased',
  data: { contactId, reason: 'requested' },
});

/** The points between an erasure's append and the last of its keys. */
const STEPS = ['batch read', 'half of the keys destroyed', 'keys destroyed', 'checkpoint stored'] as const;
type Step = (typeof STEPS)[number];

describe('the keys of who is erased', () => {
  let ground: OwnGround;
  let keys: MongodbDataKeys;
  let codec: EncryptedCodec;
  let revision: number;
  const subscribers: Subscriber[] = [];

  beforeEach(async () => {
    ground = await OwnGround.prepare();
    keys = new MongodbDataKeys(
      ground.database.collection<KeyDocument>('keys'),
      new MasterKeyWrapping(randomBytes(32)),
    );
    codec = new EncryptedCodec(keys);
    revision = -1;
  });
  afterEach(async () => {
    await Promise.all(subscribers.splice(0).map((subscriber) => subscriber.stop()));
    await ground.clear();
  });

  async function append(events: ContactBookEvent[], goneWith: readonly string[] = [], id = randomUUID) {
    const stored = await codec.toStoredForm(newAppend({ client, events, goneWith }), id);
    revision = await ground.eventStore.append(streamNameOf(client), revision, stored);
  }

  /** Ann, with a billing email that is hers, and Bob. Returns the keys that go with Ann. */
  async function annAndBob(): Promise<string[]> {
    await append([added('ann'), added('bob')]);
    const id = randomUUID();
    await append(
      [{ type: 'BillingEmailChanged', data: { from: null, to: 'ann@client.example' } }],
      [],
      () => id,
    );
    return [ann!, keyOfBillingEmail(client, id)];
  }

  async function annIsErased(): Promise<string[]> {
    const gone = await annAndBob();
    await append([erased('ann')], gone.slice(1));
    return gone;
  }

  /** What a process does, which may end at a step: then it does nothing more. */
  function start({ endsAt, destroy }: { endsAt?: Step; destroy?: MongodbDataKeys['destroy'] } = {}) {
    let hasEnded = false;
    const pass = async (step: Step) => {
      if (step !== endsAt) return;
      hasEnded = true;
      void subscriber.stop();
      throw new Error('the process ends here');
    };
    const handler = new KeyDestruction(
      {
        async destroy(ids) {
          await pass('batch read');
          if (endsAt === 'half of the keys destroyed') await keys.destroy(ids.slice(0, 1));
          await pass('half of the keys destroyed');
          await (destroy ?? keys.destroy.bind(keys))(ids);
          await pass('keys destroyed');
        },
      },
      ground.database.collection('checkpoints'),
      50,
    );
    const handle = handler.handle.bind(handler);
    handler.handle = async (batch, checkpoint) => {
      await handle(batch, checkpoint);
      if (batch.length > 0) await pass('checkpoint stored');
    };
    const subscriber = newSubscriber(handler);
    return { subscriber, hasEnded: () => hasEnded };
  }

  function newSubscriber(handler: KeyDestruction, fromStoredForm = recordedErasures): Subscriber {
    const subscriber = new Subscriber({
      name: KEY_DESTRUCTION,
      eventStore: ground.eventStore,
      codec: { fromStoredForm: async (stored) => fromStoredForm(stored) },
      handler,
      leases: new Leases(ground.database.collection('leases'), randomUUID(), { ttlMs: TTL_MS }),
      build: 'spec',
      log: pino({ level: 'silent' }),
      settings: { stopLimitMs: 100, retryDelayMs: 10, maxRetryDelayMs: 50 },
    });
    subscribers.push(subscriber);
    subscriber.start();
    return subscriber;
  }

  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 400 && !(await isSo()); tries++) await sleep(25);
    expect(await isSo()).toBe(true);
  }
  const areDestroyed = async (ids: readonly string[]) =>
    [...(await keys.find(ids)).values()].every((key) => key === DESTROYED);
  const isStored = async (at: number) => {
    const found = await ground.database.collection<Document & { _id: string }>('checkpoints').findOne();
    return found?.['lastEvent']?.revision === at;
  };

  /** A copy of the key store, and the way back to it. */
  async function backUp(names: readonly string[]): Promise<() => Promise<void>> {
    const collections = names.map((name) => ground.database.collection<Document>(name));
    const backup = await Promise.all(
      collections.map((collection) => collection.find({}, { promoteLongs: false }).toArray()),
    );
    return async () => {
      for (const [at, collection] of collections.entries()) {
        await collection.deleteMany({});
        await collection.insertMany(backup[at]!);
      }
    };
  }

  it('are destroyed: their own, and those of billing emails that were theirs; nobody else’s', async () => {
    const gone = await annIsErased();
    start();
    await until(() => areDestroyed(gone));
    expect((await keys.find([bob!])).get(bob!)).not.toBe(DESTROYED);
    const documents = await ground.database.collection<KeyDocument>('keys').find().toArray();
    expect(documents.filter(({ wrapped }) => wrapped).map(({ _id }) => _id)).toEqual([bob]);
  });

  it.each(STEPS)('are destroyed by the next process where one ends at: %s', async (endsAt) => {
    const gone = await annIsErased();
    const first = start({ endsAt });
    await until(first.hasEnded);
    expect(await areDestroyed(gone)).toBe(endsAt === 'keys destroyed' || endsAt === 'checkpoint stored');
    start();
    await until(async () => (await areDestroyed(gone)) && (await isStored(revision)));
    expect((await keys.find([bob!])).get(bob!)).not.toBe(DESTROYED);
  });

  it('are waited for where the key store is away', async () => {
    const gone = await annIsErased();
    let refusals = 3;
    const { subscriber } = start({
      async destroy(ids) {
        if (refusals-- > 0) throw new KeyStoreUnavailable('away');
        await keys.destroy(ids);
      },
    });
    await until(() => areDestroyed(gone));
    await until(() => subscriber.status().state === 'live');
  });

  it.each(['while it runs', 'while nothing runs'])(
    'are destroyed again where the key store is restored from a backup of before, %s',
    async (when) => {
      const { subscriber } = start();
      const gone = await annAndBob();
      await until(() => isStored(revision));
      const restore = await backUp(
        when === 'while it runs' ? ['keys', 'checkpoints'] : ['keys', 'checkpoints', 'leases'],
      );
      await append([erased('ann')], gone.slice(1));
      await until(async () => (await areDestroyed(gone)) && (await isStored(revision)));
      if (when === 'while nothing runs') await subscriber.stop();
      await restore();
      if (when === 'while nothing runs') {
        expect(await areDestroyed(gone)).toBe(false);
        start();
      }
      await until(async () => (await areDestroyed(gone)) && (await isStored(revision)));
    },
  );

  it('are not passed over for an erasure that this build does not know: nothing goes on behind it', async () => {
    const gone = await annIsErased();
    let isKnown = false;
    const subscriber = newSubscriber(
      new KeyDestruction(keys, ground.database.collection('checkpoints'), 50),
      (stored) => {
        const unknown = stored.find(({ type }) => type === 'ContactErased');
        if (unknown && !isKnown) throw new UnknownEvent(unknown);
        return recordedErasures(stored);
      },
    );
    await until(() => subscriber.status().cause === 'UnknownEvent');
    await until(() => subscriber.status().state === 'backing_off');
    expect(subscriber.status()).toMatchObject({ heldBack: 0, cause: 'UnknownEvent' });
    expect(await areDestroyed(gone)).toBe(false);
    expect(await isStored(revision)).toBe(false);
    isKnown = true;
    await until(() => areDestroyed(gone));
  });
});
