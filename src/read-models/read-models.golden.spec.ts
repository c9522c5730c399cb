import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { asStored, everyEvent, newAppend } from '../../test/fixtures/stored-appends.js';
import { codec } from '../../test/fixtures/recorded-events.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import type { RecordedEvent } from '../event-log/stored-form.js';
import { project, type ReadModelDocument } from './read-model.js';
import { READ_MODELS } from './read-models.js';

/** Every kind of event, with all its fields, in appends of one and of many; then someone is erased. */
const APPENDS: readonly (readonly ContactBookEvent[])[] = [
  ...everyEvent.slice(0, -3).map((event) => [event]),
  everyEvent.slice(-3),
  [
    { type: 'ContactAdded', data: { contactId: 'bob', email: 'Bob@client.example', portalEnabled: false } },
    { type: 'ContactAdded', data: { contactId: 'cy', email: 'faktura@MNICH.example', portalEnabled: true } },
    { type: 'PrimaryContactChanged', data: { from: null, to: 'bob' } },
  ],
  [{ type: 'ContactErased', data: { contactId: 'ann', reason: 'requested' } }],
];

/**
 * A view that comes out otherwise for the same log is another version: else documents of both kinds would stand in one
 * collection. Where that is meant, raise the version and run this with GOLDEN=write; a file of a version that was ever
 * released is never changed.
 */
describe('what a version of a read model makes of a log', () => {
  it.each(READ_MODELS)('never changes: $name $version', async (readModel) => {
    const client = { workspaceId: 'ws', clientId: 'client' };
    const snapshots: ReadModelDocument[] = [];
    let document: ReadModelDocument | undefined;
    for (const events of await recorded(client)) {
      document = project(readModel, client, document, events)!;
      snapshots.push(document);
    }
    const path = new URL(`golden/${readModel.name}.v${readModel.version}.json`, import.meta.url);
    const now = `${JSON.stringify(snapshots, undefined, 2)}\n`;
    if (process.env['GOLDEN'] === 'write') writeFileSync(path, now);
    expect(JSON.parse(now)).toEqual(JSON.parse(readFileSync(path, 'utf8')));
  });
});

/** As it comes out of the log: stored, encrypted, read and upcast. */
async function recorded(client: { workspaceId: string; clientId: string }): Promise<RecordedEvent[][]> {
  const appends: RecordedEvent[][] = [];
  let revision = 0;
  let billingEmailKey: string | null = null;
  for (const [index, events] of APPENDS.entries()) {
    const append = newAppend({ client, events, commandId: `command-${index}`, billingEmailKey });
    let event = 0;
    const stored = await asStored(codec, append, revision, () => `event-${index}-${event++}`);
    const changed = stored.findLast(({ type }) => type === 'BillingEmailChanged');
    if (changed) billingEmailKey = (changed.data['to'] as { key?: string } | null)?.key ?? null;
    appends.push(await codec.fromStoredForm(stored));
    revision += events.length;
  }
  return appends;
}
