import { describe, expect, it } from '@jest/globals';
import { endlessKeys } from '../../test/fixtures/data-keys-in-memory.js';
import { newAppend } from '../../test/fixtures/stored-appends.js';
import type { ContactBookCommand, ContactRow } from '../contact-book/commands.js';
import { type ContactBook, evolve, initial } from '../contact-book/contact-book.js';
import { MAX_TEXT_LENGTH } from '../contact-book/contact-text.js';
import { decide } from '../contact-book/decide.js';
import { cleanEmailAddress } from '../contact-book/email-address.js';
import { EncryptedCodec } from './encrypted-codec.js';

const MAX_APPEND_BYTES = 1024 * 1024;
const MAX_CONTACTS = 200;
const ID_LENGTH = 64;
const rules = { maxContacts: MAX_CONTACTS, mayChangePortalAccess: true };

const id = (prefix: string, index: number) => `${prefix}-${index}-`.padEnd(ID_LENGTH, 'x');

/** The most bytes that a field of so many code units can take, in UTF-8 and in UTF-16; a quote takes two. */
const longest = (script: string, length: number) => script.repeat(length).slice(0, length);

/** As long as addresses get: one of many labels that fold to a short A-label each. */
function longestEmail(local: string): string {
  const label = 'ö'.repeat(50);
  return cleanEmailAddress(`${local.padEnd(64, 'x')}@${label}.${label}.${label.slice(0, 10)}.example`);
}

function rows(script: string, local: string, contactId: (index: number) => string | undefined): ContactRow[] {
  return Array.from({ length: MAX_CONTACTS }, (_, index) => {
    const known = contactId(index);
    return {
      ...(known !== undefined && { contactId: known }),
      email: longestEmail(`${local}${index}`),
      name: longest(script, MAX_TEXT_LENGTH.name),
      title: longest(script, MAX_TEXT_LENGTH.title),
      phone: longest(script, MAX_TEXT_LENGTH.phone),
      portalEnabled: local === 'a',
      primary: index === (local === 'a' ? 0 : 1),
      billingDefault: index === (local === 'a' ? 0 : 1),
    };
  });
}

const replace = (contacts: ContactRow[], prefix: string): ContactBookCommand => ({
  type: 'ReplaceContacts',
  contacts,
  newContactIds: contacts.map((_, index) => id(prefix, index)),
});

async function bytesOf(command: ContactBookCommand, book: ContactBook): Promise<number> {
  const longId = 'i'.repeat(128);
  const append = newAppend({
    client: { workspaceId: id('ws', 0), clientId: id('client', 0) },
    events: decide(command, book, rules),
    actor: { kind: 'service', id: longId, role: 'manager' },
    correlationId: longId,
    causationId: longId,
    commandId: '94ffafff-054d-8b30-9e62-1dc082749003',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    reason: longest('鈴', MAX_TEXT_LENGTH.reason),
  });
  const stored = await new EncryptedCodec(endlessKeys).toStoredForm(append, () => append.commandId);
  return stored
    .map(({ type, data, metadata }) => 2 * type.length + bytes(data) + bytes(metadata))
    .reduce((sum, each) => sum + each, 0);
}

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe.each([
  ['鈴', '木'],
  ['🎻', '🎺'],
  ['"', '\\'],
  ['"鈴木', '\\木鈴'],
  ['ö', 'ü'],
])('the largest commands (row 21), in names of %s,', (script, other) => {
  const filled = decide(
    replace(
      rows(script, 'a', () => undefined),
      'old',
    ),
    initial(),
    rules,
  ).reduce(evolve, initial());

  it('fit into one append where every contact is changed in every field', async () => {
    const command = replace(
      rows(other, 'b', (index) => id('old', index)),
      'new',
    );
    const size = await bytesOf(command, filled);
    expect(size).toBeGreaterThan(MAX_APPEND_BYTES / 4);
    expect(size).toBeLessThan(MAX_APPEND_BYTES);
  });

  it('fit into one append where every contact is removed and another one added', async () => {
    const command = replace(
      rows(script, 'b', () => undefined),
      'new',
    );
    expect(await bytesOf(command, filled)).toBeLessThan(MAX_APPEND_BYTES);
  });
});
