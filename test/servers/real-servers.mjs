import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { MissingTool } from './java-tools.mjs';
import { startRealKafka } from './kafka.mjs';
import { startMongoJavaServer } from './mongo-java-server.mjs';

export { MissingTool, startMongoJavaServer, startRealKafka };

const USAGE = `Real servers for the tests: Apache Kafka and mongo-java-server, on free ports of 127.0.0.1, with empty data.
Fetched by Maven into .servers/ the first time. They need a JDK of at least 17, and Maven for the fetch.

  node test/servers/real-servers.mjs run -- <command…>   runs the command with KAFKA_BROKERS, MONGODB_URL,
                                                         KAFKA_INDEPENDENT and MONGODB_INDEPENDENT set, then stops
                                                         the servers
  node test/servers/real-servers.mjs start               prints the addresses and keeps the servers until Ctrl-C

Exit code: the command's own · 3 when Java or Maven is missing · 2 for a wrong call · 1 when a server does not start`;

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_MISSING_TOOL = 3;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const COMMAND_END_LIMIT_MS = 10_000;

async function main([action, ...rest]) {
  const command = rest[0] === '--' ? rest.slice(1) : rest;
  const valid = action === 'start' ? rest.length === 0 : action === 'run' && command.length > 0;
  if (!valid) {
    console.error(USAGE);
    return EXIT_USAGE;
  }
  const interrupted = firstSignal();
  const servers = [];
  try {
    servers.push(await startRealKafka());
    servers.push(await startMongoJavaServer());
    const addresses = {
      KAFKA_BROKERS: servers[0].url,
      KAFKA_INDEPENDENT: 'apache-kafka',
      MONGODB_URL: servers[1].url,
      MONGODB_INDEPENDENT: 'mongo-java-server',
    };
    return action === 'run'
      ? await runCommand(command, addresses, interrupted)
      : await keepRunning(addresses, interrupted);
  } catch (error) {
    console.error(error.message);
    return error instanceof MissingTool ? EXIT_MISSING_TOOL : EXIT_FAILED;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** Resolves to the first signal that asks us to stop; from then on none ends this process before its servers have. */
function firstSignal() {
  return new Promise((resolve) => {
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve(signal));
  });
}

async function runCommand([program, ...args], addresses, interrupted) {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...addresses } });
  void interrupted.then((signal) => {
    child.kill(signal);
    return setTimeout(() => child.kill('SIGKILL'), COMMAND_END_LIMIT_MS).unref();
  });
  const [code, signal] = await once(child, 'exit');
  return code ?? exitCodeOf(signal);
}

async function keepRunning(addresses, interrupted) {
  for (const [name, value] of Object.entries(addresses)) console.log(`export ${name}=${value}`);
  return exitCodeOf(await interrupted);
}

const exitCodeOf = (signal) => 128 + constants.signals[signal];

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
