import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Db, Long, MongoClient } from 'mongodb';
import { recordedEvents } from '../../test/fixtures/recorded-events.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { GetBillingRoutes, GetBillingRoutesHandler } from './billing-routing/get-billing-routes.js';
import { billingRouting, BillingRoutingDocuments } from './billing-routing/billing-routing.js';
import {
  type BillingRouteCriteria,
  ListBillingRoutes,
  ListBillingRoutesHandler,
} from './billing-routing/list-billing-routes.js';
import { contacts, ContactsDocuments } from './contacts/contacts.js';
import { ListClients, ListClientsHandler } from './contacts/list-clients.js';
import { type ContactCriteria, SearchContacts, SearchContactsHandler } from './contacts/search-contacts.js';
import { FindPortalAccess, FindPortalAccessHandler } from './portal-access/find-portal-access.js';
import { portalAccess, PortalAccessDocuments } from './portal-access/portal-access.js';
import { HeldBackByCheckpoint } from './held-back.js';
import { project, type ReadModel, type ReadModelDocument } from './read-model.js';
import { type Editions, editionName, EditionStore } from './editions/editions.js';
import type { CheckpointDocument } from '../subscriptions/checkpoint-store.js';
import { CursorOutdated, type PageCursor, type WorkspacePage } from './workspace-page.js';

const added = (contactId: string, email: string, more: object = {}): ContactBookEvent => ({
  type: 'ContactAdded',
  data: { contactId, email, portalEnabled: true, ...more },
});
const primary = (to: string): ContactBookEvent => ({
  type: 'PrimaryContactChanged',
  data: { from: null, to },
});
const billingEmail = (to: string): ContactBookEvent => ({
  type: 'BillingEmailChanged',
  data: { from: null, to },
});

const books: Record<string, Record<string, ContactBookEvent[]>> = {
  ws: {
    garnier: [
      added('g2', 'Margaux@Mönch.example', { name: 'Margaux Le Fèvre', title: 'Head of Accounts' }),
      added('g1', 'post@garnier.example', { name: "Anna O'Brien", title: 'Accounts', portalEnabled: false }),
      primary('g2'),
    ],
    kestrel: [added('k1', 'margaux@xn--mnch-5qa.example', { name: 'MARGAUX (assistant)' })],
    lagoon: [added('l1', 'info@lagoon.example'), billingEmail('bills@lagoon.example')],
    nordlys: [added('n1', 'ola@nordlys.example'), billingEmail('Ola@nordlys.example')],
  },
  other: { garnier: [added('o1', 'margaux@mönch.example', { name: 'Margaux Le Fèvre' })] },
};

