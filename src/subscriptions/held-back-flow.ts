import type { EventStore, StoredEvent } from '../event-log/event-store.js';
import { endsAppend } from '../event-log/stored-metadata.js';
import type { HeldBack } from './checkpoint.js';
import type { Delivery } from './delivery.js';
import { appendsIn } from './held-back-clients.js';
import { interruptionBy } from './interruption.js';
import { LogDiverged } from './log-continuity.js';
import type { ParkRequest } from './park-requests.js';
import type { Parking } from './parking.js';

/** An append that can't be handled, and why. */
interface Failure {
  readonly append: readonly StoredEvent[];
  readonly error: unknown;
}

/**
 * Brings held-back clients into the flow again, between two batches of the subscriber. Whatever ends it halfway, all
 * of it can be done once more: the checkpoint tells what still waits, entries and answers are written behind it.
 */
export class HeldBackFlow {
  constructor(
    private readonly parking: Parking,
    private readonly delivery: Delivery,
    private readonly eventStore: EventStore,
    private readonly batchSize: number,
  ) {}

  /**
   * Settles what an earlier holder of the lease has left: entries that don't fit the checkpoint, and requests. Events
   * that it did not know are tried again where `mayKnowMore`, as by who has just taken the lease: their build may be newer.
   */
  async settle(mayKnowMore: boolean): Promise<void> {
    await this.look();
    if (!mayKnowMore) return;
    for (const { stream, cause } of await this.parking.clients.all())
      if (cause === 'UnknownEvent') await this.replay(stream);
  }

  /**
   * Makes the entries fit the checkpoint, and does what is asked for and not answered yet. Raises what ends the
   * subscription, but poison.
   */
  async look(): Promise<void> {
    await this.mendEntries();
    for (const request of await this.parking.requests.pending()) await this.execute(request);
  }

  /** Entries get lost, or come late: by a crash, by a holder who was frozen, or with a database that was restored. */
  private async mendEntries(): Promise<void> {
    const { clients } = this.parking;
    const entries = new Map((await clients.all()).map((entry) => [entry.stream, entry]));
    const lost = this.delivery.heldBack.filter(({ stream }) => !entries.has(stream));
    const unfit = [...entries.values()].filter(({ stream, from }) => this.heldBackOf(stream)?.from !== from);
    if (lost.length + unfit.length === 0) return;
    await this.delivery.confirm();
    for (const entry of unfit) {
      const held = this.heldBackOf(entry.stream);
      if (held) await clients.put({ ...entry, from: held.from });
      else await clients.remove(entry.stream, entry.from);
    }
    // Why they are held back is lost, too: the next attempt tells.
    for (const { stream } of lost) await this.replay(stream);
  }

  private async execute(request: ParkRequest): Promise<void> {
    const { clients, requests } = this.parking;
    const { stream, action } = request;
    // Who has lost the lease answers nothing, and writes down no skip.
    await this.delivery.confirm();
    const former = this.heldBackOf(stream);
    const failure = (action === 'drop' && (await this.drop(request))) || undefined;
    if (!failure) await this.replay(stream);
    const held = this.heldBackOf(stream);
    if (former && !held) await clients.remove(stream, former.to);
    const entry = held && (await clients.all()).find((entry) => entry.stream === stream);
    const cause = failure ?? entry?.cause ?? 'unknown';
    await requests.answer(request, { heldBack: held ? { from: held.from, cause } : null });
  }

  private heldBackOf(stream: string): HeldBack | undefined {
    return this.delivery.heldBack.find((held) => held.stream === stream);
  }

  /** Handles the client's stream from where it is held back to exactly where the subscriber stands. */
  private async replay(stream: string): Promise<void> {
    const held = this.heldBackOf(stream);
    if (!held) return;
    let batch: StoredEvent[] = [];
    for await (const event of this.eventStore.read(stream, held.from, held.to)) {
      batch.push(event);
      if (!endsAppend(event) || (batch.length < this.batchSize && event.revision < held.to)) continue;
      const failure = await this.handled(batch);
      if (failure) return this.delivery.park(failure.append, failure.error);
      batch = [];
    }
    if (this.heldBackOf(stream)) throw new LogDiverged(`${stream} no longer reaches revision ${held.to}`);
    await this.parking.clients.remove(stream, held.to);
  }

  /** Handles the appends up to the first one that can't be, which it gives. */
  private async handled(events: readonly StoredEvent[]): Promise<Failure | undefined> {
    try {
      await this.delivery.handleHeldBack(events);
      return undefined;
    } catch (error) {
      await this.delivery.recoverFrom(error);
      const appends = appendsIn(events);
      if (appends.length === 1) return { append: events, error };
      const half = Math.floor(appends.length / 2);
      return (await this.handled(appends.slice(0, half).flat())) ?? this.handled(appends.slice(half).flat());
    }
  }

  /** Goes on without the append at which the client was held back when it was asked; gives why it can't. */
  private async drop({ stream, from, by, reason }: ParkRequest): Promise<string | undefined> {
    const held = this.heldBackOf(stream);
    if (held?.from !== from) return undefined;
    try {
      const last = await this.endOfAppend(held);
      const { revision: to, recordedAt } = last;
      await this.parking.skips.put({ stream, from, to, by, reason, decidedAt: new Date() });
      await this.delivery.skip(stream, { from, to, recordedAt, by, reason });
      return undefined;
    } catch (error) {
      await this.delivery.recoverFrom(error);
      return interruptionBy(error).fields.cause;
    }
  }

  private async endOfAppend({ stream, from, to }: HeldBack): Promise<StoredEvent> {
    for await (const event of this.eventStore.read(stream, from, to)) if (endsAppend(event)) return event;
    throw new LogDiverged(`${stream} no longer reaches revision ${to}`);
  }
}
