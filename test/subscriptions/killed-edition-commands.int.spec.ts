import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Editions, EditionStore } from '../../src/read-models/editions/editions.js';
import { verify } from '../../src/read-models/editions/verify.js';
import type { ReadModelDocument } from '../../src/read-models/read-model.js';
import type { Death } from '../fixtures/fates.js';
import type { DeadlyPoint } from './deadly-points.js';
import { type EditionCommand, runEditionCommand } from './edition-command-process.js';
import { OwnGround } from './own-ground.js';
import { NEW, nextContacts, OLD, ReplicaOfBuild } from './replica-of-build.js';
import { Writers } from './writers.js';

const CLIENTS = 30;

/** Where the commands are killed, one after the other, and what the alias then names: number and state of each edition. */
const REBUILDS: readonly (readonly [DeadlyPoint, number, string])[] = [
  ['alias about to change', 1, '1 kept'],
  ['alias changed', 1, '1 kept, 2 building'],
  ['batch read', 1, '1 kept, 2 building'],
  ['checkpoint stored', 1, '1 kept, 2 building'],
  ['alias about to change', 1, '1 kept, 2 building'],
  ['alias changed', 1, '1 kept, 2 kept'],
];
const CUT_OVERS: readonly (readonly [DeadlyPoint, number])[] = [
  ['alias about to change', 1],
  ['alias changed', 2],
];

describe('a command about editions that is killed while replicas keep, read and writers go on', () => {
  let ground: OwnGround;
  let writers: Writers;
  let replica: ReplicaOfBuild;
  let editions: EditionStore;
  beforeEach(async () => {
    ground = await OwnGround.prepare();
    const { database, eventStore } = ground;
    editions = new EditionStore(database.collection('aliases'));
    writers = new Writers(eventStore, { clients: CLIENTS, pauseMs: 40 });
    for (let client = 0; client < CLIENTS; client++) await writers.write(client);
    const first = new ReplicaOfBuild(OLD, eventStore, database, CLIENTS).start();
    await eventually(async () => first.reads.has(1));
    await first.stop();
    replica = new ReplicaOfBuild(NEW, eventStore, database, CLIENTS).start();
    writers.start();
  });
  afterEach(async () => {
    await Promise.all([writers.stop(), replica.stop()]);
    await ground.clear();
  });

  const run = (command: EditionCommand['command'], death?: Death<DeadlyPoint>) =>
    runEditionCommand({
      ...ground.reach,
      databaseName: ground.database.databaseName,
      command,
      ...(death && { death }),
    });
  const alias = async (): Promise<Editions> => (await editions.load('contacts'))!;
  const named = async () =>
    (await alias()).editions.map(({ number, state }) => `${number} ${state}`).join(', ');

  it('leaves a whole alias and whole reads, and run again goes on to its end', async () => {
    for (const [point, pass, left] of REBUILDS) {
      expect([point, await run('rebuild', { point, pass })]).toEqual([point, 'SIGKILL']);
      expect([point, await named()]).toEqual([point, left]);
      expect((await alias()).serving).toBe(1);
    }
    for (const [point, serving] of CUT_OVERS) {
      expect([point, await run('cut-over', { point, pass: 1 })]).toEqual([point, 'SIGKILL']);
      expect(await alias()).toMatchObject({ serving, former: serving === 1 ? null : 1 });
      await eventually(async () => replica.reads.has(serving));
    }
    // It is refused: what was asked for is done, and it must not become a way back.
    expect(await run('cut-over')).toBe(1);
    expect(await alias()).toMatchObject({ serving: 2, former: 1 });
    await writers.stop();
    const { eventStore, database } = ground;
    const documents = database.collection<ReadModelDocument>('contacts_v2_2');
    const verified = { readModel: nextContacts, documents, eventStore, codec: NEW.codec };
    const differences: string[] = [];
    for await (const { client, kind } of verify(verified, () => {})) differences.push(`${client} ${kind}`);
    expect(differences).toEqual([]);
    expect([...replica.sins]).toEqual([]);
  }, 300_000);
});

async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 30_000;
  while (!(await isSo())) {
    if (performance.now() >= until) throw new Error('it never was so');
    await sleep(20);
  }
}
