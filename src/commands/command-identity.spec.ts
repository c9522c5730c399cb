import { describe, expect, it } from '@jest/globals';
import type { ContactBookCommand } from '../contact-book/commands.js';
import { commandIdOf, newContactIdOf, requestOf } from './command-identity.js';

const client = { workspaceId: 'ws', clientId: 'client' };
const ann = { kind: 'user', id: 'ann', role: 'owner' } as const;

describe('an idempotency key', () => {
  it('names one command, on any replica and in any build: another id would have it carried out twice', () => {
    expect(commandIdOf(client, ann, 'key-1')).toBe('806fc361-4859-8248-85a5-61f5cd92d18d');
  });

  it('belongs to client and caller (row 14)', () => {
    const ids = [
      commandIdOf(client, ann, 'key-1'),
      commandIdOf(client, ann, 'key-2'),
      commandIdOf({ ...client, clientId: 'other' }, ann, 'key-1'),
      commandIdOf({ ...client, workspaceId: 'other' }, ann, 'key-1'),
      commandIdOf(client, { ...ann, id: 'bob' }, 'key-1'),
      commandIdOf(client, { kind: 'service', id: 'ann' }, 'key-1'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('belongs to the caller whatever their role has become', () => {
    expect(commandIdOf(client, { ...ann, role: 'admin' }, 'key-1')).toBe(commandIdOf(client, ann, 'key-1'));
  });

  it('can not be put together so that it is another caller’s', () => {
    const one = commandIdOf(client, { kind: 'user', id: 'a","b' }, 'c');
    expect(commandIdOf(client, { kind: 'user', id: 'a' }, 'b","c')).not.toBe(one);
  });

  it('that is absent makes each command a new one', () => {
    expect(commandIdOf(client, ann, undefined)).not.toBe(commandIdOf(client, ann, undefined));
  });
});

describe('the id of a new contact', () => {
  it('follows from the command, so that a retry on another replica gives no second one', () => {
    expect(newContactIdOf('command')).toBe('bc575854-bc46-822c-805c-27a1e9a91432');
    expect(newContactIdOf('command', 0)).toBe(newContactIdOf('command'));
  });

  it('is another one for each row and for each command', () => {
    const ids = [newContactIdOf('command'), newContactIdOf('command', 1), newContactIdOf('other')];
    expect(new Set(ids).size).toBe(3);
  });
});

describe('a request in its canonical form', () => {
  const row = { email: 'ann@client.example', name: 'Ann', primary: true };
  const replace = (contacts: readonly (typeof row)[]): ContactBookCommand => ({
    type: 'ReplaceContacts',
    contacts,
    newContactIds: ['a', 'b'],
  });

  it('is the same in whatever order its properties come, and without those that are absent', () => {
    const { email, name, primary } = row;
    expect(requestOf(replace([{ primary, name, email }]))).toBe(requestOf(replace([row])));
    const add = { type: 'AddContact', contactId: 'a', email } as const;
    expect(requestOf({ ...add, name: undefined })).toBe(requestOf(add));
  });

  it('is another one where a value differs, or the order of the rows, or null stands for nothing', () => {
    const { email } = row;
    const bob = { ...row, email: 'bob@client.example' };
    const add = { type: 'AddContact', contactId: 'a', email } as const;
    const forms = [
      replace([row, bob]),
      replace([bob, row]),
      replace([{ ...row, name: 'Anne' }, bob]),
      add,
      { ...add, name: null },
      { ...add, name: '' },
    ].map(requestOf);
    expect(new Set(forms).size).toBe(forms.length);
  });
});
