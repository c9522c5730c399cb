import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Filter } from 'mongodb';
import type { Contact } from '../../contact-book/contact-book.js';
import type { Revision } from '../../event-log/event-store.js';
import type { ReadModelDocument } from '../read-model.js';
import { type PageCursor, pageOf, requireVersion, type WorkspacePage } from '../workspace-page.js';
import { HELD_BACK_CLIENTS, type HeldBackClients } from '../held-back.js';
import { ContactsDocuments, type ContactsView } from './contacts.js';
import { searchForm, type SearchKeys, wordsOf } from './search-keys.js';

/** What a contact must fit, all of it; nothing fits everyone. */
export interface ContactCriteria {
  /** The beginning of the address or of its domain. */
  readonly email?: string | undefined;
  /** Beginnings of words, in any order. */
  readonly name?: string | undefined;
  readonly title?: string | undefined;
  readonly primary?: boolean | undefined;
  readonly billingDefault?: boolean | undefined;
  readonly portalEnabled?: boolean | undefined;
}

export interface FoundContact {
  readonly clientId: string;
  /** Of the client's book. */
  readonly revision: Revision;
  readonly contact: Contact;
  readonly primary: boolean;
  readonly billingDefault: boolean;
}

/** A page of a workspace's contacts that fit, by client id and contact id. Raises CursorOutdated. */
export class SearchContacts extends Query<WorkspacePage<FoundContact>> {
  constructor(
    readonly workspaceId: string,
    readonly criteria: ContactCriteria,
    readonly limit: number,
    readonly after?: PageCursor,
  ) {
    super();
  }
}

@QueryHandler(SearchContacts)
export class SearchContactsHandler implements IQueryHandler<SearchContacts> {
  constructor(
    private readonly contacts: ContactsDocuments,
    @Inject(HELD_BACK_CLIENTS) private readonly heldBackClients: HeldBackClients,
  ) {}

  execute({ workspaceId, criteria, limit, after }: SearchContacts): Promise<WorkspacePage<FoundContact>> {
    return this.contacts.read(async ({ documents, version, subscriber }) => {
      requireVersion(after, version);
      const heldBack = await this.heldBackClients.of(subscriber, workspaceId);
      const conditions = conditionsOf(criteria);
      const found: FoundContact[] = [];
      const filter: Filter<ReadModelDocument<ContactsView>> = {
        workspaceId,
        ...(after && { clientId: { $gte: after.clientId } }),
        'view.searchKeys': { $elemMatch: queryOf(conditions) },
      };
      const matching = documents.find(filter).sort({ clientId: 1 }).batchSize(limit);
      for await (const document of matching) {
        const behind = document.clientId === after?.clientId ? after.contactId : undefined;
        found.push(...contactsThatFit(document, conditions, behind));
        if (found.length > limit) break;
      }
      return pageOf(found, limit, version, heldBack, ({ contact }) => contact.contactId);
    });
  }
}

/** Per key, the beginnings that each need a key which begins so; and the flags. */
interface Conditions {
  readonly beginnings: readonly (readonly ['email' | 'name' | 'title', string])[];
  readonly flags: readonly (readonly ['primary' | 'billingDefault' | 'portalEnabled', boolean])[];
}

function conditionsOf({ email, name, title, ...flags }: ContactCriteria): Conditions {
  return {
    beginnings: [
      ...(email === undefined ? [] : [['email', searchForm(email.trim())] as const]),
      ...wordsOf(name ?? '').map((word) => ['name', word] as const),
      ...wordsOf(title ?? '').map((word) => ['title', word] as const),
    ],
    flags: (['primary', 'billingDefault', 'portalEnabled'] as const).flatMap((flag) => {
      const value = flags[flag];
      return value === undefined ? [] : [[flag, value] as const];
    }),
  };
}

function queryOf({ beginnings, flags }: Conditions): Filter<SearchKeys> {
  const conditions = [
    ...beginnings.map(([key, beginning]) => ({ [key]: { $regex: `^${escaped(beginning)}` } })),
    ...flags.map(([flag, value]) => ({ [flag]: value })),
  ];
  return conditions.length > 0 ? { $and: conditions } : { contactId: { $exists: true } };
}

function fits(keys: SearchKeys, { beginnings, flags }: Conditions): boolean {
  return (
    beginnings.every(([key, beginning]) => keys[key].some((word) => word.startsWith(beginning))) &&
    flags.every(([flag, value]) => keys[flag] === value)
  );
}

function contactsThatFit(
  { clientId, revision, book, view }: ReadModelDocument<ContactsView>,
  conditions: Conditions,
  behind: string | undefined,
): FoundContact[] {
  const contacts = new Map(book.contacts.map((contact) => [contact.contactId, contact]));
  return view.searchKeys
    .filter((keys) => (behind === undefined || keys.contactId > behind) && fits(keys, conditions))
    .toSorted((a, b) => (a.contactId < b.contactId ? -1 : 1))
    .map(({ contactId, primary, billingDefault }) => ({
      clientId,
      revision,
      contact: contacts.get(contactId)!,
      primary,
      billingDefault,
    }));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
