import { describe, expect, it } from '@jest/globals';
import { DataKeysInMemory } from '../../test/fixtures/data-keys-in-memory.js';
import { asStored, newAppend } from '../../test/fixtures/stored-appends.js';
import { ERASED } from '../contact-book/erased.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { EncryptedCodec } from './encrypted-codec.js';
import { keyOfContact } from './personal-data/key-ids.js';
import { UnknownEvent } from './stored-form.js';
import { upcast, type Upcasters } from './upcasting.js';

/** An artificial past: contacts once had `access` in place of `portalEnabled`, and before that none of the two. */
const upcasters: Upcasters = {
  ContactAdded: [
    (data) => ({ ...data, access: 'on' }),
    ({ access, ...data }) => ({ ...data, portalEnabled: access === 'on' }),
  ],
};
const event: ContactBookEvent = {
  type: 'ContactAdded',
  data: { contactId: 'ann', email: 'ann@x.example', portalEnabled: true },
};

describe('an event in an old form', () => {
  it('goes through every version behind its own, in order', () => {
    const details = { email: 'ann@x.example' };
    const newest = { contactId: 'ann', details, portalEnabled: true };
    expect(upcast('ContactAdded', 1, { contactId: 'ann', details }, upcasters)).toEqual(newest);
    expect(upcast('ContactAdded', 2, { contactId: 'ann', details, access: 'off' }, upcasters)).toEqual({
      ...newest,
      portalEnabled: false,
    });
    expect(upcast('ContactAdded', 3, newest, upcasters)).toEqual(newest);
  });

  it('is not guessed at in a version that is not known yet', () => {
    expect(upcast('ContactAdded', 4, {}, upcasters)).toBeUndefined();
    expect(upcast('ContactRemoved', 2, {}, upcasters)).toBeUndefined();
  });

  describe('in the log', () => {
    const keys = new DataKeysInMemory();
    const now = new EncryptedCodec(keys, upcasters);
    /** The event as a build stored it that knew version 1 alone. */
    const old = async () => {
      const [stored] = await asStored(new EncryptedCodec(keys), newAppend({ events: [event] }));
      const { portalEnabled: _, ...data } = stored!.data;
      return { ...stored!, data };
    };

    it('is decrypted, then upcast, then what the domain knows', async () => {
      expect((await now.fromStoredForm([await old()]))[0]!.event).toEqual(event);
    });

    it('is upcast even where what was personal in it is erased', async () => {
      const stored = await old();
      const erasing = new DataKeysInMemory();
      erasing.destroy(keyOfContact({ workspaceId: 'ws', clientId: 'client' }, 'ann'));
      const [read] = await new EncryptedCodec(erasing, upcasters).fromStoredForm([stored]);
      expect(read!.event.data).toMatchObject({ contactId: 'ann', email: ERASED, portalEnabled: true });
    });

    it('is stored in the newest version from now on, which an older build does not guess at', async () => {
      const stored = await asStored(now, newAppend({ events: [event] }));
      expect(stored[0]!.metadata['schemaVersion']).toBe(3);
      await expect(new EncryptedCodec(keys).fromStoredForm(stored)).rejects.toThrow(UnknownEvent);
    });
  });
});
