import { describe, expect, it } from '@jest/globals';
import type { ContactBookEvent } from '../contact-book/events.js';
import type { StoredEvent } from './event-store.js';
import { clearTextCodec, UnknownEvent } from './stored-form.js';

const events: ContactBookEvent[] = [
  { type: 'ContactAdded', data: { contactId: 'ann', email: 'ann@x.example', portalEnabled: true } },
  { type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } },
];
const metadata = {
  actor: { kind: 'user', id: 'u-1', role: 'manager' },
  correlationId: 'correlation',
  causationId: 'command',
  commandId: 'command',
} as const;

async function store(): Promise<StoredEvent[]> {
  let id = 0;
  const client = { workspaceId: 'ws', clientId: 'client' };
  const append = { client, events, ...metadata, request: 'request', billingEmailKey: null };
  return (await clearTextCodec.toStoredForm(append, () => `event-${id++}`)).map((event, revision) => ({
    // As JSON, which is what the event store keeps.
    ...(JSON.parse(JSON.stringify(event)) as typeof event),
    stream: 'clientContacts-ws.client',
    revision,
    position: { commit: 10n, prepare: 10n },
    recordedAt: new Date(0),
  }));
}

describe('the stored form', () => {
  it('gives back the events of an append, who did it, and where the append ends', async () => {
    const recorded = await clearTextCodec.fromStoredForm(await store());
    expect(recorded.map(({ event }) => event)).toEqual(events);
    expect(recorded.map(({ isLastOfAppend }) => isLastOfAppend)).toEqual([false, true]);
    expect(recorded[0]).toMatchObject({ ...metadata, client: { workspaceId: 'ws', clientId: 'client' } });
  });

  it('gives each event an id of its own', async () => {
    expect((await store()).map(({ id }) => id)).toEqual(['event-0', 'event-1']);
  });

  it.each([
    ['a type that this build does not know', { type: 'ContactMerged' }],
    ['a type that is a word of the language', { type: 'constructor' }],
    ['a later version of the form', { schemaVersion: 2 }],
    ['no id of its command', { commandId: undefined }],
  ])(
    'is never guessed at: %s is an unknown event',
    async (_, { type, ...metadata }: Record<string, unknown>) => {
      const [stored] = await store();
      const changed = {
        ...stored!,
        ...(type !== undefined && { type: type as string }),
        metadata: { ...stored!.metadata, ...metadata },
      };
      await expect(clearTextCodec.fromStoredForm([changed])).rejects.toThrow(UnknownEvent);
    },
  );

  it.each(['clientContacts-ws', 'clientContacts-ws.a.b', 'clientContacts-ws.', 'other-ws.client'])(
    'belongs to a client: stream %s is none of ours',
    async (stream) => {
      const [stored] = await store();
      await expect(clearTextCodec.fromStoredForm([{ ...stored!, stream }])).rejects.toThrow(RangeError);
    },
  );
});
