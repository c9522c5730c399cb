import { readConfiguration } from './operations/configuration.js';
import { createLog } from './operations/log.js';
import { runUntilSignalled } from './operations/process.js';
import { startService } from './operations/service.js';

/** The service alone, on the servers that the environment names. */
await runUntilSignalled(async () => {
  const configuration = readConfiguration(process.env);
  return startService(configuration, createLog(configuration.LOG_LEVEL));
});
