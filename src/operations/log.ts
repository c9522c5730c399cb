import { type LogEntry, logLevel as kafkaLevel } from 'kafkajs';
import { type Logger, pino } from 'pino';

/** The service's log: a JSON line an entry, on standard output. */
export function createLog(level: string): Logger {
  return pino({ level, base: null });
}

/**
 * kafkajs's log in ours. It reports each retry that it masters as an error, so its entries are no more than
 * debug lines here: what it can't master is raised, and told by whoever called it.
 */
export function kafkaLogCreator(log: Logger): () => (entry: LogEntry) => void {
  return () => (entry) => {
    if (entry.level !== kafkaLevel.NOTHING) log.debug({ kafkajs: entry.namespace }, entry.log.message);
  };
}
