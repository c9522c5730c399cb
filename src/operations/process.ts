import { ConfigurationError } from './configuration.js';
import { ServerUnreachable } from './reachability.js';

const STOP_LIMIT_MS = 20_000;

/**
 * Starts something, then stops it at SIGINT or SIGTERM. Where the start fails for a reason that whoever started
 * it can mend, one line says which; the exit code is 1.
 */
export async function runUntilSignalled(start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  const signalled = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const running = await start().catch((error: unknown) => {
    process.stderr.write(`client-contacts can't start: ${explanationOf(error)}\n`);
    process.exit(1);
  });
  await signalled;
  setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
  await running.stop().catch(() => process.exit(1));
  process.exit(0);
}

/** What whoever started the process can do something with. */
export function explanationOf(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof ServerUnreachable) return error.message;
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `port ${port} is in use: stop what listens there, or choose another port`;
  return message;
}