describe('queries over a workspace', () => {
  let mongo: MongoClient;
  let database: Db;
  let editions: EditionStore;
  let heldBack: HeldBackByCheckpoint;
  let search: (
    criteria: ContactCriteria,
    limit?: number,
    after?: PageCursor,
  ) => Promise<WorkspacePage<Found>>;
  type Found = { clientId: string; contact: { contactId: string } };

  beforeAll(async () => {
    mongo = new MongoClient(process.env['MONGODB_URL']!, { socketTimeoutMS: 5000 });
    database = mongo.db(`queries_${randomUUID().slice(0, 8)}`);
    heldBack = new HeldBackByCheckpoint(database.collection('checkpoints'));
    editions = new EditionStore(database.collection<Editions>('aliases'));
    for (const readModel of [contacts, billingRouting, portalAccess] as ReadModel<object>[]) {
      const first = await editions.loadOrBegin(readModel.name, readModel.version);
      await editions.replace(first, { serving: 1 });
      const name = editionName(readModel.name, first.editions[0]!);
      const documents = database.collection<ReadModelDocument>(name);
      await documents.createIndexes([...readModel.indexes]);
      for (const [workspaceId, clients] of Object.entries(books)) {
        for (const [clientId, events] of Object.entries(clients)) {
          const client = { workspaceId, clientId };
          await documents.insertOne(project(readModel, client, undefined, recordedEvents(client, [events]))!);
        }
      }
    }
    const handler = new SearchContactsHandler(
      new ContactsDocuments(database, editions, [contacts]),
      heldBack,
    );
    search = (criteria, limit = 10, after) =>
      handler.execute(new SearchContacts('ws', criteria, limit, after));
  });
  afterAll(async () => {
    await database.dropDatabase();
    await mongo.close();
  });

  const idsOf = ({ items }: WorkspacePage<Found>) => items.map(({ contact }) => contact.contactId);

  describe('for contacts', () => {
    it.each<[string, ContactCriteria, string[]]>([
      ['nothing fits everyone, by client and contact', {}, ['g1', 'g2', 'k1', 'l1', 'n1']],
      ['the beginning of a word of the name, in any case', { name: 'fÈV' }, ['g2']],
      ['every word, in any order', { name: 'le marg' }, ['g2']],
      ['but not the middle of a word', { name: 'argaux' }, []],
      ['a name with an apostrophe', { name: "o'brien" }, ['g1']],
      ['the beginning of the title', { title: 'acc' }, ['g1', 'g2']],
      ['the address in any case', { email: 'MARGAUX@' }, ['g2', 'k1']],
      ['the domain', { email: 'lagoon' }, ['l1']],
      ['an international domain as it is written', { email: 'margaux@mön' }, ['g2', 'k1']],
      ['an international domain as it is sent', { email: 'xn--mnch' }, ['g2', 'k1']],
      ['what would be a regular expression', { email: '.*' }, []],
      ['a flag', { primary: true }, ['g2']],
      ['an absent flag', { portalEnabled: false }, ['g1']],
      ['all of it at one contact', { title: 'accounts', name: 'margaux', primary: false }, []],
    ])('finds by %s', async (_, criteria, found) => {
      expect(idsOf(await search(criteria))).toEqual(found);
    });

    it('gives the contact, its flags and the revision of its book', async () => {
      const { items } = await search({ name: 'fèvre' });
      expect(items).toMatchObject([
        { clientId: 'garnier', revision: 2, primary: true, billingDefault: false },
      ]);
      expect(items[0]!.contact).toMatchObject({ name: 'Margaux Le Fèvre', generation: 1 });
    });

    it('parts the list into pages, in the middle of a client too', async () => {
      const pages: string[][] = [];
      let after: PageCursor | undefined;
      do {
        const page = await search({}, 1, after);
        pages.push(idsOf(page));
        after = page.next ?? undefined;
      } while (after);
      expect(pages).toEqual([['g1'], ['g2'], ['k1'], ['l1'], ['n1']]);
    });

    it('refuses a cursor of another version', async () => {
      const { next } = await search({}, 1);
      await expect(search({}, 1, { ...next!, version: 99 })).rejects.toThrow(CursorOutdated);
    });
  });

  it('lists the clients with their counts, flags and route', async () => {
    const handler = new ListClientsHandler(new ContactsDocuments(database, editions, [contacts]), heldBack);
    const first = await handler.execute(new ListClients('ws', 1));
    expect(first.items).toEqual([
      {
        clientId: 'garnier',
        revision: 2,
        recordedAt: expect.any(Date),
        contacts: 2,
        portalEnabled: 1,
        primary: 'g2',
        billingDefault: null,
        hasBillingEmail: false,
        billingRoute: { status: 'routed', rule: 'primary' },
        warnings: ['no_billing_default'],
      },
    ]);
    const rest = await handler.execute(new ListClients('ws', 5, first.next!));
    expect(rest.items.map(({ clientId }) => clientId)).toEqual(['kestrel', 'lagoon', 'nordlys']);
    expect(rest.next).toBeNull();
  });

  it('lists the routes by status and by warning', async () => {
    const handler = new ListBillingRoutesHandler(
      new BillingRoutingDocuments(database, editions, [billingRouting]),
      heldBack,
    );
    const unroutable = await handler.execute(new ListBillingRoutes('ws', { status: 'unroutable' }, 5));
    expect(unroutable.items).toMatchObject([{ clientId: 'kestrel', route: { rule: 'none' }, since: null }]);
    const deaf = await handler.execute(
      new ListBillingRoutes('ws', { warning: 'billing_email_cannot_sign_in' }, 5),
    );
    expect(deaf.items).toMatchObject([{ clientId: 'lagoon', since: { revision: 1 } }]);
    const clientsOf = async (criteria: BillingRouteCriteria) =>
      (await handler.execute(new ListBillingRoutes('ws', criteria, 5))).items.map(({ clientId }) => clientId);
    expect(await clientsOf({})).toEqual(['garnier', 'kestrel', 'lagoon', 'nordlys']);
    expect(await clientsOf({ status: 'routed', warning: 'no_billing_default' })).toEqual([
      'garnier',
      'lagoon',
      'nordlys',
    ]);
  });

  it('gives the routes of many clients in the order asked for, unknown ones included', async () => {
    const handler = new GetBillingRoutesHandler(
      new BillingRoutingDocuments(database, editions, [billingRouting]),
      heldBack,
    );
    const { routes } = await handler.execute(new GetBillingRoutes('ws', ['nordlys', 'nobody', 'garnier']));
    expect(routes).toMatchObject([
      { clientId: 'nordlys', revision: 1, route: { rule: 'billing_email', contactId: 'n1' } },
      { clientId: 'nobody', revision: -1, route: { status: 'unroutable' }, warnings: ['unroutable'] },
      { clientId: 'garnier', revision: 2, route: { rule: 'primary', contactId: 'g2' } },
    ]);
  });

  it('names the clients of the workspace that the subscriber which keeps the documents holds back', async () => {
    const held = (...clients: string[]) =>
      clients.map((client) => ({ stream: `clientContacts-${client}`, from: 1, to: 2 }));
    const checkpoints = database.collection<CheckpointDocument>('checkpoints');
    const at = { token: 1, version: 1, commit: Long.fromNumber(1), prepare: Long.fromNumber(1) };
    await checkpoints.insertMany([
      { _id: 'contacts_v1_1', ...at, heldBack: held('ws.lagoon', 'other.garnier', 'ws.kestrel') },
      { _id: 'billing_routing_v1_1', ...at, heldBack: held('ws.nordlys', 'ws.garnier') },
    ]);
    try {
      const documents = new ContactsDocuments(database, editions, [contacts]);
      expect((await search({ name: 'margaux' })).heldBack).toEqual(['kestrel', 'lagoon']);
      const clients = await new ListClientsHandler(documents, heldBack).execute(new ListClients('ws', 1));
      expect(clients.heldBack).toEqual(['kestrel', 'lagoon']);
      const routing = new BillingRoutingDocuments(database, editions, [billingRouting]);
      const unroutable = new ListBillingRoutes('ws', { status: 'unroutable' }, 5);
      const list = await new ListBillingRoutesHandler(routing, heldBack).execute(unroutable);
      expect(list.heldBack).toEqual(['garnier', 'nordlys']);
      const asked = new GetBillingRoutes('ws', ['nordlys', 'lagoon']);
      const batch = await new GetBillingRoutesHandler(routing, heldBack).execute(asked);
      expect(batch.heldBack).toEqual(['nordlys']);
    } finally {
      await checkpoints.deleteMany({});
    }
  });

  it.each([true, false])(
    'finds all who sign in with an address, and says whether that is all (%p)',
    async (all) => {
      const documents = new PortalAccessDocuments(database, editions, [portalAccess]);
      const handler = new FindPortalAccessHandler(documents, { isComplete: async () => all });
      expect(await handler.execute(new FindPortalAccess('ws', 'MARGAUX@mönch.example'))).toEqual({
        matches: [
          { clientId: 'garnier', contactId: 'g2', maySignIn: true, generation: 1 },
          { clientId: 'kestrel', contactId: 'k1', maySignIn: true, generation: 1 },
        ],
        complete: all,
      });
      const closed = await handler.execute(new FindPortalAccess('ws', 'post@garnier.example'));
      expect(closed.matches).toMatchObject([{ contactId: 'g1', maySignIn: false }]);
      expect(await handler.execute(new FindPortalAccess('ws', 'who@ever.example'))).toEqual({
        matches: [],
        complete: all,
      });
    },
  );
});
