import { setImmediate } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import type { Editions } from '../../src/read-models/editions/editions.js';
import type { ReadModelDocument } from '../../src/read-models/read-model.js';
import type { BatchHandler } from '../../src/subscriptions/batch-handler.js';
import type { LeaseDocument } from '../../src/subscriptions/lease.js';
import { Deadly } from '../fixtures/fates.js';

/** The moments between which a projector's work can be torn apart. */
export const DEADLY_POINTS = [
  'batch read',
  'half of the documents written',
  'documents written',
  'checkpoint stored',
  'lease being renewed',
] as const;
/** Those of a command that changes an alias: before and behind its compare-and-set. */
export const DEADLY_POINTS_OF_ALIAS = ['alias about to change', 'alias changed'] as const;
export type DeadlyPoint = (typeof DEADLY_POINTS)[number] | (typeof DEADLY_POINTS_OF_ALIAS)[number];

/** A projector's deadly points: what it wraps works as before until then. */
export class DeadlyPoints extends Deadly<DeadlyPoint> {
  handler(handler: BatchHandler): BatchHandler {
    const pass = (point: DeadlyPoint) => this.pass(point);
    return {
      position: (token) => handler.position(token),
      async handle(batch, checkpoint) {
        if (batch.length > 0) await pass('batch read');
        await handler.handle(batch, checkpoint);
        if (batch.length > 0) await pass('checkpoint stored');
      },
      ...(handler.skip && { skip: (skipped, checkpoint) => handler.skip!(skipped, checkpoint) }),
      ...(handler.heartbeat && { heartbeat: handler.heartbeat }),
    };
  }

  documents(documents: Collection<ReadModelDocument>): Collection<ReadModelDocument> {
    const write = documents.bulkWrite.bind(documents);
    documents.bulkWrite = async (writes, options) => {
      if (this.isDue('half of the documents written')) {
        await write(writes.slice(0, Math.ceil(writes.length / 2)), options);
        await this.die();
      }
      const result = await write(writes, options);
      await this.pass('documents written');
      return result;
    };
    return documents;
  }

  aliases(aliases: Collection<Editions>): Collection<Editions> {
    const replace = aliases.replaceOne.bind(aliases);
    aliases.replaceOne = async (...replaced) => {
      await this.pass('alias about to change');
      const result = await replace(...replaced);
      await this.pass('alias changed');
      return result;
    };
    return aliases;
  }

  leases(leases: Collection<LeaseDocument>): Collection<LeaseDocument> {
    const update = leases.updateOne.bind(leases);
    leases.updateOne = async (...updated) => {
      const isDue = '$inc' in updated[1] && this.isDue('lease being renewed');
      const renewal = update(...updated);
      if (!isDue) return renewal;
      renewal.catch(() => {});
      // On its way, stored, or answered: nobody knows.
      for (let turns = Math.random() * 10; turns > 0; turns--) await setImmediate();
      await this.die();
      return renewal;
    };
    return leases;
  }
}
