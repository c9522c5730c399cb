import { describe, expect, it } from '@jest/globals';
import { logOfAppends, type Poison, SubscriberInMemory } from '../../test/fixtures/subscriber-in-memory.js';
import { TooManyHeldBack } from './held-back-clients.js';

const streamOf = (client: string) => `clientContacts-ws.${client}`;

/** Two clients in turn, appends of two events each. */
function twoClients(
  poison: readonly [at: string, kind: Poison][],
  settings = {},
  more: readonly (readonly [client: string, events: number])[] = [],
): SubscriberInMemory {
  const log = logOfAppends([['one', 2], ['two', 2], ['one', 2], ['two', 2], ['one', 2], ['two', 2], ...more]);
  const subscriber = new SubscriberInMemory(log, { attempts: 3, maxHeldBack: 10, ...settings });
  for (const [at, kind] of poison) subscriber.poison.set(at, kind);
  return subscriber;
}

const POISON = `${streamOf('one')}@3`;
const heldBack = { stream: streamOf('one'), from: 2, to: 5 };

describe('a client with an event that can not be handled', () => {
  it.each<Poison>(['unreadable', 'unhandled', 'unknown'])(
    'is held back from its append on, and the others go on: %s',
    async (kind) => {
      const subscriber = twoClients([[POISON, kind]]);
      await subscriber.deliver(6);
      expect(subscriber.checkpoint!.heldBack).toEqual([heldBack]);
      expect(subscriber.documents.get('ws/one')!.revision).toBe(1);
      expect(subscriber.documents.get('ws/two')).toEqual(subscriber.freshFold('two'));
      const entry = { subscriber: 'spec', stream: streamOf('one'), from: 2, build: 'spec' };
      expect([...subscriber.parking.entries.values()]).toMatchObject([entry]);
    },
  );

  it('is tried as often as told before, but once where the build does not know the event', async () => {
    const log = logOfAppends([['one', 1]]);
    const attempts = async (kind: Poison) => {
      const subscriber = new SubscriberInMemory(log, { attempts: 3, maxHeldBack: 1 });
      subscriber.poison.set(`${streamOf('one')}@0`, kind);
      await subscriber.deliver(1);
      return subscriber.attempts;
    };
    expect(await attempts('unreadable')).toBe(3);
    expect(await attempts('unknown')).toBe(1);
  });

  it('is replayed to exactly where the subscriber stands, and then is in the flow', async () => {
    const subscriber = twoClients([[POISON, 'unreadable']]);
    await subscriber.deliver(4);
    subscriber.poison.clear();
    subscriber.parking.ask({ stream: streamOf('one'), action: 'replay', from: 2 });
    await subscriber.flow.look();
    expect(subscriber.documents.get('ws/one')!.revision).toBe(3);
    expect(subscriber.parking.asked.get(streamOf('one'))!.outcome).toEqual({ heldBack: null });
    await subscriber.deliver(6);
    expect(subscriber.documents.get('ws/one')).toEqual(subscriber.freshFold('one'));
    expect(subscriber.parking.entries.size).toBe(0);
  });

  it('is held back from the next append that fails, where a replay comes to one', async () => {
    const subscriber = twoClients([
      [POISON, 'unreadable'],
      [`${streamOf('one')}@5`, 'unhandled'],
    ]);
    await subscriber.deliver(6);
    subscriber.poison.delete(POISON);
    subscriber.parking.ask({ stream: streamOf('one'), action: 'replay', from: 2 });
    await subscriber.flow.look();
    const outcome = { heldBack: { from: 4, cause: 'TypeError' } };
    expect(subscriber.parking.asked.get(streamOf('one'))!.outcome).toEqual(outcome);
    expect(subscriber.parking.entries.get(streamOf('one'))).toMatchObject({ from: 4, cause: 'TypeError' });
    expect(subscriber.documents.get('ws/one')!.revision).toBe(3);
  });

  it('goes on without the append that is dropped, and without no other', async () => {
    const subscriber = twoClients([[POISON, 'unreadable']]);
    await subscriber.deliver(6);
    subscriber.parking.ask({ stream: streamOf('one'), action: 'drop', from: 0 });
    await subscriber.flow.look();
    expect(subscriber.parking.skipped.size).toBe(0);
    subscriber.parking.ask({ stream: streamOf('one'), action: 'drop', from: 2 });
    await subscriber.flow.look();
    const document = subscriber.documents.get('ws/one')!;
    expect(document).toMatchObject({ revision: 5, skipped: [{ from: 2, to: 3 }] });
    expect(document).toEqual(subscriber.freshFold('one'));
    const [skip] = subscriber.parking.skipped.values();
    expect(skip).toMatchObject({ from: 2, to: 3, by: 'spec', reason: 'to see what comes of it' });
  });

  it('is one too many where as many are held back as may be: nothing more is handled', async () => {
    const subscriber = twoClients(
      [
        [POISON, 'unknown'],
        [`${streamOf('two')}@2`, 'unknown'],
      ],
      { maxHeldBack: 1 },
    );
    await expect(subscriber.deliver(6)).rejects.toThrow(TooManyHeldBack);
    expect(subscriber.checkpoint!.heldBack).toEqual([{ ...heldBack, to: 3 }]);
    expect(subscriber.documents.get('ws/two')!.revision).toBe(1);
  });

  it('loses an entry that no checkpoint knows of, as the process ended between the two', async () => {
    const subscriber = twoClients([[POISON, 'unknown']]);
    await subscriber.parking.clients.put({
      stream: streamOf('two'),
      from: 0,
      cause: 'TypeError',
      build: 'spec',
      failedAt: new Date(),
    });
    await subscriber.deliver(6);
    await subscriber.flow.settle(false);
    expect([...subscriber.parking.entries.keys()]).toEqual([streamOf('one')]);
  });

  it('is tried again where its entry was lost, and has one again where that fails', async () => {
    const subscriber = twoClients([[POISON, 'unreadable']]);
    await subscriber.deliver(6);
    subscriber.parking.entries.clear();
    await subscriber.flow.look();
    const entry = { stream: streamOf('one'), from: 2, cause: 'PersonalDataUnreadable' };
    expect(subscriber.parking.entries.get(streamOf('one'))).toMatchObject(entry);
    subscriber.poison.clear();
    subscriber.parking.entries.clear();
    await subscriber.flow.look();
    expect(subscriber.checkpoint!.heldBack).toEqual([]);
    expect(subscriber.documents.get('ws/one')).toEqual(subscriber.freshFold('one'));
  });

  it('is answered about although it, and everyone else, is in the flow', async () => {
    const subscriber = twoClients([]);
    await subscriber.deliver(6);
    subscriber.parking.ask({ stream: streamOf('one'), action: 'replay', from: 2 });
    await subscriber.flow.look();
    expect(subscriber.parking.asked.get(streamOf('one'))!.outcome).toEqual({ heldBack: null });
  });

  it('can be dropped where its stream is none of ours, only named so', async () => {
    const subscriber = twoClients([['clientContacts-ws.one.more@0', 'unreadable']], {}, [['one.more', 1]]);
    await subscriber.deliver(7);
    const stream = streamOf('one.more');
    expect(subscriber.checkpoint!.heldBack).toEqual([{ stream, from: 0, to: 0 }]);
    subscriber.parking.ask({ stream, action: 'drop', from: 0 });
    await subscriber.flow.look();
    expect(subscriber.parking.asked.get(stream)!.outcome).toEqual({ heldBack: null });
    expect(subscriber.parking.entries.size).toBe(0);
    expect([...subscriber.documents.keys()]).toEqual(['ws/one', 'ws/two']);
  });

  it('is left to the next holder of the lease by one who has lost it: no skip, no answer, no entry', async () => {
    const subscriber = twoClients([[POISON, 'unreadable']]);
    await subscriber.deliver(6);
    subscriber.parking.ask({ stream: streamOf('one'), action: 'drop', from: 2 });
    subscriber.parking.ask({ stream: streamOf('two'), action: 'replay', from: 2 });
    subscriber.isFenced = true;
    await expect(subscriber.flow.look()).rejects.toThrow('lease');
    expect(subscriber.parking.skipped.size).toBe(0);
    const outcomes = () => [...subscriber.parking.asked.values()].map(({ outcome }) => outcome);
    expect(outcomes()).toEqual([null, null]);
    subscriber.parking.asked.delete(streamOf('one'));
    await expect(subscriber.flow.look()).rejects.toThrow('lease');
    expect(outcomes()).toEqual([null]);
    subscriber.parking.asked.clear();
    const [entry] = subscriber.parking.entries.values();
    subscriber.parking.entries.set(streamOf('two'), { ...entry!, stream: streamOf('two') });
    await expect(subscriber.flow.look()).rejects.toThrow('lease');
    expect(subscriber.parking.entries.size).toBe(2);
  });

  it('is tried again by who has just taken the lease where the build before did not know its event', async () => {
    const subscriber = twoClients([[POISON, 'unknown']]);
    await subscriber.deliver(6);
    subscriber.poison.clear();
    await subscriber.flow.settle(false);
    expect(subscriber.checkpoint!.heldBack).toEqual([heldBack]);
    await subscriber.flow.settle(true);
    expect(subscriber.checkpoint!.heldBack).toEqual([]);
    expect(subscriber.documents.get('ws/one')).toEqual(subscriber.freshFold('one'));
  });
});
