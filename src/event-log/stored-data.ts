import { z } from 'zod';
import { ERASED } from '../contact-book/erased.js';
import {
  type Change,
  type ContactBookEvent,
  type ContactField,
  ERASURE_REASONS,
} from '../contact-book/events.js';
import type { ClientRef } from './contact-book-stream.js';
import type { KeyId } from './personal-data/data-keys.js';
import { keyOfBillingEmail, keyOfContact } from './personal-data/key-ids.js';
import { isSealedValue } from './sealed-value.js';

/** An event's data, parted into what is stored in clear and what is stored encrypted. */
export interface PartedData {
  readonly clear: Readonly<Record<string, unknown>>;
  /** Personal values by the property in which they stand, each with the key of whom it belongs to. */
  readonly personal: Readonly<Record<string, { readonly key: KeyId; readonly value: unknown }>>;
  /** The keys of all whom the event is about. */
  readonly about: readonly KeyId[];
  /** The key that comes into use with this event. */
  readonly newKey?: KeyId;
}

/**
 * What is stored of an event, in the newest form of its type. `billingEmailKey` is of the billing email before it;
 * `goneWith` are the keys that go with those of whom it erases.
 */
export function partedData(
  event: ContactBookEvent,
  client: ClientRef,
  eventId: string,
  billingEmailKey: KeyId | null,
  goneWith: readonly KeyId[] = [],
): PartedData {
  const keysOf = (...contactIds: (string | null)[]) =>
    contactIds.flatMap((contactId) => (contactId === null ? [] : [keyOfContact(client, contactId)]));
  switch (event.type) {
    case 'ContactAdded': {
      const { contactId, portalEnabled, ...value } = event.data;
      const key = keyOfContact(client, contactId);
      return {
        clear: { contactId, portalEnabled },
        personal: { details: { key, value } },
        about: [key],
        newKey: key,
      };
    }
    case 'ContactDetailsChanged': {
      const { contactId, generation, changes } = event.data;
      const key = keyOfContact(client, contactId);
      return {
        clear: { contactId, fields: Object.keys(changes), generation },
        personal: { changes: { key, value: changes } },
        about: [key],
      };
    }
    case 'BillingEmailChanged': {
      const { from, to } = event.data;
      if (from !== null && billingEmailKey === null)
        throw new RangeError('the billing email has no key that is known');
      const [fromKey, toKey] = [billingEmailKey!, keyOfBillingEmail(client, eventId)];
      return {
        clear: { ...(from === null && { from }), ...(to === null && { to }) },
        personal: {
          ...(from !== null && { from: { key: fromKey, value: from } }),
          ...(to !== null && { to: { key: toKey, value: to } }),
        },
        about: [...(from === null ? [] : [fromKey]), ...(to === null ? [] : [toKey])],
        ...(to !== null && { newKey: toKey }),
      };
    }
    case 'PrimaryContactChanged':
    case 'BillingDefaultChanged':
      return { clear: event.data, personal: {}, about: keysOf(event.data.from, event.data.to) };
    case 'ContactRemoved':
    case 'PortalAccessToggled':
      return { clear: event.data, personal: {}, about: keysOf(event.data.contactId) };
    case 'ContactErased':
      return {
        clear: event.data,
        personal: {},
        about: [...new Set([...keysOf(event.data.contactId), ...goneWith])],
      };
    default:
      return neverHappens(event);
  }
}

/** Which key the billing email has after a stored event; `before` where the event doesn't change it. */
export function billingEmailKeyAfter(
  { type, data }: { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
  before: KeyId | null,
): KeyId | null {
  if (type !== ('BillingEmailChanged' satisfies ContactBookEvent['type'])) return before;
  return isSealedValue(data['to']) ? data['to'].key : null;
}

const erased = z.object({ erased: z.literal(true) }).transform(() => ERASED);
const personal = z.union([z.string(), erased]);
const contact = z.object({ contactId: z.string() });
const flagMove = z.object({ from: z.string().nullable(), to: z.string().nullable() });
const fields = z.array(z.enum(['email', 'name', 'title', 'phone']));
const change = z.object({ before: personal.nullable(), after: personal.nullable() });
const details = z.object({
  email: personal,
  name: personal.exactOptional(),
  title: personal.exactOptional(),
  phone: personal.exactOptional(),
});

/**
 * The newest form of each type's data, once decrypted, and what the domain sees of it. Of someone who was erased
 * nobody can tell any more which texts there were, so all of them are erased.
 */
const dataSchemas: Record<ContactBookEvent['type'], z.ZodType<ContactBookEvent['data']>> = {
  ContactAdded: contact
    .extend({ portalEnabled: z.boolean(), details: z.union([erased, details]) })
    .transform(({ contactId, portalEnabled, details }) => ({
      contactId,
      ...('erased' in details ? { email: ERASED, name: ERASED, title: ERASED, phone: ERASED } : details),
      portalEnabled,
    })),
  ContactDetailsChanged: contact
    .extend({
      fields,
      generation: z.int(),
      changes: z.union([
        erased,
        z.object({
          email: change.exactOptional(),
          name: change.exactOptional(),
          title: change.exactOptional(),
          phone: change.exactOptional(),
        }),
      ]),
    })
    .transform(({ contactId, fields, changes, generation }) => ({
      contactId,
      changes: 'erased' in changes ? erasedChanges(fields) : changes,
      generation,
    })),
  ContactRemoved: contact,
  PrimaryContactChanged: flagMove,
  BillingDefaultChanged: flagMove,
  PortalAccessToggled: contact.extend({ enabled: z.boolean(), generation: z.int() }),
  BillingEmailChanged: z.object({ from: personal.nullable(), to: personal.nullable() }),
  ContactErased: contact.extend({ reason: z.enum(ERASURE_REASONS) }),
};

/** Whether this build knows events of the type. */
export function isKnownType(type: string): type is ContactBookEvent['type'] {
  return Object.hasOwn(dataSchemas, type);
}

/** The event whose data, decrypted and in the newest form, this is; undefined for another form. */
export function eventOf(type: ContactBookEvent['type'], data: unknown): ContactBookEvent | undefined {
  const parsed = dataSchemas[type].safeParse(data);
  return parsed.success ? ({ type, data: parsed.data } as ContactBookEvent) : undefined;
}

function erasedChanges(fields: readonly ContactField[]): { readonly [Field in ContactField]?: Change } {
  return Object.fromEntries(fields.map((field) => [field, { before: ERASED, after: ERASED }]));
}

function neverHappens(event: never): never {
  throw new Error(`unknown event type ${(event as { type: string }).type}`);
}
