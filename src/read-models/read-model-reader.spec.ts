import { describe, expect, it } from '@jest/globals';
import {
  type Collection,
  type Db,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoTopologyClosedError,
} from 'mongodb';
import { DataKeysInMemory } from '../../test/fixtures/data-keys-in-memory.js';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import { initial } from '../contact-book/contact-book.js';
import { EncryptedCodec } from '../event-log/encrypted-codec.js';
import { documentOfBook } from './book-document.js';
import { contacts, type ContactsView } from './contacts/contacts.js';
import type { Editions } from './editions/editions.js';
import { ReadModelReader } from './read-model-reader.js';
import type { ReadModelDocument } from './read-model.js';
import { ReadModelUnavailable, ServedDocuments } from './served-documents.js';
import { WrittenDocuments } from './written-documents.js';

const ALIAS: Editions = {
  _id: 'contacts',
  change: 1,
  serving: 1,
  former: null,
  editions: [{ number: 1, version: 1, state: 'kept' }],
  lastNumber: 1,
};
const client = { workspaceId: 'ws', clientId: 'c' };

/** A reader over documents whose revision is what `revisionAt` gives for the nth look, and the projections it asks for. */
function readerOver(
  revisionAt: (look: number) => number | Error,
  waitMs: number,
  { isHeldBack = false, pollMs = 5 } = {},
) {
  const looks: (object | undefined)[] = [];
  const documents = {
    collectionName: 'contacts_v1_1',
    async findOne(
      _: object,
      options?: { projection: object },
    ): Promise<Partial<ReadModelDocument<ContactsView>>> {
      looks.push(options?.projection);
      const revision = revisionAt(looks.length);
      if (revision instanceof Error) throw revision;
      return options?.projection
        ? { _id: 'ws/c', revision }
        : { _id: 'ws/c', revision, book: documentOfBook(initial()), view: contacts.initial };
    },
  } as unknown as Collection<ReadModelDocument<ContactsView>>;
  const codec = new EncryptedCodec(new DataKeysInMemory());
  const database = { collection: () => documents } as unknown as Db;
  const editions = { load: () => Promise.resolve(ALIAS) };
  const served = new ServedDocuments(database, editions, [contacts]);
  const heldBack = { holds: () => Promise.resolve(isHeldBack) };
  const written = new WrittenDocuments();
  const log = new EventStoreInMemory();
  const settings = { waitMs, pollMs };
  const reader = new ReadModelReader(contacts, served, log, codec, heldBack, written, settings);
  return { looks, written, reader };
}

describe('a read of a client', () => {
  it('looks at the revision alone until it is there, and only then at the document', async () => {
    const { looks, reader } = readerOver((look) => look, 10_000);
    expect(await reader.read(client, { minRevision: 3 })).toMatchObject({
      revision: 4,
      source: 'read_model',
    });
    const revisionAlone = { revision: 1 };
    expect(looks).toEqual([revisionAlone, revisionAlone, revisionAlone, undefined]);
  });

  it('waits twice as long before each look, so that a revision that never comes costs few', async () => {
    const { looks, reader } = readerOver(() => 0, 300);
    expect(await reader.read(client, { minRevision: 999_999 })).toMatchObject({ source: 'log' });
    // 5, 10, 20, 40, 80, 100 and 100 ms of pauses reach the end of the wait, however slow the machine.
    expect(looks.length).toBeLessThanOrEqual(8);
  });

  const NEVER = 30_000;

  it('is woken by the projector of its process, and not by what that writes of others', async () => {
    let revision = 2;
    const { looks, written, reader } = readerOver(() => revision, NEVER, { pollMs: NEVER });
    const reading = reader.read(client, { minRevision: 3 });
    await until(() => looks.length === 1);
    written.tell('contacts_v1_1', ['ws/other']);
    written.tell('contacts_v1_2', ['ws/c']);
    await new Promise(setImmediate);
    expect(looks).toHaveLength(1);
    revision = 3;
    written.tell('contacts_v1_1', ['ws/c']);
    expect(await reading).toMatchObject({ revision: 3, source: 'read_model' });
    expect(written.watched).toBe(0);
  });

  it('does not miss what is written while it looks', async () => {
    const { written, reader } = readerOver(
      (look) => {
        if (look === 1) written.tell('contacts_v1_1', ['ws/c']);
        return look === 1 ? 2 : 3;
      },
      NEVER,
      { pollMs: NEVER },
    );
    expect(await reader.read(client, { minRevision: 3 })).toMatchObject({ source: 'read_model' });
  });

  it.each([
    ['has waited for long enough', () => 0],
    ['fails', () => new MongoNetworkError('closed')],
  ])('leaves nothing behind where it %s', async (_, revisionAt) => {
    const { written, reader } = readerOver(revisionAt, 20);
    await reader.read(client, { minRevision: 3 }).catch(() => {});
    expect(written.watched).toBe(0);
  });

  it('looks once where no revision is asked for', async () => {
    const { looks, reader } = readerOver(() => 7, 300);
    expect(await reader.read(client)).toMatchObject({ revision: 7 });
    expect(looks).toHaveLength(1);
  });

  it('goes to the log where the document has fallen behind what it had', async () => {
    const { reader } = readerOver((look) => (look === 1 ? 5 : 4), 300);
    expect(await reader.read(client, { minRevision: 5 })).toMatchObject({ source: 'log' });
  });

  it.each([
    new MongoServerError({ code: 10_107, message: 'not primary' }),
    new MongoServerError({ code: 91, message: 'shutdown in progress' }),
    new MongoServerError({ code: 11_602, message: 'interrupted due to replica state change' }),
    new MongoNetworkError('closed'),
    new MongoNotConnectedError('not connected'),
    new MongoTopologyClosedError('closed'),
  ])('raises ReadModelUnavailable for %s, while it waits and while it reads', async (error) => {
    const { reader } = readerOver(() => error, 300);
    await expect(reader.read(client)).rejects.toThrow(ReadModelUnavailable);
    await expect(reader.read(client, { minRevision: 3 })).rejects.toThrow(ReadModelUnavailable);
    const later = readerOver((look) => (look === 1 ? 3 : error), 300);
    await expect(later.reader.read(client, { minRevision: 3 })).rejects.toMatchObject({ cause: error });
  });

  it('folds the log at once where the client is held back, and says so', async () => {
    const { looks, reader } = readerOver(() => 0, 300, { isHeldBack: true });
    const read = await reader.read(client, { minRevision: 3 });
    expect(read).toMatchObject({ source: 'log', heldBack: true });
    expect(looks).toEqual([]);
  });

  it('leaves faults of the code what they are', async () => {
    const { reader } = readerOver(() => new TypeError('a fault'), 300);
    await expect(reader.read(client)).rejects.toThrow(TypeError);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !isSo(); turn++) await new Promise(setImmediate);
}
