import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  Crash,
  logOfAppends,
  type Poison,
  SubscriberInMemory,
} from '../../test/fixtures/subscriber-in-memory.js';

const CLIENTS = ['one', 'two', 'three'];
const client = fc.constantFrom(...CLIENTS);
const poison = fc.constantFrom<Poison>('unreadable', 'unhandled', 'unknown');
const step = fc.oneof(
  fc.record({ do: fc.constant('deliver' as const), appends: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant('restart' as const) }),
  fc.record({ do: fc.constant('end' as const), after: fc.integer({ min: 0, max: 8 }) }),
  fc.record({ do: fc.constant('mend' as const), which: fc.nat() }),
  fc.record({
    do: fc.constant('ask' as const),
    which: fc.nat(),
    action: fc.constantFrom('replay', 'drop' as const),
    isLookedAt: fc.boolean(),
  }),
  fc.record({ do: fc.constant('look' as const) }),
);

describe('whatever is poison, and whenever the process ends', () => {
  it('every client is what the log gives without what was dropped, and no checkpoint goes back', async () => {
    const appends = fc.array(fc.tuple(client, fc.integer({ min: 1, max: 3 })), {
      minLength: 3,
      maxLength: 20,
    });
    const poisons = fc.array(fc.tuple(fc.nat(), poison), { minLength: 1, maxLength: 6 });
    let drops = 0;
    let ends = 0;
    await fc.assert(
      fc.asyncProperty(
        appends,
        poisons,
        fc.array(step, { minLength: 10, maxLength: 30 }),
        async (appends, poisons, steps) => {
          const log = logOfAppends(appends);
          const subscriber = new SubscriberInMemory(log, { attempts: 2, maxHeldBack: 10 });
          for (const [at, kind] of poisons) {
            const { stream, revision } = log[at % log.length]!;
            subscriber.poison.set(`${stream}@${revision}`, kind);
          }
          for (const step of steps) await survived(subscriber, () => taken(subscriber, step));
          subscriber.endsIn = Infinity;
          subscriber.poison.clear();
          while (await subscriber.deliver(4));
          for (const { stream, from } of subscriber.delivery.heldBack)
            subscriber.parking.ask({ stream, action: 'replay', from });
          await subscriber.flow.settle(true);
          expect(subscriber.checkpoint?.heldBack ?? []).toEqual([]);
          expect(subscriber.parking.entries.size).toBe(0);
          for (const clientId of CLIENTS)
            expect(subscriber.documents.get(`ws/${clientId}`)).toEqual(subscriber.freshFold(clientId));
          drops += subscriber.parking.skipped.size;
        },
      ),
      { numRuns: 400 },
    );
    // Else the property would say nothing of them.
    expect(drops).toBeGreaterThan(50);
    expect(ends).toBeGreaterThan(50);

    async function survived(subscriber: SubscriberInMemory, run: () => Promise<unknown>): Promise<void> {
      for (let work = run; ; work = () => subscriber.flow.settle(true)) {
        try {
          await work();
          return;
        } catch (error) {
          if (!(error instanceof Crash)) throw error;
          ends += 1;
          subscriber.endsIn = Infinity;
          subscriber.begin();
        }
      }
    }
  });
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function taken(subscriber: SubscriberInMemory, step: Step): Promise<unknown> {
  switch (step.do) {
    case 'deliver':
      return subscriber.deliver(step.appends);
    case 'restart':
      subscriber.begin();
      return subscriber.flow.settle(true);
    case 'end':
      return void (subscriber.endsIn = step.after);
    case 'mend': {
      const places = [...subscriber.poison.keys()];
      return subscriber.poison.delete(places[step.which % places.length] ?? '');
    }
    case 'ask': {
      const heldBack = subscriber.checkpoint?.heldBack ?? [];
      const held = heldBack[step.which % heldBack.length];
      if (held && subscriber.parking.asked.get(held.stream)?.outcome !== null)
        subscriber.parking.ask({ stream: held.stream, from: held.from, action: step.action });
      return step.isLookedAt ? subscriber.flow.look() : undefined;
    }
    case 'look':
      return subscriber.flow.look();
  }
}
