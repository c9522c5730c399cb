import { describe, expect, it } from '@jest/globals';
import { freshness, freshnessOfStates, type PartitionProgress, worstFreshness } from './reading-progress.js';

const now = new Date('2026-11-24T12:00:00.000Z');
const progress = (change: Partial<PartitionProgress> & { agoMs?: number } = {}): PartitionProgress => {
  const { agoMs = 0, ...fields } = change;
  return {
    topic: 'client-contacts.portal-access',
    partition: 0,
    readTo: 7,
    end: 7,
    asOf: new Date(now.getTime() - agoMs),
    intervalMs: 1_000,
    heldBack: { clients: [], complete: true, readTo: 7 },
    ...fields,
  };
};

describe('what a partition tells is', () => {
  it.each<[string, PartitionProgress | undefined, string]>([
    ['known, where the last word came within three intervals', progress({ agoMs: 3_000 }), 'current'],
    ['not known, where none came for longer', progress({ agoMs: 3_001 }), 'publisher_silent'],
    ['not known, where it was not read to the end that it had', progress({ readTo: 6 }), 'catching_up'],
    ['not known, where it was never read', undefined, 'catching_up'],
    ['known, where it was read beyond that end', progress({ readTo: 9 }), 'current'],
  ])('%s', (_what, of, expected) => {
    expect(freshness(of, now)).toBe(expected);
  });

  it('not known of states, where no list of held-back clients was read', () => {
    const { heldBack: _none, ...unread } = progress();
    expect(freshness(unread, now)).toBe('current');
    expect(freshnessOfStates(unread, now)).toBe('catching_up');
    expect(freshnessOfStates(progress({ agoMs: 3_001 }), now)).toBe('publisher_silent');
  });

  it('as good as that of the worst partition, where all matter', () => {
    const [fresh, silent, behind] = [progress(), progress({ agoMs: 9_000 }), progress({ end: 8 })];
    expect(worstFreshness([fresh, fresh], now)).toBe('current');
    expect(worstFreshness([fresh, silent], now)).toBe('publisher_silent');
    expect(worstFreshness([silent, behind, fresh], now)).toBe('catching_up');
    expect(worstFreshness([], now)).toBe('catching_up');
  });
});
