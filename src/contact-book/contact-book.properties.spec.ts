import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ContactBookCommand, ContactRow } from './commands.js';
import { initial, type ContactBook } from './contact-book.js';
import {
  copyOf,
  assertInvariants,
  bookOf,
  pastOf,
  PORTAL_CLOSED,
  USUAL_RULES,
} from './contact-book.given-when-then.js';
import { cleanText } from './contact-text.js';
import { decide, type Rules } from './decide.js';
import { cleanEmailAddress, isSameAddress } from './email-address.js';
import { type ContactBookEvent, ERASURE_REASONS } from './events.js';
import { Refusal } from './refusal.js';

/** One command that was accepted: the book it met, what it gave, and the book after it. */
interface Step {
  readonly before: ContactBook;
  readonly command: ContactBookCommand;
  readonly rules: Rules;
  readonly events: readonly ContactBookEvent[];
  /** All that had happened before. */
  readonly history: readonly ContactBookEvent[];
  readonly after: ContactBook;
}

describe('whatever is asked of a book, in whatever order', () => {
  holdsAtEachStep('flags point to contacts, and no two contacts have one address', ({ after }) => {
    assertInvariants(after);
  });

  holdsAtEachStep('a flag points to nobody at no point of an append', ({ before, events }) => {
    events.forEach((_, i) => {
      const { primary, billingDefault, contacts } = bookOf(events.slice(0, i + 1), before);
      for (const flag of [primary, billingDefault]) expect(flag === null || contacts.has(flag)).toBe(true);
    });
  });

  holdsAtEachStep('the same command again gives nothing', ({ command, rules, history, events, after }) => {
    const again = outcomeOf(command, after, rules, [...history, ...events]);
    const cannotRepeat = command.type === 'AddContact' || command.type === 'RemoveContact';
    expect(again).toEqual(cannotRepeat ? expect.any(Refusal) : []);
  });

  holdsAtEachStep(
    'facts come in the order of an append, and each says something new',
    ({ before, events }) => {
      const ranks = events.map(rankOf);
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      events.forEach((event, i) => {
        const soFar = bookOf(events.slice(0, i), before);
        expect(bookOf([event], soFar)).not.toEqual(soFar);
      });
    },
  );

  holdsAtEachStep(
    'a generation rises exactly by what withdraws access, and never falls',
    ({ before, events, after }) => {
      for (const [contactId, was] of before.contacts) {
        const is = after.contacts.get(contactId);
        const rise = is
          ? Number(!isSameAddress(was.email, is.email)) + Number(was.portalEnabled && !is.portalEnabled)
          : 1;
        const generation = (is ?? after.formerContacts.get(contactId))?.generation;
        expect(generation).toBe(was.generation + rise);
      }
      for (const [contactId, is] of after.contacts) {
        if (!before.contacts.has(contactId)) expect(is.generation).toBe(1);
      }
      for (const { contactId, generation } of before.formerContacts) {
        const rise = Number(erasedBy(events).includes(contactId));
        expect(after.formerContacts.get(contactId)).toEqual({
          contactId,
          generation: generation + rise,
        });
      }
    },
  );

  holdsAtEachStep('it gives what was asked for', ({ command, history, events, after }) => {
    switch (command.type) {
      case 'AddContact':
        expectRow(after, command, after.contacts.get(command.contactId)?.contactId);
        return;
      case 'ReplaceContacts':
        expectList(after, command.contacts);
        return;
      case 'EraseContact':
        expectErased(after, command.contactId, history, events);
        return;
      case 'RemoveContact':
        expect(after.contacts.has(command.contactId)).toBe(false);
        return;
      case 'SetPrimaryContact':
        expect(after.primary).toBe(command.contactId);
        return;
      case 'SetBillingDefault':
        expect(after.billingDefault).toBe(command.contactId);
        return;
      case 'SetBillingEmail':
        expect(after.billingEmail).toBe(command.email === null ? null : cleanEmailAddress(command.email));
        return;
      case 'TogglePortalAccess':
        expect(after.contacts.get(command.contactId)?.portalEnabled).toBe(command.enabled);
        return;
      case 'ChangeContactDetails': {
        const { email, name, title, phone } = command;
        const texts = Object.entries({ name, title, phone }).filter(([, typed]) => typed !== undefined);
        expect(after.contacts.get(command.contactId)).toMatchObject({
          ...(email != null && { email: cleanEmailAddress(email) }),
          ...Object.fromEntries(texts.map(([field, typed]) => [field, cleanText(typed ?? '')])),
        });
      }
    }
  });

  holdsAtEachStep(
    'where portal access is closed, nobody gains, loses or moves it',
    ({ before, after, rules }) => {
      if (rules.mayChangePortalAccess) return;
      for (const [contactId, { portalEnabled, email }] of after.contacts) {
        const was = before.contacts.get(contactId);
        expect(portalEnabled).toBe(was?.portalEnabled ?? false);
        if (was && portalEnabled) expect(email).toBe(was.email);
      }
    },
  );

  holdsAtEachStep(
    'the book that a command meets is left as it was',
    ({ before, command, rules, history }) => {
      const seen = copyOf(before);
      bookOf(decide(command, before, rules, pastOf(history)), before);
      expect(before).toEqual(seen);
    },
  );

  it('folding all facts from the start, as they would be read back, gives the same book', () => {
    fc.assert(
      fc.property(anyHistory(), (history) => {
        const { steps } = play(history);
        const stored = JSON.parse(
          JSON.stringify(steps.flatMap(({ events }) => events)),
        ) as ContactBookEvent[];
        expect(bookOf(stored)).toEqual(steps.at(-1)?.after ?? initial());
      }),
      { numRuns: 1000 },
    );
  });

  it('a refusal tells nothing personal', () => {
    fc.assert(
      fc.property(anyHistory(), (history) => {
        for (const refusal of play(history).refusals) {
          expect(JSON.stringify([refusal.message, refusal.details])).not.toMatch(/@|example|Ann|Boss|555/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function holdsAtEachStep(rule: string, check: (step: Step) => void): void {
  it(rule, () => {
    fc.assert(
      fc.property(anyHistory(), (history) => play(history).steps.forEach(check)),
      { numRuns: 1000 },
    );
  });
}

/** Each command meets the book that those before it left; what is refused leaves no trace. */
function play(history: readonly (readonly [ContactBookCommand, Rules])[]): {
  steps: Step[];
  refusals: Refusal[];
} {
  const steps: Step[] = [];
  const refusals: Refusal[] = [];
  let book = initial();
  const happened: ContactBookEvent[] = [];
  history.forEach(([template, rules], i) => {
    const before = book;
    const command = addressed(template, before, i);
    const outcome = outcomeOf(command, before, rules, happened);
    if (outcome instanceof Refusal) {
      refusals.push(outcome);
    } else {
      book = bookOf(outcome, before);
      steps.push({ before, command, rules, events: outcome, history: [...happened], after: book });
      happened.push(...outcome);
    }
  });
  return { steps, refusals };
}

function outcomeOf(
  command: ContactBookCommand,
  book: ContactBook,
  rules: Rules,
  history: readonly ContactBookEvent[],
): ContactBookEvent[] | Refusal {
  try {
    return decide(command, book, rules, pastOf(history));
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** `someone 3` becomes the id of a contact who is there, `anyone 3` of one who is or was, and `new 3` an id that never was. */
function addressed(template: ContactBookCommand, book: ContactBook, step: number): ContactBookCommand {
  const ids = [...book.contacts.keys()];
  const everyId = [...ids, ...[...book.formerContacts].map(({ contactId }) => contactId)];
  return JSON.parse(JSON.stringify(template), (_key, value: unknown) => {
    const [, kind, n] = /^(someone|anyone|new) (\d+)$/.exec(String(value)) ?? [];
    if (kind === 'new') return `contact-${step}-${n}`;
    if (kind === 'anyone') return everyId[Number(n) % everyId.length] ?? 'nobody';
    return kind === 'someone' ? (ids[Number(n) % ids.length] ?? 'nobody') : value;
  }) as ContactBookCommand;
}

/** Half of them begin with a book of four, so that there is somebody to do something to. */
function anyHistory() {
  const rules = fc.constantFrom(USUAL_RULES, USUAL_RULES, PORTAL_CLOSED, { ...USUAL_RULES, maxContacts: 3 });
  const fourPeople = ADDRESSES.filter((_, i) => i % 2 === 0).slice(0, 4);
  const start: ContactBookCommand = {
    type: 'ReplaceContacts',
    contacts: fourPeople.map((email, i) => ({ email, primary: i === 0, billingDefault: i === 1 })),
    newContactIds: fourPeople.map((_, i) => `new ${i}`),
  };
  return fc
    .tuple(fc.boolean(), fc.array(fc.tuple(anyCommand(), rules), { maxLength: 8, size: 'max' }))
    .map(([empty, rest]) => (empty ? rest : [[start, USUAL_RULES] as const, ...rest]));
}

/** Few enough to collide, each of the first four typed in two ways. */
const ADDRESSES = [
  'ann@a.example',
  'ANN@A.example',
  'bob@bücher.example',
  'Bob@xn--bcher-kva.example',
  'jos\u00e9@a.example',
  'JOSE\u0301@a.example',
  'cy@a.example',
  ' cy@a.example',
  'dee@a.example',
  'eve@a.example',
  'fay@a.example',
  'gus@a.example',
];

function seldom<T>(value: T, usual: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 19, arbitrary: usual }, { weight: 1, arbitrary: fc.constant(value) });
}

function anyCommand(): fc.Arbitrary<ContactBookCommand> {
  const someone = seldom(
    'nobody',
    fc.nat(5).map((n) => `someone ${n}`),
  );
  const email = seldom('', seldom('Ann <ann@a.example>', fc.constantFrom(...ADDRESSES)));
  const text = fc.constantFrom(undefined, undefined, null, '', 'Ann', 'Boss ', '+1 555');
  const flag = fc.constantFrom(undefined, false, true);
  const texts = { name: text, title: text, phone: seldom('5'.repeat(41), text) };
  const row = fc.record({
    contactId: fc.option(someone, { nil: undefined, freq: 2 }),
    email,
    ...texts,
    portalEnabled: flag,
  });
  const command = <Type extends string, Data>(
    type: Type,
    data: { [Key in keyof Data]: fc.Arbitrary<Data[Key]> },
  ) => fc.record(data).map((fields) => ({ type, ...fields }));

  return fc.oneof(
    command('AddContact', {
      contactId: fc.constant('new 0'),
      email,
      ...texts,
      portalEnabled: flag,
      primary: flag,
      billingDefault: flag,
    }),
    command('ChangeContactDetails', {
      contactId: someone,
      email: fc.option(email, { nil: undefined }),
      ...texts,
    }),
    command('RemoveContact', { contactId: someone, successorId: fc.option(someone, { nil: undefined }) }),
    command('EraseContact', {
      contactId: fc.nat(9).map((n) => `anyone ${n}`),
      reason: fc.constantFrom(...ERASURE_REASONS),
    }),
    command('SetPrimaryContact', { contactId: fc.option(someone) }),
    command('SetBillingDefault', { contactId: fc.option(someone) }),
    command('SetBillingEmail', { email: fc.option(email) }),
    command('TogglePortalAccess', { contactId: someone, enabled: fc.boolean() }),
    {
      weight: 3,
      arbitrary: fc
        .record({
          rows: fc.uniqueArray(row, { maxLength: 5, selector: ({ email }) => email.trim().toLowerCase() }),
          primary: fc.nat(5),
          billingDefault: fc.nat(5),
        })
        .map(({ rows, primary, billingDefault }) => ({
          type: 'ReplaceContacts' as const,
          contacts: rows.map((fields, i) => ({
            ...fields,
            primary: i === primary,
            billingDefault: i === billingDefault,
          })),
          newContactIds: rows.map((_, i) => `new ${i}`),
          allowEmpty: primary > 3,
        })),
    },
  );
}

/** Flags vacated, removals, changes, additions, flags set; the billing email last. */
function rankOf(event: ContactBookEvent): number {
  switch (event.type) {
    case 'PrimaryContactChanged':
    case 'BillingDefaultChanged':
      return event.data.to === null ? 0 : 4;
    case 'ContactRemoved':
    case 'ContactErased':
      return 1;
    case 'ContactDetailsChanged':
    case 'PortalAccessToggled':
      return 2;
    case 'ContactAdded':
      return 3;
    case 'BillingEmailChanged':
      return 5;
  }
}

function erasedBy(events: readonly ContactBookEvent[]): string[] {
  return events.flatMap(({ type, data }) => (type === 'ContactErased' ? [data.contactId] : []));
}

/** Gone from the book and its flags, and invoices go to none of the addresses that they ever had. */
function expectErased(
  book: ContactBook,
  contactId: string,
  history: readonly ContactBookEvent[],
  events: readonly ContactBookEvent[],
): void {
  expect(book.contacts.has(contactId)).toBe(false);
  expect(book.formerContacts.has(contactId)).toBe(true);
  expect([book.primary, book.billingDefault]).not.toContain(contactId);
  expect(erasedBy([...history, ...events]).filter((id) => id === contactId)).toHaveLength(1);
  if (events.length === 0) return;
  const addresses = history.flatMap((event) => {
    if (!('contactId' in event.data) || event.data.contactId !== contactId) return [];
    if (event.type === 'ContactAdded') return [event.data.email];
    return event.type === 'ContactDetailsChanged' ? [event.data.changes.email?.after ?? null] : [];
  });
  expect(addresses.some((address) => isSameAddress(address, book.billingEmail))).toBe(false);
}

function expectList(book: ContactBook, rows: readonly ContactRow[]): void {
  const ids = rows.map((row) => {
    const contact = [...book.contacts.values()].find(({ email }) =>
      isSameAddress(email, cleanEmailAddress(row.email)),
    );
    expectRow(book, row, contact?.contactId);
    if (row.contactId !== undefined) expect(contact?.contactId).toBe(row.contactId);
    return contact?.contactId;
  });
  expect(new Set(book.contacts.keys())).toEqual(new Set(ids));
  expect(book.primary).toBe(ids[rows.findIndex(({ primary }) => primary)] ?? null);
  expect(book.billingDefault).toBe(ids[rows.findIndex(({ billingDefault }) => billingDefault)] ?? null);
}

function expectRow(book: ContactBook, row: ContactRow, contactId: string | undefined): void {
  const { email, name, title, phone, portalEnabled } = row;
  expect(book.contacts.get(contactId ?? 'missing')).toMatchObject({
    email: cleanEmailAddress(email),
    name: cleanText(name ?? ''),
    title: cleanText(title ?? ''),
    phone: cleanText(phone ?? ''),
    ...(portalEnabled !== undefined && { portalEnabled }),
  });
  if (row.primary) expect(book.primary).toBe(contactId);
  if (row.billingDefault) expect(book.billingDefault).toBe(contactId);
}
