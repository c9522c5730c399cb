import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Db, MongoClient } from 'mongodb';
import { HELD_BACK_CLIENTS } from '../topic/held-back-clients.js';
import { HEARTBEAT, type PublishedRecord } from '../topic/published-record.js';
import { PORTAL_ACCESS } from './contact-access.js';
import { Portal } from './portal.js';
import { type PortalMatches, signIn } from './sign-in.js';

const TOPIC = 'client-contacts.portal-access';
const ANN = 'studio-nord/brasserie-lefevre/ann';
const now = new Date('2026-11-24T12:00:00.000Z');
const address = { workspaceId: 'studio-nord', email: 'ann@client.example' };

function access(revision: number, value: object, key = ANN): PublishedRecord {
  return {
    topic: TOPIC,
    partition: 1,
    key,
    type: PORTAL_ACCESS,
    revision,
    time: now,
    value: { ...value, revision },
  };
}
const present = (revision: number, generation: number, enabled = true) =>
  access(revision, { status: 'present', email: 'ann@client.example', enabled, generation });
const gone = (revision: number, generation: number) => access(revision, { status: 'gone', generation });

describe('the portal', () => {
  const mongo = new MongoClient(process.env['MONGODB_URL']!);
  let database: Db;
  let portal: Portal;

  beforeAll(() => mongo.connect());
  afterAll(() => mongo.close());
  beforeEach(async () => {
    database = mongo.db(`portal_${randomUUID().slice(0, 8)}`);
    portal = new Portal(database);
    await portal.progress.assigned([{ topic: TOPIC, partition: 1, end: 5, isOurs: true }]);
    await hear(5);
    await tell(5, []);
  });
  afterEach(() => database.dropDatabase());

  /** A heartbeat came, and everything before this offset was read. */
  const hear = (readTo: number, at = now) => {
    const value = { position: null, time: at.toISOString(), intervalMs: 1_000 };
    const beat = { topic: TOPIC, partition: 1, key: 'heartbeat', type: HEARTBEAT, revision: undefined };
    return portal.progress.read({ topic: TOPIC, partition: 1 }, readTo, [{ ...beat, time: at, value }], at);
  };
  /** It was read who is held back. */
  const tell = (readTo: number, clients: object[], complete = true, at = now) => {
    const value = { clients, count: clients.length, complete };
    const list = { topic: TOPIC, partition: 1, key: 'held-back-clients', type: HELD_BACK_CLIENTS };
    const record = { ...list, revision: undefined, time: at, value };
    return portal.progress.read({ topic: TOPIC, partition: 1 }, readTo, [record], at);
  };
  const LEFEVRE = { client: 'studio-nord/brasserie-lefevre', revision: 2, status: 'held_back' };
  const mayEnter = (token: string, at = now) => portal.mayEnter(token, at);

  it('lets a session in until its generation is over', async () => {
    await portal.take([present(1, 1)], now);
    const token = await portal.sessions.open(ANN, 1);
    expect(await mayEnter(token)).toEqual({ mayEnter: true });
    await portal.take([present(2, 2, false)], now);
    expect(await mayEnter(token)).toMatchObject({ because: 'older_generation', isOver: true });
    await portal.take([present(3, 2)], now);
    expect(await mayEnter(token)).toMatchObject({ because: 'older_generation' });
    expect(await mayEnter(await portal.sessions.open(ANN, 2))).toEqual({ mayEnter: true });
  });

  it('ends the sessions in its store, those of nobody else', async () => {
    const [older, newer, other] = await Promise.all([
      portal.sessions.open(ANN, 1),
      portal.sessions.open(ANN, 2),
      portal.sessions.open(`${ANN}a`, 1),
    ]);
    await portal.take([present(2, 2)], now);
    expect((await portal.sessions.of(older))!.endedAt).toEqual(now);
    expect((await portal.sessions.of(newer))!.endedAt).toBeNull();
    const newest = await portal.sessions.open(ANN, 9);
    await portal.take([gone(3, 3)], now);
    for (const token of [newer, newest]) expect((await portal.sessions.of(token))!.endedAt).toEqual(now);
    expect((await portal.sessions.of(other))!.endedAt).toBeNull();
  });

  it('refuses one that was opened while the record that ends it was on its way', async () => {
    await portal.take([gone(2, 2)], now);
    const token = await portal.sessions.open(ANN, 1);
    expect(await mayEnter(token)).toMatchObject({ because: 'contact_gone', isOver: true });
    expect((await portal.sessions.of(token))!.endedAt).toEqual(now);
  });

  it('refuses whom it does not know, and lets them in once it does', async () => {
    const token = await portal.sessions.open(ANN, 1);
    expect(await mayEnter(token)).toMatchObject({ because: 'unknown_contact', isOver: false });
    await portal.take([present(1, 1)], now);
    expect(await mayEnter(token)).toEqual({ mayEnter: true });
  });

  it('refuses everyone while the publisher is silent, or more is to be read', async () => {
    await portal.take([present(1, 1)], now);
    const token = await portal.sessions.open(ANN, 1);
    const after = (ms: number) => new Date(now.getTime() + ms);
    expect(await mayEnter(token, after(3_000))).toEqual({ mayEnter: true });
    expect(await mayEnter(token, after(3_001))).toMatchObject({ because: 'publisher_silent', isOver: false });
    await hear(6, after(4_000));
    expect(await mayEnter(token, after(4_000))).toEqual({ mayEnter: true });
    await portal.progress.assigned([{ topic: TOPIC, partition: 1, end: 9, isOurs: true }]);
    expect(await mayEnter(token, after(4_000))).toMatchObject({ because: 'catching_up' });
    await hear(9, after(4_000));
    expect(await mayEnter(token, after(4_000))).toEqual({ mayEnter: true });
  });

  it("refuses a held-back client's contacts, and ends no session for it", async () => {
    await portal.take([present(1, 1)], now);
    const token = await portal.sessions.open(ANN, 1);
    await tell(6, [LEFEVRE]);
    expect(await mayEnter(token)).toMatchObject({ because: 'held_back', isOver: false });
    await tell(7, []);
    expect(await mayEnter(token)).toEqual({ mayEnter: true });
    await tell(8, [], false);
    expect(await mayEnter(token)).toMatchObject({ because: 'held_back' });
  });

  it('refuses them as of the last list, though an earlier one is read again', async () => {
    await portal.take([present(1, 1)], now);
    const token = await portal.sessions.open(ANN, 1);
    await tell(7, [LEFEVRE]);
    await tell(6, []);
    expect(await mayEnter(token)).toMatchObject({ because: 'held_back' });
    // A restart: what was read is in the database.
    portal = new Portal(database);
    expect(await mayEnter(token)).toMatchObject({ because: 'held_back' });
  });

  it('does not take a list for a sign of life', async () => {
    await portal.take([present(1, 1)], now);
    const token = await portal.sessions.open(ANN, 1);
    const later = new Date(now.getTime() + 10_000);
    await tell(6, [], true, later);
    expect(await mayEnter(token, later)).toMatchObject({ because: 'publisher_silent' });
  });

  it('does not take a record of the past for a sign of life, nor one of the future', async () => {
    await portal.take([present(1, 1)], now);
    const token = await portal.sessions.open(ANN, 1);
    const hourLater = new Date(now.getTime() + 3_600_000);
    // What waited for an hour is read only now.
    await portal.progress.read({ topic: TOPIC, partition: 1 }, 6, [present(1, 1)], hourLater);
    expect(await mayEnter(token, hourLater)).toMatchObject({ because: 'publisher_silent' });
    const fromTheFuture = { ...present(1, 1), time: new Date(now.getTime() + 86_400_000) };
    await portal.progress.read({ topic: TOPIC, partition: 1 }, 7, [fromTheFuture], hourLater);
    expect(await mayEnter(token, new Date(hourLater.getTime() + 3_001))).toMatchObject({
      because: 'publisher_silent',
    });
  });

  it('comes to the same, in whatever order and however often the records of a contact come', async () => {
    const history = [present(0, 1), present(1, 1, false), present(2, 2), present(3, 3, false), present(4, 3)];
    const delivery = fc.array(fc.subarray(history, { minLength: 1 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(delivery, fc.shuffledSubarray(history, { minLength: 5 }), async (before, last) => {
        await database.collection('contact_access').deleteMany({});
        const tokens = await Promise.all(
          [1, 2, 3].map((generation) => portal.sessions.open(ANN, generation)),
        );
        for (const batch of [...before, ...last.map((record) => [record])]) await portal.take(batch, now);
        const ended = await Promise.all(
          tokens.map(async (token) => (await portal.sessions.of(token))!.endedAt),
        );
        expect(ended).toEqual([now, now, null]);
        expect(await mayEnter(tokens[2]!)).toEqual({ mayEnter: true });
      }),
      { numRuns: 25 },
    );
  });

  it('keeps no address and no token', async () => {
    const token = await portal.sessions.open(ANN, 1);
    await portal.take([present(1, 1)], now);
    const everything = await Promise.all(
      ['contact_access', 'sessions', 'reading_progress'].map((name) =>
        database.collection(name).find().toArray(),
      ),
    );
    expect(everything.map((found) => found.length)).toEqual([1, 1, 1]);
    expect(JSON.stringify(everything)).not.toContain('@');
    expect(JSON.stringify(everything)).not.toContain(token);
  });

  describe('signs someone in', () => {
    const match = { clientId: 'brasserie-lefevre', contactId: 'ann', maySignIn: true, generation: 2 };
    const answering = (answer: PortalMatches) => signIn(async () => answer, portal, address);

    it('at each client where they are a contact who may', async () => {
      const [second, closed] = [
        { ...match, clientId: 'atelier' },
        { ...match, clientId: 'closed', maySignIn: false },
      ];
      const signedIn = await answering({ matches: [match, second, closed], complete: true });
      const sessions = signedIn.status === 'signed_in' ? signedIn.sessions : [];
      expect(sessions.map(({ clientId }) => clientId)).toEqual(['brasserie-lefevre', 'atelier']);
      expect(await portal.sessions.of(sessions[0]!.token)).toMatchObject({ contact: ANN, generation: 2 });
    });

    it.each<[string, PortalMatches, string]>([
      ['the answer may lack something', { matches: [match], complete: false }, 'not_complete'],
      ['nobody has the address', { matches: [], complete: true }, 'nobody_may'],
      ['they may not', { matches: [{ ...match, maySignIn: false }], complete: true }, 'nobody_may'],
    ])('but not where %s', async (_where, answer, because) => {
      expect(await answering(answer)).toEqual({ status: 'refused', because });
      expect(await database.collection('sessions').countDocuments()).toBe(0);
    });

    it('but nowhere before every partition was read to its end, and it was read there who is held back', async () => {
      const answer = { matches: [match], complete: true };
      await portal.progress.assigned([{ topic: TOPIC, partition: 2, end: 0, isOurs: true }]);
      expect(await answering(answer)).toEqual({ status: 'refused', because: 'held_back' });
      await database.collection('reading_progress').drop();
      expect(await answering(answer)).toEqual({ status: 'refused', because: 'held_back' });
      expect(await database.collection('sessions').countDocuments()).toBe(0);
    });

    it('but not at a client of whom something is held back', async () => {
      const second = { ...match, clientId: 'atelier' };
      await tell(6, [LEFEVRE]);
      const signedIn = await answering({ matches: [match, second], complete: true });
      expect(signedIn).toMatchObject({ status: 'signed_in', sessions: [{ clientId: 'atelier' }] });
      const alone = await answering({ matches: [match], complete: true });
      expect(alone).toEqual({ status: 'refused', because: 'held_back' });
    });
  });
});
