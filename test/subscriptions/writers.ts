import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContactBookEvent } from '../../src/contact-book/events.js';
import { streamNameOf } from '../../src/event-log/contact-book-stream.js';
import { type EventStore, WrongExpectedRevision } from '../../src/event-log/event-store.js';
import { codec } from '../fixtures/recorded-events.js';
import { newAppend } from '../fixtures/stored-appends.js';

/** Every append has so many events: whoever sees another multiple has seen the middle of one. */
export const EVENTS_OF_APPEND = 3;

/** Writes to clients of a log of the test's own, and on, whatever becomes of the server, until it is stopped. */
export class Writers {
  private readonly revisions: number[];
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();
  written = 0;

  constructor(
    private readonly eventStore: EventStore,
    private readonly settings: { clients: number; pauseMs: number },
  ) {
    this.revisions = Array<number>(settings.clients).fill(-1);
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Appends once to one client. Raises what the event store raises, after the same append was sent again for a while. */
  async write(client: number): Promise<void> {
    const from = this.revisions[client]!;
    const ref = { workspaceId: 'ws', clientId: `c${client}` };
    const stored = await codec.toStoredForm(newAppend({ client: ref, events: appendAt(from) }), randomUUID);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.eventStore.append(streamNameOf(ref), from, stored);
        break;
      } catch (error) {
        // The very same append may be sent again, and is stored once.
        if (error instanceof WrongExpectedRevision || attempt === 200) throw error;
        await sleep(50);
      }
    }
    this.revisions[client] = from + EVENTS_OF_APPEND;
    this.written += EVENTS_OF_APPEND;
  }

  private async run(): Promise<void> {
    const { clients, pauseMs } = this.settings;
    while (!this.stopping.signal.aborted) {
      // The first ones more often: batches in which one client has several appends, and many have one.
      await this.write(Math.floor(clients * Math.random() ** 2));
      await sleep(Math.random() * pauseMs * 2);
    }
  }
}

function appendAt(revision: number): ContactBookEvent[] {
  const add = (contactId: string): ContactBookEvent => ({
    type: 'ContactAdded',
    data: { contactId, email: `${contactId}@client.example`, portalEnabled: true },
  });
  if (revision < 0)
    return [add('ann'), add('bob'), { type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } }];
  const isEven = Math.floor(revision / EVENTS_OF_APPEND) % 2 === 0;
  const [from, to] = isEven ? (['ann', 'bob'] as const) : (['bob', 'ann'] as const);
  return [
    { type: 'PrimaryContactChanged', data: { from, to } },
    { type: 'PortalAccessToggled', data: { contactId: from, enabled: false, generation: revision } },
    { type: 'PortalAccessToggled', data: { contactId: from, enabled: true, generation: revision + 1 } },
  ];
}
