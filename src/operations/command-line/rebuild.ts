import { editionName } from '../../read-models/editions/editions.js';
import { rebuild } from '../../read-models/editions/rebuild.js';
import { subscriberAt } from '../roles/subscribers.js';
import { onServers, readModelNamed, say } from './operation.js';
import { ProgressDisplay } from './progress.js';

/** A rebuild reads more at a time than a projector that keeps up: there is nobody who waits for one event. */
const SETTINGS = { batchSize: 1000, readAhead: 4000 };

export async function rebuildCommand(name: string, options: { maxRate?: number }): Promise<void> {
  const readModel = readModelNamed(name);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort()).once('SIGTERM', () => stopping.abort());
  await onServers(async ({ connections, places, codec, log }) => {
    const display = new ProgressDisplay('events');
    const edition = await rebuild(places, readModel, {
      eventsPerSecond: options.maxRate,
      signal: stopping.signal,
      progress: ({ events, share }) => display.show({ count: events, share }),
      waiting: (why) => display.tell(why),
      subscriberFor: (name, handler) =>
        subscriberAt(connections, { name, handler, codec, log, settings: SETTINGS }),
    });
    display.end();
    if (!edition) {
      say('interrupted: the same command goes on from here');
      process.exitCode = 130;
      return;
    }
    say(
      `${editionName(readModel.name, edition)} is built, and kept current from now on; next: cut-over ${name}`,
    );
  });
}
