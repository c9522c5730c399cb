import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Thrown when `java`, `javac` or `mvn` is not on the PATH: the real servers can't be had on this machine. */
export class MissingTool extends Error {
  /** @param {string} tool the command that was not found */
  constructor(tool) {
    super(`the real servers need \`${tool}\`, which is not on the PATH (a JDK of at least 17, and Maven)`);
    this.name = 'MissingTool';
  }
}

/** Waits until the process runs; throws MissingTool when there is no such command. */
export async function started(child, tool) {
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw error.code === 'ENOENT' ? new MissingTool(tool) : error;
  }
}

/** Runs a command to its end; throws, with what it printed, when it fails. */
export async function run(tool, args) {
  const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const closed = once(child, 'close');
  closed.catch(() => {});
  await started(child, tool);
  const [code] = await closed;
  if (code !== 0) throw new Error(`${tool} failed (${code}):\n${Buffer.concat(output).toString()}`);
}
