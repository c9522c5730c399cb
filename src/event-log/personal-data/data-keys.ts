import type { KeyObject } from 'node:crypto';

/** The id of the key that a contact's data, or one billing email, is encrypted with. */
export type KeyId = string;

/** What stands in the place of a key whose owner asked to be forgotten: the data is gone for good. */
export const DESTROYED = Symbol('destroyed key');

/** 32 bytes, made ready once for all that they encrypt; or the mark of a key that was destroyed. */
export type DataKey = KeyObject | typeof DESTROYED;

export type Keyring = ReadonlyMap<KeyId, DataKey>;

/** The port to the keys that personal data is encrypted with. */
export interface DataKeys {
  /** The keys of these ids. Raises KeyMissing, KeyStoreUnavailable, PersonalDataUnreadable and WrongMasterKey. */
  find(ids: readonly KeyId[]): Promise<Keyring>;
  /**
   * The keys of these ids, each made and stored where there was none: whoever asks for the same id, before or after,
   * gets the same key. Raises KeyStoreUnavailable, PersonalDataUnreadable and WrongMasterKey.
   */
  obtain(ids: readonly KeyId[]): Promise<Keyring>;
}

/** The key store did not answer. Nothing was appended; the same may be tried again. */
export class KeyStoreUnavailable extends Error {
  override readonly name = 'KeyStoreUnavailable';
}

/** A key that was in use is not in the store: it was lost, which is not the same as destroyed. */
export class KeyMissing extends Error {
  override readonly name = 'KeyMissing';

  constructor(readonly keyId: KeyId) {
    super(`key ${keyId} is not in the key store`);
  }
}

/** Something was to be encrypted for someone who has been erased: whoever decided on it did not know that yet. */
export class KeyDestroyed extends Error {
  override readonly name = 'KeyDestroyed';

  constructor(readonly keyId: KeyId) {
    super(`key ${keyId} was destroyed`);
  }
}

/** Personal data that was tampered with, or moved from where it was stored. */
export class PersonalDataUnreadable extends Error {
  override readonly name = 'PersonalDataUnreadable';
}

/** Whatever is in the key store was wrapped by another master key: it lies with no key, and no one's data. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey';

  constructor() {
    super('the keys in the key store were wrapped by another master key');
  }
}

/** The key that something new is encrypted with, out of a keyring that holds it. Raises KeyDestroyed. */
export function liveKey(id: KeyId, keyring: Keyring): KeyObject {
  const key = keyring.get(id)!;
  if (key === DESTROYED) throw new KeyDestroyed(id);
  return key;
}
