import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { type KeyId, PersonalDataUnreadable } from './data-keys.js';

/** The port to whoever holds the master key: this process, or a key management service. */
export interface KeyWrapping {
  /** The key in the form in which it may be stored under this id, and under no other. */
  wrap(keyId: KeyId, key: Buffer): Promise<Buffer>;
  /** Raises PersonalDataUnreadable for what was wrapped under another id or master key, or changed since. */
  unwrap(keyId: KeyId, wrapped: Buffer): Promise<Buffer>;
}

export const MASTER_KEY_BYTES = 32;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Wraps with a master key that this process holds: AES-256-GCM, with the key's id as additional data. */
export class MasterKeyWrapping implements KeyWrapping {
  private readonly masterKey: KeyObject;

  constructor(masterKey: Buffer) {
    if (masterKey.length !== MASTER_KEY_BYTES) throw new RangeError('a master key has 32 bytes');
    this.masterKey = createSecretKey(masterKey);
  }

  async wrap(keyId: KeyId, key: Buffer): Promise<Buffer> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.masterKey, nonce).setAAD(Buffer.from(keyId));
    return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  }

  async unwrap(keyId: KeyId, wrapped: Buffer): Promise<Buffer> {
    try {
      const nonce = wrapped.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv(CIPHER, this.masterKey, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(keyId))
        .setAuthTag(wrapped.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch {
      throw new PersonalDataUnreadable(`key ${keyId} was wrapped by another master key, or changed since`);
    }
  }
}
