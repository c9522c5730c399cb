import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { ChangeContactBook, ChangeContactBookHandler } from '../../src/commands/change-contact-book.js';
import { COMMAND_DEFAULTS, type CommandSettings } from '../../src/commands/command-settings.js';
import type { ContactBookCommand } from '../../src/contact-book/commands.js';
import { BookSnapshots } from '../../src/event-log/book-snapshots.js';
import { type ClientRef, streamNameOf } from '../../src/event-log/contact-book-stream.js';
import type { EventStore, Revision, StoredEvent } from '../../src/event-log/event-store.js';
import type { EventCodec, RecordedEvent } from '../../src/event-log/stored-form.js';
import { endlessKeys } from '../fixtures/data-keys-in-memory.js';
import { codec as sharedLogCodec } from '../fixtures/shared-log-codec.js';

export interface SentCommand {
  readonly client: ClientRef;
  readonly command: ContactBookCommand;
  readonly commandId?: string;
  readonly expectedRevision?: Revision;
}

/** What the caller of a command is told; a failure by its name, and the domain's code. */
export type Outcome =
  | { readonly revision: Revision; readonly isReplay: boolean; readonly contacts: readonly string[] }
  | { readonly failure: string; readonly code?: string; readonly currentRevision?: Revision };

export type Send = (sent: SentCommand) => Promise<Outcome>;

/**
 * One service process's way to carry out commands: a handler with a cache of its own. The codec is to be another one
 * than the shared log's where the log is the test's own.
 */
export function commandHandler(
  eventStore: EventStore,
  {
    codec = sharedLogCodec,
    snapshotInterval = 100,
    ...settings
  }: Partial<CommandSettings> & { codec?: EventCodec; snapshotInterval?: number } = {},
): Send {
  const snapshots = new BookSnapshots(
    eventStore,
    codec,
    endlessKeys,
    snapshotInterval,
    pino({ level: 'silent' }),
  );
  const handler = new ChangeContactBookHandler(eventStore, codec, snapshots, {
    ...COMMAND_DEFAULTS,
    maxContacts: 200,
    portalAccessByAdminsOnly: false,
    ...settings,
  });
  return async ({ client, command, commandId = randomUUID(), expectedRevision }) => {
    const caller = { actor, correlationId: 'correlation', commandId };
    try {
      const { revision, isReplay, book } = await handler.execute(
        new ChangeContactBook(
          client,
          command,
          caller,
          expectedRevision === undefined ? undefined : [expectedRevision],
        ),
      );
      return { revision, isReplay, contacts: [...book.contacts.keys()] };
    } catch (error) {
      const { name, code, currentRevision } = error as Error & { code?: string; currentRevision?: Revision };
      return {
        failure: name,
        ...(code !== undefined && { code }),
        ...(currentRevision !== undefined && { currentRevision }),
      };
    }
  };
}

const actor = { kind: 'user', id: 'u-1', role: 'owner' } as const;

export const newClient = (): ClientRef => ({ workspaceId: 'ws', clientId: randomUUID() });

export const add = (contactId: string, more: object = {}): ContactBookCommand => ({
  type: 'AddContact',
  contactId,
  email: `${contactId}@client.example`,
  ...more,
});

/** Everything that the client's stream holds. */
export async function historyOf(eventStore: EventStore, client: ClientRef): Promise<RecordedEvent[]> {
  const stored: StoredEvent[] = [];
  for await (const event of eventStore.read(streamNameOf(client), 0)) stored.push(event);
  return sharedLogCodec.fromStoredForm(stored);
}

/** The ids of the commands in the stream, one for each append. */
export function commandsOf(history: readonly RecordedEvent[]): string[] {
  return history.filter(({ isLastOfAppend }) => isLastOfAppend).map(({ commandId }) => commandId);
}
