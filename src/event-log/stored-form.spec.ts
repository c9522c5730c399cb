import { describe, expect, it } from '@jest/globals';
import type { ContactBookEvent } from '../contact-book/events.js';
import type { StoredEvent } from './event-store.js';
import { fromStoredForm, toStoredForm, UnknownEvent } from './stored-form.js';

const events: ContactBookEvent[] = [
  { type: 'ContactAdded', data: { contactId: 'ann', email: 'ann@x.example', portalEnabled: true } },
  { type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } },
];
const metadata = {
  actor: { kind: 'user', id: 'u-1', role: 'manager' },
  correlationId: 'correlation',
  causationId: 'command',
  fingerprint: 'fingerprint',
} as const;

function store(): StoredEvent[] {
  let id = 0;
  return toStoredForm(events, metadata, () => `event-${id++}`).map((event, revision) => ({
    // As JSON, which is what the event store keeps.
    ...(JSON.parse(JSON.stringify(event)) as typeof event),
    stream: 'clientContacts-ws.client',
    revision,
    position: { commit: 10n, prepare: 10n },
    recordedAt: new Date(0),
  }));
}

describe('the stored form', () => {
  it('gives back the events of an append, who did it, and where the append ends', () => {
    const recorded = store().map(fromStoredForm);
    expect(recorded.map(({ event }) => event)).toEqual(events);
    expect(recorded.map(({ isLastOfAppend }) => isLastOfAppend)).toEqual([false, true]);
    expect(recorded[0]).toMatchObject({ ...metadata, client: { workspaceId: 'ws', clientId: 'client' } });
  });

  it('gives each event an id of its own', () => {
    expect(store().map(({ id }) => id)).toEqual(['event-0', 'event-1']);
  });

  it.each([
    ['a type that this build does not know', { type: 'ContactMerged' }],
    ['a type that is a word of the language', { type: 'constructor' }],
    ['a later version of the form', { metadata: { ...store()[0]!.metadata, schemaVersion: 2 } }],
    ['no metadata', { metadata: {} }],
  ])('is never guessed at: %s is an unknown event', (_, change) => {
    expect(() => fromStoredForm({ ...store()[0]!, ...change })).toThrow(UnknownEvent);
  });

  it.each(['clientContacts-ws', 'clientContacts-ws.a.b', 'clientContacts-ws.', 'other-ws.client'])(
    'belongs to a client: stream %s is none of ours',
    (stream) => {
      expect(() => fromStoredForm({ ...store()[0]!, stream })).toThrow(RangeError);
    },
  );
});
