import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { incompatibilities } from '../../contracts/compatibility.js';
import { type Contract, CONTRACTS, readContract } from '../../contracts/contract.js';

/** What may be changed in a copy of the contract, as plain data. */
interface Draft {
  channels: Record<string, { address: string; partitions: number; messages: string[] }>;
  messages: Record<string, { type: string }>;
  schemas: Record<string, DraftSchema>;
}
interface DraftSchema {
  description?: string;
  required: string[];
  properties: Record<string, Record<string, unknown>>;
  $defs?: unknown;
}

describe('the contract and the last released one', () => {
  let released: Contract;
  let current: Contract;

  beforeAll(async () => {
    const versions = (await readdir(join(CONTRACTS, 'released'))).toSorted((one, other) =>
      one.localeCompare(other, 'en', { numeric: true }),
    );
    released = await readContract(join(CONTRACTS, 'released', versions.at(-1)!));
    current = await readContract(CONTRACTS);
  });

  it('agree: what was promised is kept', () => {
    expect(incompatibilities(released, current)).toEqual([]);
  });

  const added = ({ schemas }: Draft) => schemas['contact-added.v1.schema.json']!;
  const route = ({ schemas }: Draft) => schemas['billing-route.v1.schema.json']!;

  it.each<[string, (draft: Draft) => void]>([
    ['an optional field more', (draft) => (added(draft).properties['nickname'] = { type: 'string' })],
    ['a type more', (draft) => (draft.schemas['contact-merged.v1.schema.json'] = added(draft))],
    ['a message more on a topic', (draft) => draft.channels['events']!.messages.push('contactMerged')],
    ['other words', (draft) => (added(draft).description = 'Someone new')],
    ['an order of fields', (draft) => (added(draft).required = added(draft).required.toReversed())],
  ])('%s passes', (_what, change) => {
    expect(incompatibilities(released, changed(released, change))).toEqual([]);
  });

  it.each<[string, (draft: Draft) => void, explanation: string]>([
    [
      'a field removed',
      (draft) => {
        delete added(draft).properties['phone'];
        added(draft).required = added(draft).required.filter((name) => name !== 'phone');
      },
      'contact-added.v1.schema.json.phone was removed or renamed: consumers read it',
    ],
    [
      'a field renamed',
      (draft) => {
        const { title, ...others } = added(draft).properties;
        added(draft).properties = { ...others, role: title! };
        added(draft).required = added(draft).required.map((name) => (name === 'title' ? 'role' : name));
      },
      'contact-added.v1.schema.json.title was removed or renamed: consumers read it',
    ],
    [
      'a required field more',
      (draft) => {
        added(draft).properties['nickname'] = { type: 'string' };
        added(draft).required.push('nickname');
      },
      'contact-added.v1.schema.json.nickname is required now: records that were written before lack it',
    ],
    [
      'a field that is no longer required',
      (draft) => (added(draft).required = added(draft).required.filter((name) => name !== 'generation')),
      'contact-added.v1.schema.json.generation is no longer required: consumers rely on it to be there',
    ],
    [
      'a narrower number',
      (draft) => (added(draft).properties['generation']!['minimum'] = 2),
      'contact-added.v1.schema.json.generation: "minimum" was 1 and is 2: what was written, or what is written now, fails the other',
    ],
    [
      'another type',
      (draft) => (added(draft).properties['portalEnabled']!['type'] = 'string'),
      'contact-added.v1.schema.json.portalEnabled: "type" was "boolean" and is "string": what was written, or what is written now, fails the other',
    ],
    [
      'a value less',
      (draft) => (route(draft).properties['status']!['enum'] = ['routed']),
      'billing-route.v1.schema.json.status: "unroutable" is allowed no longer: records were written with it',
    ],
    [
      'a value more',
      (draft) => (route(draft).properties['status']!['enum'] = ['routed', 'unroutable', 'held']),
      'billing-route.v1.schema.json.status: "held" is a value more: consumers don\'t know what it means',
    ],
    [
      'no null any more',
      (draft) => (added(draft).properties['name']!['anyOf'] as unknown[]).pop(),
      'contact-added.v1.schema.json.name: "anyOf" has fewer alternatives than before: records were written with what is gone',
    ],
    [
      'another erased form',
      (draft) => (added(draft).$defs = { erased: { const: null } }),
      'contact-added.v1.schema.json $defs.erased.erased was removed or renamed: consumers read it',
    ],
    [
      'no other fields allowed',
      (draft) => Object.assign(added(draft), { additionalProperties: false }),
      'contact-added.v1.schema.json: "additionalProperties" was undefined and is false: what was written, or what is written now, fails the other',
    ],
    [
      'a schema removed',
      (draft) => delete draft.schemas['contact-removed.v1.schema.json'],
      'schema contact-removed.v1.schema.json was removed or renamed: consumers rely on it',
    ],
    [
      'another name for a type',
      (draft) => (draft.messages['contactAdded']!.type = 'client-contacts.added.v1'),
      'contactAdded: ce_type was "client-contacts.contact-added.v1" and is "client-contacts.added.v1": consumers tell records apart by it',
    ],
    [
      'a message that comes no longer',
      (draft) => draft.channels['events']!.messages.shift(),
      'events: message contactAdded comes no longer: consumers wait for it',
    ],
    [
      'another topic',
      (draft) => (draft.channels['portalAccess']!.address = 'portal'),
      'portalAccess: the topic was "client-contacts.portal-access" and is "portal": consumers read it by its name',
    ],
    [
      'other partitions',
      (draft) => (draft.channels['events']!.partitions = 12),
      'events: the number of partitions was 6 and is 12: it breaks the order',
    ],
  ])('%s fails, and the reason is told', (_what, change, explanation) => {
    expect(incompatibilities(released, changed(released, change))).toContain(explanation);
  });
});

function changed(contract: Contract, change: (draft: Draft) => unknown): Contract {
  const draft = structuredClone(contract) as unknown as Draft;
  change(draft);
  return draft as unknown as Contract;
}
