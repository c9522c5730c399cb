import { performance } from 'node:perf_hooks';
import { startEventStore, startKafka, startMongodb } from '@client-contacts/embedded';

// Run by `measureEmbeddedStart`, in a fresh process each time: starts the named server on the given directory.
const [, , name = '', dataDir = ''] = process.argv;
const start = { 'event-store': startEventStore, mongodb: startMongodb, kafka: startKafka }[name];
if (!start) throw new Error(`there is no server ${name}`);
const begin = performance.now();
await start({ dataDir });
process.stdout.write(`started in ${performance.now() - begin} ms\n`);
