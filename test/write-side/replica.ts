/** A service process, as far as commands go: it carries out what its parent sends, on the event store of its environment. */
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import { codec as ownLogCodec } from '../fixtures/recorded-events.js';
import { commandHandler, type SentCommand } from './command-handler.js';

const { EVENTSTORE_URL, DEADLINE_MS, IS_OWN_LOG } = process.env;
const eventStore = new EventStoreDb({ url: EVENTSTORE_URL!, deadlineMs: Number(DEADLINE_MS) });
const send = commandHandler(eventStore, {
  // However slow the machine is.
  maxWaitMs: 60_000,
  maxConflictMs: 60_000,
  ...(IS_OWN_LOG === 'true' && { codec: ownLogCodec }),
});

process.on('message', ({ id, sent }: { id: number; sent: SentCommand }) => {
  void send(sent).then((outcome) => process.send!({ id, outcome }));
});
process.on('disconnect', () => process.exit());
process.send!('ready');
