import { describe, expect, it } from '@jest/globals';
import { EventStoreInMemory } from '../../test/fixtures/event-store-in-memory.js';
import { recordedEvents, storedFormOf } from '../../test/fixtures/recorded-events.js';
import { LogDiverged, requireSameLog } from './log-continuity.js';

const [first, second] = recordedEvents({ workspaceId: 'ws', clientId: 'one' }, [
  [{ type: 'PrimaryContactChanged', data: { from: null, to: 'ann' } }],
  [{ type: 'PrimaryContactChanged', data: { from: 'ann', to: null } }],
]);

describe('the log of a checkpoint', () => {
  const logOf = async () => {
    const eventStore = new EventStoreInMemory();
    await eventStore.append(first!.stream, -1, await Promise.all([first!, second!].map(storedFormOf)));
    const log = [];
    for await (const event of eventStore.read(first!.stream, 0)) log.unshift(event);
    return { eventStore, last: log[0]! };
  };

  it('is the same where its last event is in its place, and it reaches as far', async () => {
    const { eventStore, last } = await logOf();
    const { stream, revision, id, position } = last;
    await requireSameLog(eventStore, { ...position, lastEvent: { stream, revision, id } });
    await requireSameLog(eventStore, position);
  });

  it('is another one where another event is in that place, or none', async () => {
    const { eventStore, last } = await logOf();
    const { stream, revision, position } = last;
    const other = requireSameLog(eventStore, { ...position, lastEvent: { stream, revision, id: 'another' } });
    await expect(other).rejects.toThrow(LogDiverged);
    const missing = requireSameLog(eventStore, { ...position, lastEvent: { stream, revision: 7, id: 'x' } });
    await expect(missing).rejects.toThrow(LogDiverged);
  });

  it('is another one where it ends before the checkpoint, although its last event is there', async () => {
    const { eventStore, last } = await logOf();
    const { stream, revision, id, position } = last;
    const beyond = { commit: position.commit + 1n, prepare: position.prepare + 1n };
    await expect(
      requireSameLog(eventStore, { ...beyond, lastEvent: { stream, revision, id } }),
    ).rejects.toThrow('the log ends before');
  });
});
