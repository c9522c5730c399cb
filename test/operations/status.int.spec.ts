import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { contacts } from '../../src/read-models/contacts/contacts.js';
import { type ReplicaDocument, ReplicaAnnouncement } from '../../src/read-models/editions/replicas.js';
import { LEASE_TTL_MS } from '../../src/operations/roles/subscribers.js';
import type { Lease, LeaseDocument } from '../../src/subscriptions/lease.js';
import { Leases } from '../../src/subscriptions/leases.js';
import { reported, type SubscriberStatus } from '../../src/subscriptions/subscriber-status.js';
import { SHARED_KEYS } from '../fixtures/shared-log-codec.js';
import { OwnGround } from '../subscriptions/own-ground.js';

const STATUS: SubscriberStatus = {
  state: 'live',
  checkpoint: undefined,
  lag: { events: 0, distance: 0n, seconds: 0 },
  heldBack: 2,
  handled: 7,
  lastProgressSeconds: 1,
  cause: undefined,
  reason: undefined,
};

/** As an operator sees it, who can't know which of what was once written down still holds. */
describe('the status on the command line', () => {
  let ground: OwnGround;
  let alive: Lease;
  let replica: ReplicaAnnouncement;
  let output: string;

  beforeAll(async () => {
    ground = await OwnGround.prepare();
    const leases = ground.database.collection<LeaseDocument>('leases');
    const replicas = ground.database.collection<ReplicaDocument>('replicas');
    const former = { token: 1, beat: 9, holder: 'a process that was', status: reported(STATUS, 'spec') };
    await leases.insertMany([
      { _id: 'crashed', released: false, ...former },
      { _id: 'stopped', released: true, ...former },
    ]);
    await replicas.insertOne({ _id: 'killed', build: 'spec', versions: {}, beat: 7 });
    replica = new ReplicaAnnouncement(replicas, [contacts], 'spec');
    replica.start();
    const blocked = { ...STATUS, state: 'blocked', cause: 'RevisionGap', reason: 'of ws/one' } as const;
    const holder = new Leases(leases, randomUUID(), { ttlMs: LEASE_TTL_MS });
    alive = (await holder.acquire('kept', AbortSignal.timeout(5_000), () => reported(blocked, 'spec')))!;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['dist/src/operations/command-line/main.js', 'status'],
      {
        env: {
          ...process.env,
          ...SHARED_KEYS,
          EVENTSTORE_URL: ground.reach.eventStoreUrl,
          MONGODB_DATABASE: ground.database.databaseName,
          AUTH_JWKS_URL: 'http://127.0.0.1:9/keys',
        },
      },
    );
    output = stdout;
  }, 60_000);
  afterAll(async () => {
    await alive.release();
    await replica.stop();
    await ground.clear();
  });

  const lineOf = (name: string) => output.split('\n').find((line) => line.startsWith(name));

  it('is what the holder of a lease says, with why it does not go on', () => {
    expect(lineOf('kept: ')).toBe(
      'kept: blocked, 0 events, 0 s behind, 2 clients held back, interrupted by RevisionGap (of ws/one)',
    );
  });

  it.each([
    ['crashed', 'crashed, or cut off'],
    ['stopped', 'stopped'],
  ])('is marked as the last word, with its time, of a holder that has %s', (name, how) => {
    const said = /^\w+: nobody runs it now \((.+)\); last said at \d{4}-.+Z: live, 0 events, 0 s behind/;
    expect(said.exec(lineOf(`${name}: `)!)?.[1]).toBe(how);
  });

  it('lists the replicas, and which of them are dead', () => {
    const replicas = output.split('\n').filter((line) => line.startsWith('replica '));
    expect(replicas).toHaveLength(2);
    expect(lineOf('replica killed')).toBe('replica killed: build spec, dead: it shows no sign of life');
    expect(replicas.filter((line) => line.endsWith(': build spec'))).toHaveLength(1);
  });
});
