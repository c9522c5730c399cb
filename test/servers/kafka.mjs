import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { fetchedClassPath } from './fetched.mjs';
import { JavaServer, freePort } from './java-server.mjs';
import { run } from './java-tools.mjs';

const CLUSTER_ID = Buffer.from('client-contacts!').toString('base64url');

const settings = (port, controllerPort, folder) => ({
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
  'controller.listener.names': 'CONTROLLER',
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'inter.broker.listener.name': 'PLAINTEXT',
  'log.dirs': join(folder, 'data'),
  // One broker has nobody to replicate to.
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'share.coordinator.state.topic.num.partitions': 1,
  // A new consumer group need not wait for further members, nor a restarted broker for its old session.
  'group.initial.rebalance.delay.ms': 0,
  'broker.session.timeout.ms': 1500,
  'broker.heartbeat.interval.ms': 300,
  'log.cleaner.dedupe.buffer.size': 16_777_216,
});

/**
 * Starts one Apache Kafka broker, fetched where it isn't there yet, on free ports of 127.0.0.1 with empty data.
 * @returns {Promise<JavaServer>} its `url` is host:port
 */
export async function startRealKafka() {
  const classPath = await fetchedClassPath('kafka', ['EndWithParent']);
  const folder = await mkdtemp(join(tmpdir(), 'kafka-'));
  const port = await freePort();
  const url = `127.0.0.1:${port}`;
  const propertiesFile = join(folder, 'server.properties');
  const properties = Object.entries(settings(port, await freePort(), folder));
  try {
    await writeFile(propertiesFile, properties.map(([key, value]) => `${key}=${value}\n`).join(''));
    const format = [
      'kafka.tools.StorageTool',
      'format',
      '-t',
      CLUSTER_ID,
      '-c',
      propertiesFile,
      '--standalone',
    ];
    await run('java', [
      '-Xmx64m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      classPath,
      ...format,
    ]);
    const options = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
    const main = ['EndWithParent', 'kafka.Kafka', propertiesFile];
    const javaArguments = [...options, logging, '-cp', classPath, ...main];
    const server = new JavaServer({ name: 'Apache Kafka', url, folder, javaArguments, ask: () => ask(url) });
    await server.start();
    return server;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function ask(url) {
  const client = new Kafka({
    brokers: [url],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    if (brokers.length !== 1) throw new Error('the broker has not joined its cluster yet');
  } finally {
    await admin.disconnect();
  }
}
