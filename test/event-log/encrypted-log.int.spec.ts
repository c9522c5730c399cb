import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Collection, MongoClient } from 'mongodb';
import { loadBook } from '../../src/event-log/contact-book-log.js';
import { type ClientRef, streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { EncryptedCodec } from '../../src/event-log/encrypted-codec.js';
import type { StoredEvent } from '../../src/event-log/event-store.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { CachedDataKeys } from '../../src/event-log/personal-data/cached-data-keys.js';
import {
  KeyMissing,
  KeyStoreUnavailable,
  WrongMasterKey,
} from '../../src/event-log/personal-data/data-keys.js';
import { keyOfContact } from '../../src/event-log/personal-data/key-ids.js';
import { MasterKeyWrapping } from '../../src/event-log/personal-data/key-wrapping.js';
import { type KeyDocument, MongodbDataKeys } from '../../src/event-log/personal-data/mongodb-data-keys.js';
import { everyEvent, newAppend, PERSONAL_TEXTS } from '../fixtures/stored-appends.js';
import { SHARED_KEYS } from '../fixtures/shared-log-codec.js';

describe('the log with its key store', () => {
  const masterKey = Buffer.from(SHARED_KEYS.MASTER_KEY, 'base64');
  let eventStore: EventStoreDb;
  let mongo: MongoClient;
  let documents: Collection<KeyDocument>;
  let keys: MongodbDataKeys;

  beforeAll(() => {
    eventStore = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 5000 });
    mongo = new MongoClient(process.env['MONGODB_URL']!, { socketTimeoutMS: 5000 });
    documents = mongo.db(SHARED_KEYS.KEYS_MONGODB_DATABASE).collection('keys');
    keys = new MongodbDataKeys(documents, new MasterKeyWrapping(masterKey));
  });
  afterAll(() => Promise.all([eventStore.close(), mongo.close()]));

  const newClient = (): ClientRef => ({ workspaceId: 'ws', clientId: randomUUID() });

  /** Appends to a new stream as a command does: the keys first, then the events. */
  async function append(client: ClientRef, codec: EncryptedCodec, events = everyEvent) {
    const append = newAppend({ client, events, reason: 'Ann Zwölfer rang', request: 'faktura' });
    const stored = await codec.toStoredForm(append, randomUUID);
    return eventStore.append(streamNameOf(client), -1, stored);
  }
  async function rawStream(client: ClientRef): Promise<StoredEvent[]> {
    const stored: StoredEvent[] = [];
    for await (const event of eventStore.read(streamNameOf(client), 0)) stored.push(event);
    return stored;
  }

  it('gives back what one process stored to another one, which has nothing in memory', async () => {
    const client = newClient();
    await append(client, new EncryptedCodec(new CachedDataKeys(keys, { maxKeys: 10, lifeMs: 60_000 })));
    const other = new EncryptedCodec(new MongodbDataKeys(documents, new MasterKeyWrapping(masterKey)));
    const recorded = await other.fromStoredForm(await rawStream(client));
    expect(recorded.map(({ event }) => event)).toEqual(everyEvent);
    expect(recorded[0]!.reason).toBe('Ann Zwölfer rang');
  });

  it('holds no personal text in any byte of data and metadata, nor do the key documents', async () => {
    const client = newClient();
    await append(client, new EncryptedCodec(keys));
    const stored = await rawStream(client);
    const keyIds = stored.flatMap(({ metadata }) => metadata['keyIds'] as string[]);
    const text = [
      ...stored.map(({ data, metadata }) => JSON.stringify([data, metadata])),
      ...(await documents.find({ _id: { $in: keyIds } }).toArray()).map((document) =>
        JSON.stringify(document),
      ),
    ].join('\n');
    expect(stored).toHaveLength(everyEvent.length);
    for (const personal of [...PERSONAL_TEXTS, 'rang']) {
      expect(text).not.toContain(personal);
      for (const encoding of ['hex', 'base64'] as const)
        expect(text).not.toContain(Buffer.from(personal).toString(encoding).replace(/=+$/, ''));
    }
  });

  it('stores nothing while the key store does not answer, and raises KeyStoreUnavailable for reads too', async () => {
    const [client, written] = [newClient(), newClient()];
    const lost = new MongoClient('mongodb://127.0.0.1:1/?directConnection=true', {
      serverSelectionTimeoutMS: 100,
    });
    const lostKeys = new MongodbDataKeys(
      lost.db('keys').collection('keys'),
      new MasterKeyWrapping(masterKey),
    );
    const codec = new EncryptedCodec(lostKeys);
    await expect(append(client, codec)).rejects.toThrow(KeyStoreUnavailable);
    expect(await rawStream(client)).toEqual([]);
    await append(written, new EncryptedCodec(keys));
    await expect(loadBook(eventStore, codec, written)).rejects.toThrow(KeyStoreUnavailable);
    await lost.close();
  });

  it('is left right by a process that ends between a key and its first event', async () => {
    const client = newClient();
    await new EncryptedCodec(keys).toStoredForm(newAppend({ client, events: everyEvent }), randomUUID);
    expect(await rawStream(client)).toEqual([]);
    await append(client, new EncryptedCodec(keys));
    const recorded = await new EncryptedCodec(keys).fromStoredForm(await rawStream(client));
    expect(recorded.map(({ event }) => event)).toEqual(everyEvent);
  });

  it('is not read by a service with another master key, and says so without what is in it', async () => {
    const client = newClient();
    await append(client, new EncryptedCodec(keys));
    const other = new EncryptedCodec(new MongodbDataKeys(documents, new MasterKeyWrapping(randomBytes(32))));
    const error = await loadBook(eventStore, other, client).catch((error: Error) => error);
    expect(error).toBeInstanceOf(WrongMasterKey);
    for (const personal of PERSONAL_TEXTS) expect((error as Error).message).not.toContain(personal);
  });

  it('is an error where a key was lost', async () => {
    const client = newClient();
    const added = everyEvent.slice(0, 1);
    await append(client, new EncryptedCodec(keys), added);
    const id = keyOfContact(client, 'ann');
    const key = await documents.findOneAndDelete({ _id: id });
    await expect(loadBook(eventStore, new EncryptedCodec(keys), client)).rejects.toEqual(new KeyMissing(id));
    await documents.insertOne(key!);
  });
});
