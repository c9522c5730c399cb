import { measureCommands } from './commands/measure-commands.js';
import { measureHttp } from './http/measure-http.js';
import { measureEventStore } from './event-store.js';
import { measureKafka } from './kafka.js';
import { measureMemory } from './memory.js';
import { measureMongodb } from './mongodb.js';
import { measureProjection } from './projection/measure-projection.js';
import { measurePublishing } from './publishing/measure-publishing.js';
import { besideReal } from './servers.js';
import { measureEmbeddedStart, measureStart } from './start.js';

const benchmarks = new Map<string, () => Promise<void>>([
  ['start', measureStart],
  ['embedded-start', measureEmbeddedStart],
  ['memory', measureMemory],
  ['commands', measureCommands],
  ['projection', measureProjection],
  ['publishing', () => besideReal('kafka', 'KAFKA_BROKERS', measurePublishing)],
  ['http', measureHttp],
  ['event-store', measureEventStore],
  ['mongodb', () => besideReal('mongodb', 'MONGODB_URL', measureMongodb)],
  ['kafka', () => besideReal('kafka', 'KAFKA_BROKERS', measureKafka)],
]);

const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : benchmarks.keys()) {
  const benchmark = benchmarks.get(name);
  if (!benchmark) {
    process.stderr.write(
      `there is no benchmark ${name}: choose among ${[...benchmarks.keys()].join(', ')}\n`,
    );
    process.exit(1);
  }
  await benchmark();
}
process.exit(0);
