import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { started } from './java-tools.mjs';

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

/** A server in a Java process of its own. Its address and its folder outlive the process, so that it can be killed and started again. */
export class JavaServer {
  #child;
  #exited;

  /**
   * @param {object} server
   * @param {string} server.name for messages
   * @param {string} server.url what a client is given
   * @param {string} server.folder its own temporary folder; removed by `stop`
   * @param {string[]} server.javaArguments options, main class and arguments
   * @param {() => Promise<unknown>} server.ask resolves when the server has answered a client
   */
  constructor({ name, url, folder, javaArguments, ask }) {
    Object.assign(this, { name, url, folder, javaArguments, ask });
  }

  /** Starts the process and waits until the server answers. */
  async start() {
    const logFile = openSync(join(this.folder, 'server.log'), 'w');
    // Out of our process group: a Ctrl-C in the terminal must not stop the server under the tests that use it.
    const child = spawn('java', this.javaArguments, { stdio: ['pipe', logFile, logFile], detached: true });
    closeSync(logFile);
    this.#exited = once(child, 'exit');
    this.#exited.catch(() => {});
    await started(child, 'java');
    this.#child = child;
    await this.#answers();
  }

  async #answers() {
    const deadline = Date.now() + START_LIMIT_MS;
    for (;;) {
      const error = await this.ask().then(
        () => undefined,
        (reason) => reason,
      );
      if (!error) return;
      if (this.#hasExited()) throw new Error(`${this.name} did not start:\n${await this.#lastLines()}`);
      if (Date.now() > deadline) {
        await this.kill();
        throw new Error(`${this.name} did not answer in ${START_LIMIT_MS} ms (${error.message})`);
      }
      await sleep(50);
    }
  }

  /** Ends the process as a crash does (SIGKILL); the address and the files stay. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** Starts the server again, at the same address and on the same files; one that still runs is asked to end first. */
  async restart() {
    await this.#end('SIGTERM');
    await this.start();
  }

  /** Asks the process to end, makes it end after a time limit, and removes its files. */
  async stop() {
    await this.#end('SIGTERM');
    await rm(this.folder, { recursive: true, force: true });
  }

  async #end(signal) {
    if (this.#hasExited()) return;
    this.#child.kill(signal);
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), STOP_LIMIT_MS);
    await this.#exited;
    clearTimeout(limit);
  }

  #hasExited() {
    return !this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #lastLines() {
    const log = await readFile(join(this.folder, 'server.log'), 'utf8').catch(() => '');
    return log.trimEnd().split('\n').slice(-15).join('\n');
  }
}

/**
 * A free port on 127.0.0.1, below the range that outgoing connections take theirs from: else a client that tries to
 * reach a killed server could be given, as its own, the very port that the server needs again.
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const probe = createServer().listen(port, '127.0.0.1');
    try {
      await once(probe, 'listening');
    } catch {
      continue;
    }
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
