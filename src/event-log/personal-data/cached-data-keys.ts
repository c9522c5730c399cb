import type { DataKey, DataKeys, KeyId, Keyring } from './data-keys.js';

export interface KeyCacheSettings {
  /** How many keys are held in memory; the one that was not used for longest goes first. */
  readonly maxKeys: number;
  /** How long a key is held after it was read, in milliseconds, used or not: a destroyed key is gone after that. */
  readonly lifeMs: number;
}

/**
 * Keys that were read before, for a short while. Only for readers that need no key store to know who was erased, such
 * as one that has read a stream to its end.
 */
export class CachedDataKeys implements DataKeys {
  private readonly held = new Map<KeyId, { readonly key: DataKey; readonly until: number }>();

  /** `now` gives milliseconds of a clock that never goes back. */
  constructor(
    private readonly keys: DataKeys,
    private readonly settings: KeyCacheSettings,
    private readonly now: () => number = () => performance.now(),
  ) {}

  find(ids: readonly KeyId[]): Promise<Keyring> {
    return this.through(ids, (absent) => this.keys.find(absent));
  }

  obtain(ids: readonly KeyId[]): Promise<Keyring> {
    return this.through(ids, (absent) => this.keys.obtain(absent));
  }

  private async through(
    ids: readonly KeyId[],
    read: (absent: readonly KeyId[]) => Promise<Keyring>,
  ): Promise<Keyring> {
    const keyring = new Map<KeyId, DataKey>();
    const absent: KeyId[] = [];
    for (const id of ids) {
      const key = this.use(id);
      if (key === undefined) absent.push(id);
      else keyring.set(id, key);
    }
    if (absent.length === 0) return keyring;
    const until = this.now() + this.settings.lifeMs;
    for (const [id, key] of await read(absent)) {
      keyring.set(id, key);
      this.hold(id, key, until);
    }
    return keyring;
  }

  private use(id: KeyId): DataKey | undefined {
    const found = this.held.get(id);
    if (!found) return undefined;
    this.held.delete(id);
    if (found.until <= this.now()) return undefined;
    this.held.set(id, found);
    return found.key;
  }

  private hold(id: KeyId, key: DataKey, until: number): void {
    this.held.delete(id);
    this.held.set(id, { key, until });
    if (this.held.size > this.settings.maxKeys) this.held.delete(this.held.keys().next().value!);
  }
}
