import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { Binary, type Collection, MongoBulkWriteError, MongoError } from 'mongodb';
import {
  type DataKey,
  type DataKeys,
  DESTROYED,
  type KeyId,
  KeyMissing,
  type Keyring,
  KeyStoreUnavailable,
  PersonalDataUnreadable,
  WrongMasterKey,
} from './data-keys.js';
import type { KeyWrapping } from './key-wrapping.js';

/** One document a key, as long as the log lives; only the mark stays of a destroyed one. */
export interface KeyDocument {
  readonly _id: KeyId;
  readonly state: 'present' | 'destroyed';
  readonly wrapped?: Binary;
}

const DUPLICATE_KEY = 11000;
const KEY_BYTES = 32;
/** A key that encrypts nothing: whether it can be unwrapped tells whether the master key is the one of the others. */
const SEAL: KeyId = 'master-key-seal';
/** So many keys are tried where there is no seal yet: one of them may be damaged. */
const TRIED_WITHOUT_SEAL = 10;
const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;
// A key that a failover could take away again must not be used: what it encrypted would be lost.
const MAJORITY = { readConcern: { level: 'majority' } } as const;

/** The keys in MongoDB, each wrapped. */
export class MongodbDataKeys implements DataKeys {
  constructor(
    private readonly documents: Collection<KeyDocument>,
    private readonly wrapping: KeyWrapping,
  ) {}

  async find(ids: readonly KeyId[]): Promise<Keyring> {
    const wanted = [...new Set(ids)];
    const keyring = await this.read(wanted);
    for (const id of wanted) if (!keyring.has(id)) throw new KeyMissing(id);
    return keyring;
  }

  /** Mostly the ids are new, so the keys are inserted first, and read only where some turn out to be there. */
  async obtain(ids: readonly KeyId[]): Promise<Keyring> {
    const made = new Map(ids.map((id) => [id, createSecretKey(randomBytes(KEY_BYTES))]));
    if (made.size === 0 || (await this.insert(made))) return made;
    const keyring = await this.read([...made.keys()]);
    if (keyring.size < made.size) throw new KeyStoreUnavailable('keys that others made are not readable yet');
    return keyring;
  }

  /** Destroys the keys of these ids for good, and those that may come out of a backup: the mark stays. */
  async destroy(ids: readonly KeyId[]): Promise<void> {
    await answered(() =>
      this.documents.bulkWrite(
        ids.map((_id) => ({
          replaceOne: { filter: { _id }, replacement: { state: 'destroyed' }, upsert: true },
        })),
        { ordered: false, ...DURABLE },
      ),
    );
  }

  /**
   * Makes sure that the master key is the one that the keys in the store are wrapped by; in a store without keys it
   * becomes that one. Raises WrongMasterKey and KeyStoreUnavailable.
   */
  async requireMasterKey(): Promise<void> {
    if (!(await this.isOurMasterKey())) throw new WrongMasterKey();
    const isSealed = await this.insert(new Map([[SEAL, createSecretKey(randomBytes(KEY_BYTES))]]));
    if (isSealed) return;
    // Somebody with another master key may have been faster, and what they wrote not be readable yet.
    if (!(await this.seal())) throw new KeyStoreUnavailable('the seal that another made is not readable yet');
    if (!(await this.isOurMasterKey())) throw new WrongMasterKey();
  }

  private seal(): Promise<KeyDocument | null> {
    return answered(() => this.documents.findOne({ _id: SEAL }, MAJORITY));
  }

  private async isOurMasterKey(): Promise<boolean> {
    const seal = await this.seal();
    const tried = seal
      ? [seal]
      : await answered(() =>
          this.documents.find({ state: 'present' }, MAJORITY).limit(TRIED_WITHOUT_SEAL).toArray(),
        );
    for (const document of tried) {
      const isUnwrapped = await this.unwrapped(document).then(() => true, isNotUnreadable);
      if (isUnwrapped) return true;
    }
    return tried.length === 0;
  }

  private async read(ids: readonly KeyId[]): Promise<Map<KeyId, DataKey>> {
    if (ids.length === 0) return new Map();
    const documents = await answered(() => this.documents.find({ _id: { $in: ids } }, MAJORITY).toArray());
    const keys = documents.map(async (document): Promise<[KeyId, DataKey]> => {
      return [document._id, document.state === 'destroyed' ? DESTROYED : await this.unwrapped(document)];
    });
    try {
      return new Map(await Promise.all(keys));
    } catch (error) {
      if (error instanceof PersonalDataUnreadable && !(await this.isOurMasterKey()))
        throw new WrongMasterKey();
      throw error;
    }
  }

  private async unwrapped({ _id, wrapped }: KeyDocument): Promise<KeyObject> {
    return createSecretKey(await this.wrapping.unwrap(_id, Buffer.from(wrapped?.value() ?? [])));
  }

  /** Whether all of them were new; those that were are stored either way. */
  private async insert(keys: ReadonlyMap<KeyId, KeyObject>): Promise<boolean> {
    const wrapped = [...keys].map(async ([_id, key]): Promise<KeyDocument> => {
      return { _id, state: 'present', wrapped: new Binary(await this.wrapping.wrap(_id, key.export())) };
    });
    const documents = await Promise.all(wrapped);
    return answered(async () => {
      try {
        await this.documents.insertMany(documents, { ordered: false, ...DURABLE });
        return true;
      } catch (error) {
        if (!isOnlyDuplicates(error)) throw error;
        return false;
      }
    });
  }
}

/** False for a key that can't be unwrapped; raises any other error. */
function isNotUnreadable(error: unknown): false {
  if (error instanceof PersonalDataUnreadable) return false;
  throw error;
}

function isOnlyDuplicates(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) return false;
  return [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);
}

/** Raises KeyStoreUnavailable in place of MongoDB's errors. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    throw new KeyStoreUnavailable('the key store did not answer', { cause: error });
  }
}
