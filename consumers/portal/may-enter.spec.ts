import { describe, expect, it } from '@jest/globals';
import type { HeldBackClient } from '../topic/held-back-clients.js';
import type { PartitionProgress } from '../topic/reading-progress.js';
import type { StoredAccess } from './contact-access.js';
import { type Entry, entry } from './may-enter.js';
import type { Session } from './sessions.js';

const now = new Date('2026-11-24T12:00:00.000Z');
const contact: StoredAccess = {
  _id: 'studio-nord/brasserie-lefevre/margaux',
  revision: 5,
  status: 'present',
  enabled: true,
  generation: 2,
  partition: 1,
};
const session: Session = { contact: contact._id, generation: 2, endedAt: null };
const progress: PartitionProgress = {
  topic: 'client-contacts.portal-access',
  partition: 1,
  readTo: 9,
  end: 9,
  asOf: now,
  intervalMs: 10_000,
  heldBack: { clients: [], complete: true, readTo: 9 },
};
const held = (clientId: string, status: HeldBackClient['status'] = 'held_back', complete = true) => {
  return { clients: [{ client: `studio-nord/${clientId}`, revision: 6, status }], complete, readTo: 9 };
};
const OTHER_PARTITION = { ...progress, partition: 0, heldBack: held('another', 'held_back', false) };

/** Everything in order but what is given; null for what is not there. */
function whether(given: {
  session?: Partial<Session> | null;
  contact?: Partial<StoredAccess> | null;
  progress?: Partial<PartitionProgress> | null;
}): Entry {
  const with_ = <T extends object>(usual: T, change: Partial<T> | null | undefined) =>
    change === null ? undefined : { ...usual, ...change };
  const read = with_(progress, given.progress);
  return entry(
    with_(session, given.session),
    with_(contact, given.contact),
    read ? [OTHER_PARTITION, read] : [OTHER_PARTITION],
    now,
  );
}

describe('a session', () => {
  it.each<[string, Parameters<typeof whether>[0]]>([
    ['when all is in order', {}],
    ['that is of a newer generation than the portal has heard of', { session: { generation: 3 } }],
    ['while something of another client is held back', { progress: { heldBack: held('another') } }],
    ['while heartbeats come', { progress: { asOf: new Date(now.getTime() - 30_000) } }],
  ])('opens the door %s', (_when, given) => {
    expect(whether(given)).toEqual({ mayEnter: true });
  });

  it.each<[string, Parameters<typeof whether>[0], string]>([
    ['that is not there', { session: null }, 'no_session'],
    ['that was ended', { session: { endedAt: now } }, 'session_ended'],
    ['of a contact who is gone', { contact: { status: 'gone', enabled: false } }, 'contact_gone'],
    ['of an older generation', { contact: { generation: 3 } }, 'older_generation'],
    [
      'of an older generation, whatever else is not known',
      { contact: { generation: 3 }, progress: null },
      'older_generation',
    ],
  ])('is over: one %s', (_which, given, because) => {
    expect(whether(given)).toEqual({ mayEnter: false, because, isOver: true });
  });

  it.each<[string, Parameters<typeof whether>[0], string]>([
    ['the contact is not known', { contact: null }, 'unknown_contact'],
    ['the contact may not sign in', { contact: { enabled: false } }, 'access_off'],
    ['the partition was not read to its end', { progress: { end: 10 } }, 'catching_up'],
    ['the partition was never read', { progress: null }, 'catching_up'],
    [
      'something of the client is held back',
      { progress: { heldBack: held('brasserie-lefevre') } },
      'held_back',
    ],
    [
      'something of the client was given up',
      { progress: { heldBack: held('brasserie-lefevre', 'skipped') } },
      'held_back',
    ],
    [
      'more clients are held back than are named',
      { progress: { heldBack: held('another', 'held_back', false) } },
      'held_back',
    ],
    [
      'neither record nor heartbeat came for three intervals',
      { progress: { asOf: new Date(now.getTime() - 30_001) } },
      'publisher_silent',
    ],
  ])('is refused for now where %s', (_where, given, because) => {
    expect(whether(given)).toEqual({ mayEnter: false, because, isOver: false });
  });

  it('is refused before it was read who is held back', () => {
    const { heldBack: _none, ...unread } = progress;
    expect(entry(session, contact, [unread], now)).toMatchObject({ because: 'catching_up' });
  });
});
