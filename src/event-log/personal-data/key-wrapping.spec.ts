import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PersonalDataUnreadable } from './data-keys.js';
import { MasterKeyWrapping } from './key-wrapping.js';

describe('a key wrapped by the master key', () => {
  const wrapping = new MasterKeyWrapping(randomBytes(32));
  const key = randomBytes(32);

  it('comes back under its id', async () => {
    expect(await wrapping.unwrap('ann', await wrapping.wrap('ann', key))).toEqual(key);
  });

  it('is not to be seen in what is stored', async () => {
    expect((await wrapping.wrap('ann', key)).includes(key)).toBe(false);
  });

  it('is unreadable under another id', async () => {
    const wrapped = await wrapping.wrap('ann', key);
    await expect(wrapping.unwrap('bob', wrapped)).rejects.toThrow(PersonalDataUnreadable);
  });

  it('is unreadable for another master key, and the message holds neither', async () => {
    const other = new MasterKeyWrapping(randomBytes(32));
    const error = await other.unwrap('ann', await wrapping.wrap('ann', key)).catch((error: Error) => error);
    expect(error).toBeInstanceOf(PersonalDataUnreadable);
    for (const encoding of ['hex', 'base64', 'latin1'] as const)
      expect(String(error)).not.toContain(key.toString(encoding));
  });

  it.each([0, 15, -1])('is unreadable once byte %d of it is changed', async (index) => {
    const wrapped = await wrapping.wrap('ann', key);
    wrapped[index < 0 ? wrapped.length + index : index]! ^= 1;
    await expect(wrapping.unwrap('ann', wrapped)).rejects.toThrow(PersonalDataUnreadable);
  });

  it('is unreadable where nothing is left of it', async () => {
    await expect(wrapping.unwrap('ann', Buffer.alloc(0))).rejects.toThrow(PersonalDataUnreadable);
  });

  it('needs a master key of 32 bytes', () => {
    expect(() => new MasterKeyWrapping(randomBytes(31))).toThrow(RangeError);
  });
});
