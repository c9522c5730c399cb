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
function readerOver(revisionAt: (look: number) => number | Error, waitMs: number, isHeldBack = false) {
  const looks: (object | undefined)[] = [];
  const documents = {
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
  const settings = { waitMs, pollMs: 5 };
  return {
    looks,
    reader: new ReadModelReader(contacts, served, new EventStoreInMemory(), codec, heldBack, settings),
  };
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
    const { looks, reader } = readerOver(() => 0, 300, true);
    const read = await reader.read(client, { minRevision: 3 });
    expect(read).toMatchObject({ source: 'log', heldBack: true });
    expect(looks).toEqual([]);
  });

  it('leaves faults of the code what they are', async () => {
    const { reader } = readerOver(() => new TypeError('a fault'), 300);
    await expect(reader.read(client)).rejects.toThrow(TypeError);
  });
});
