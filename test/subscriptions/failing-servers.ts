import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type FaultProxy, startFaultProxy } from '@client-contacts/embedded';
import { type Db, MongoClient } from 'mongodb';
import { EventStoreDb } from '../../src/event-log/eventstoredb.js';
import type { Ground } from './campaign.js';

const program = join(dirname(createRequire(import.meta.url).resolve('@client-contacts/embedded')), 'main.js');

/** An embedded server in a process of its own, which can be killed and started again on its data and its port. */
export class FailingServer {
  private child: ChildProcess | undefined;
  /** What stands between it and the projectors. */
  proxy!: FaultProxy;
  port = 0;

  constructor(
    private readonly name: 'event-store' | 'mongodb',
    private readonly dataDir: string,
  ) {}

  async start(): Promise<void> {
    const options = ['--data', this.dataDir, `--${this.name}-port`, String(this.port)];
    this.child = spawn(process.execPath, [program, this.name, ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(this.child.stdout!), 'line')) as [string];
    this.port = Number(/:(\d+)/.exec(line)![1]);
    this.proxy ??= await startFaultProxy({ target: { host: '127.0.0.1', port: this.port } });
  }

  async kill(): Promise<void> {
    const ended = once(this.child!, 'exit');
    this.child!.kill('SIGKILL');
    await ended;
  }
}

/** Servers of the test's own, which fail as it wants; the projectors reach them through proxies. */
export class FailingGround implements Ground {
  readonly eventStore: EventStoreDb;
  readonly database: Db;
  readonly reach: Ground['reach'];
  private readonly mongo: MongoClient;

  private constructor(
    private readonly directory: string,
    readonly log: FailingServer,
    readonly mongodb: FailingServer,
  ) {
    this.eventStore = new EventStoreDb({
      url: `esdb://127.0.0.1:${log.port}?tls=false`,
      deadlineMs: 2000,
    });
    this.mongo = new MongoClient(mongodbUrl(mongodb.port), {
      socketTimeoutMS: 5000,
      serverSelectionTimeoutMS: 5000,
    });
    this.database = this.mongo.db(`projectors_${randomUUID().slice(0, 8)}`);
    this.reach = {
      eventStoreUrl: `esdb://127.0.0.1:${log.proxy.port}?tls=false`,
      mongodbUrl: mongodbUrl(mongodb.proxy.port),
    };
  }

  static async prepare(): Promise<FailingGround> {
    const directory = await mkdtemp(join(tmpdir(), 'failing-'));
    const log = new FailingServer('event-store', directory);
    const mongodb = new FailingServer('mongodb', directory);
    await Promise.all([log.start(), mongodb.start()]);
    const ground = new FailingGround(directory, log, mongodb);
    await ground.mongo.connect();
    return ground;
  }

  async clear(): Promise<void> {
    await Promise.all([this.mongo.close(), this.eventStore.close()]);
    for (const server of [this.log, this.mongodb]) {
      await server.proxy.stop();
      await server.kill();
    }
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Direct: the address that the server tells of itself would lead past the proxy. */
const mongodbUrl = (port: number) => `mongodb://127.0.0.1:${port}/?directConnection=true`;
