import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Collection, MongoClient } from 'mongodb';
import type { ContactBookCommand } from '../../src/contact-book/commands.js';
import { loadBook } from '../../src/event-log/contact-book-log.js';
import { type ClientRef, streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { EncryptedCodec } from '../../src/event-log/encrypted-codec.js';
import type { StoredEvent } from '../../src/event-log/event-store.js';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { keyOfContact } from '../../src/event-log/personal-data/key-ids.js';
import { MasterKeyWrapping } from '../../src/event-log/personal-data/key-wrapping.js';
import { type KeyDocument, MongodbDataKeys } from '../../src/event-log/personal-data/mongodb-data-keys.js';
import { SHARED_KEYS } from '../fixtures/shared-log-codec.js';
import { add, commandHandler, newClient, type SentCommand } from './command-handler.js';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe('a service process that is killed when the key is stored and the event is not', () => {
  let eventStore: EventStoreDb;
  let mongo: MongoClient;
  let documents: Collection<KeyDocument>;
  let codec: EncryptedCodec;
  let client: ClientRef;

  beforeAll(() => {
    eventStore = new EventStoreDb({ url: process.env['EVENTSTORE_URL']!, deadlineMs: 15_000 });
    mongo = new MongoClient(process.env['MONGODB_URL']!);
    documents = mongo.db(SHARED_KEYS.KEYS_MONGODB_DATABASE).collection('keys');
    const wrapping = new MasterKeyWrapping(Buffer.from(SHARED_KEYS.MASTER_KEY, 'base64'));
    codec = new EncryptedCodec(new MongodbDataKeys(documents, wrapping));
  });
  afterAll(() => Promise.all([eventStore.close(), mongo.close()]));
  beforeEach(() => {
    client = newClient();
  });

  /** SIGKILL once the process is about to append. */
  async function killBeforeAppendOf(sent: SentCommand): Promise<void> {
    const child = fork(file('killed-before-append.ts'), {
      execArgv: ['--no-warnings', '--import', file('run-typescript.mjs')],
    });
    const ended = once(child, 'exit');
    const ready = await Promise.race([once(child, 'message'), ended]);
    expect(ready[0]).toBe('ready');
    child.send(sent);
    const told = await Promise.race([once(child, 'message'), ended]);
    expect(told[0]).toBe('about to append');
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
  }

  async function stream(): Promise<StoredEvent[]> {
    const stored: StoredEvent[] = [];
    for await (const event of eventStore.read(streamNameOf(client), 0)) stored.push(event);
    return stored;
  }
  const sent = (command: ContactBookCommand): SentCommand => ({ client, command, commandId: randomUUID() });

  it('leaves a key and no contact; the same command again adds the contact, under that very key', async () => {
    const adding = sent(add('ann'));
    await killBeforeAppendOf(adding);
    const key = await documents.findOne({ _id: keyOfContact(client, 'ann') });
    expect(key).toMatchObject({ state: 'present' });
    expect(await stream()).toEqual([]);

    const again = await commandHandler(eventStore, { codec })(adding);
    expect(again).toEqual({ revision: 0, isReplay: false, contacts: ['ann'] });
    expect(await documents.findOne({ _id: key!._id })).toEqual(key);
    const { book } = await loadBook(eventStore, codec, client);
    expect(book.contacts.get('ann')).toMatchObject({ email: 'ann@client.example' });
  });

  it('leaves a key of a billing email that no event names, and which nobody asks for: other commands go on', async () => {
    const other = commandHandler(eventStore, { codec });
    await other(sent(add('ann')));
    const before = await stream();
    const setting = sent({ type: 'SetBillingEmail', email: 'pay@client.example' });
    await killBeforeAppendOf(setting);
    expect(await stream()).toEqual(before);

    expect(await other(sent(add('bob')))).toMatchObject({ revision: 1, contacts: ['ann', 'bob'] });
    expect(await other(setting)).toMatchObject({ revision: 2, isReplay: false });
    expect((await loadBook(eventStore, codec, client)).book.billingEmail).toBe('pay@client.example');
  });
});
