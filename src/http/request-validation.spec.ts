import { expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import {
  AddContactRequest,
  BillingEmailRequest,
  FlagHolderRequest,
  RemoveContactQuery,
  ReplaceContactsRequest,
} from './contact-requests.js';
import { Problem } from './problem.js';
import { BillingRoutesRequest } from './reads/billing-route-requests.js';
import { PageQuery } from './reads/page.js';
import { PointQuery } from './reads/point-query.js';
import { RequestValidation } from './request-validation.js';

const validation = new RequestValidation();

async function faultsOf(type: 'body' | 'query', metatype: Type, given: unknown): Promise<unknown> {
  const raised: unknown = await validation
    .transform(given, { type, metatype })
    .catch((error: unknown) => error);
  return raised instanceof Problem ? raised.extensions['errors'] : raised;
}

const ID = 'must be 1 to 64 letters, digits, hyphens or underscores';

it.each<[Type, unknown, string, string]>([
  [AddContactRequest, { email: null }, '/email', 'must be a string'],
  [AddContactRequest, {}, '/email', 'must be a string'],
  [AddContactRequest, { email: 'x'.repeat(255) }, '/email', 'must have at most 254 characters'],
  [AddContactRequest, { email: 'a', name: 7 }, '/name', 'must be a string'],
  [AddContactRequest, { email: 'a', primary: null }, '/primary', 'must be a boolean value'],
  [AddContactRequest, { email: 'a', nick: 1 }, '/nick', 'must not be there: it is not known'],
  [AddContactRequest, [], '', 'must be an object'],
  [BillingEmailRequest, {}, '/email', 'must be a string'],
  [FlagHolderRequest, {}, '/contactId', ID],
  [FlagHolderRequest, { contactId: 'a b' }, '/contactId', ID],
  [ReplaceContactsRequest, {}, '/contacts', 'must be an array'],
  [
    ReplaceContactsRequest,
    { contacts: Array.from({ length: 1001 }, () => ({ email: 'a' })) },
    '/contacts',
    'must contain no more than 1000 elements',
  ],
  [ReplaceContactsRequest, { contacts: [{ email: 7 }] }, '/contacts/0/email', 'must be a string'],
  [
    ReplaceContactsRequest,
    { contacts: [{ email: 'a', 'b@x.example': 7 }] },
    '/contacts/0',
    'must have no unknown fields',
  ],
  [BillingRoutesRequest, {}, '/clientIds', 'must be an array'],
  [BillingRoutesRequest, { clientIds: ['a b'] }, '/clientIds', `each ${ID}`],
])('%p given %j: one fault at %j, that it %s', async (metatype, given, pointer, detail) => {
  expect(await faultsOf('body', metatype, given)).toEqual([{ pointer, detail }]);
});

it.each<[Type, unknown, object]>([
  [PageQuery, { limit: 'x' }, { parameter: 'limit', detail: 'must be a whole number' }],
  [PageQuery, { limit: '0' }, { parameter: 'limit', detail: 'must not be less than 1' }],
  [PageQuery, { nick: '1' }, { parameter: 'nick', detail: 'must not be there: it is not known' }],
  [PageQuery, { 'ann@x.example': '1' }, { detail: 'must have no unknown fields' }],
  [RemoveContactQuery, { successorId: 'a b' }, { parameter: 'successorId', detail: ID }],
  [PointQuery, { revision: 'x' }, { parameter: 'revision', detail: 'must be a revision' }],
])('%p given the query %j: one fault, %j', async (metatype, given, fault) => {
  expect(await faultsOf('query', metatype, given)).toEqual([fault]);
});

it('a parameter that excludes another says so', async () => {
  expect(await faultsOf('query', PointQuery, { revision: '1', minRevision: '1' })).toEqual([
    { parameter: 'minRevision', detail: 'must not come with revision' },
    { parameter: 'revision', detail: 'must not come with minRevision' },
  ]);
});

it('what is valid, an absent list of an optional field and null where it clears, is let through', async () => {
  expect(await faultsOf('body', BillingEmailRequest, { email: null })).toEqual({ email: null });
  expect(await faultsOf('body', FlagHolderRequest, { contactId: null })).toEqual({ contactId: null });
});
