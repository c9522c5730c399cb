import type { ContactBookEvent } from '../contact-book/events.js';

/** An event's data, decrypted, in one version of its form; a value that belongs to someone erased is `ERASED`. */
export type VersionedData = Readonly<Record<string, unknown>>;

/** From one version of an event type's data to the next: pure, and with a fixture of the old form in `fixtures/`. */
export type Upcaster = (data: VersionedData) => VersionedData;

/** By event type, what leads from version 1 to 2, from 2 to 3, and so on to the newest. */
export type Upcasters = Readonly<Partial<Record<ContactBookEvent['type'], readonly Upcaster[]>>>;

/** Every form in which this service ever stored an event. So far each type has one. */
export const UPCASTERS: Upcasters = {};

/** The version that events of this type are stored in now. */
export function newestVersion(type: ContactBookEvent['type'], upcasters: Upcasters): number {
  return 1 + (upcasters[type]?.length ?? 0);
}

/** The data in the newest form; undefined for a version that this build does not know yet. */
export function upcast(
  type: ContactBookEvent['type'],
  version: number,
  data: VersionedData,
  upcasters: Upcasters,
): VersionedData | undefined {
  if (version > newestVersion(type, upcasters)) return undefined;
  return (upcasters[type] ?? []).slice(version - 1).reduce((older, step) => step(older), data);
}
