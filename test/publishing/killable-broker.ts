import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startRealKafka } from '../servers/real-servers.mjs';

/** A broker in a process of its own, whose address and files outlive a crash. */
export interface KillableBroker {
  /** host:port */
  readonly url: string;
  /** Ends it as a crash does (SIGKILL). */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Apache Kafka where the tests run on real servers, else the embedded broker; empty. */
export function startKillableBroker(): Promise<KillableBroker> {
  return process.env['KAFKA_INDEPENDENT'] === 'apache-kafka' ? startRealKafka() : startEmbeddedBroker();
}

async function startEmbeddedBroker(): Promise<KillableBroker> {
  const dataDir = await mkdtemp(join(tmpdir(), 'killed-broker-'));
  let child: ChildProcess;
  const start = async (port: string) => {
    const parameters = ['embedded/dist/main.js', 'kafka', '--data', dataDir, '--kafka-port', port];
    child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    return line.replace('kafka ', '');
  };
  const kill = async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const url = await start('0');
  return {
    url,
    kill,
    restart: async () => void (await start(url.split(':')[1]!)),
    stop: async () => {
      await kill();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
