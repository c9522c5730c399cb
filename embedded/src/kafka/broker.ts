import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GroupOffsets } from './coordination/group-offsets.js';
import { Groups } from './coordination/groups.js';
import { ProducerIds } from './coordination/producer-ids.js';
import { StateLog } from './coordination/state-log.js';
import { Topics } from './coordination/topics.js';
import { Transactions } from './coordination/transactions.js';

export const NODE_ID = 1;
export const HOST = '127.0.0.1';

/** Everything the broker keeps; what the APIs work on. */
export class Broker {
  /** The port clients are told, known once the server listens. */
  port = 0;

  private constructor(
    readonly clusterId: string,
    readonly topics: Topics,
    readonly groups: Groups,
    readonly transactions: Transactions,
    readonly producerIds: ProducerIds,
    private readonly state: StateLog,
  ) {}

  /** Opens what `dataDir` holds, and finishes the transactions that a killed broker left half ended. */
  static async open(dataDir: string, log: (line: string) => void): Promise<Broker> {
    const partitionsDir = join(dataDir, 'partitions');
    await mkdir(partitionsDir, { recursive: true });
    const offsets = new GroupOffsets();
    const topics = new Topics(partitionsDir, log, (name) => offsets.forgetTopic(name));
    const producerIds = new ProducerIds();
    const transactions = new Transactions(topics, offsets, producerIds, log);
    const parts = [topics, offsets, producerIds, transactions];
    let clusterId = '';
    const state = await StateLog.open(join(dataDir, 'state.log'), {
      onRecord: (record) => {
        if (record.type === 'cluster') clusterId = record.id;
        for (const part of parts) part.replay(record);
      },
      dump: () => [{ type: 'cluster', id: clusterId }, ...parts.flatMap((part) => part.dump())],
      log,
    });
    offsets.start(state);
    producerIds.start(state);
    await topics.start(state);
    await transactions.start(state);
    if (clusterId === '') {
      clusterId = randomBytes(16).toString('base64url');
      await state.append({ type: 'cluster', id: clusterId });
    }
    return new Broker(clusterId, topics, new Groups(offsets, log), transactions, producerIds, state);
  }

  async close(): Promise<void> {
    this.transactions.stop();
    this.groups.stop();
    await this.topics.close();
    await this.state.close();
  }
}
