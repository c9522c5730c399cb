import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ContactBookCommand } from '../contact-book/commands.js';
import { evolve } from '../contact-book/contact-book.js';
import { cleanedText } from '../contact-book/contact-fields.js';
import { decide } from '../contact-book/decide.js';
import type { ContactBookEvent } from '../contact-book/events.js';
import { forgottenIn } from '../contact-book/forgotten-in.js';
import { type AppendAndBook, appendOfCommand } from '../event-log/append-of-command.js';
import {
  afterAppend,
  type BookAtRevision,
  isSameRequest,
  loadBehind,
  type LoadedBook,
} from '../event-log/contact-book-log.js';
import { BookSnapshots } from '../event-log/book-snapshots.js';
import { type ClientRef, streamNameOf } from '../event-log/contact-book-stream.js';
import {
  EVENT_STORE,
  type EventStore,
  type EventToAppend,
  OutcomeUnknown,
  type Revision,
  WrongExpectedRevision,
} from '../event-log/event-store.js';
import { KeyDestroyed } from '../event-log/personal-data/data-keys.js';
import { billingEmailKeysOf, pastOfClient } from '../event-log/past-of-client.js';
import type { RememberedCommand } from '../event-log/remembered-commands.js';
import { type Actor, EVENT_CODEC, type EventCodec, type NewAppend } from '../event-log/stored-form.js';
import { BookCache, type KnownBook } from './book-cache.js';
import { CommandIdReused, RevisionMismatch, TooManyConflicts } from './command-errors.js';
import { requestOf } from './command-identity.js';
import { CommandQueue } from './command-queue.js';
import { COMMAND_SETTINGS, type CommandSettings } from './command-settings.js';

/** Who sends a command, and what it belongs to. */
export interface Caller {
  readonly actor: Actor;
  readonly correlationId: string;
  readonly commandId: string;
  /** The W3C trace context of the request. */
  readonly traceparent?: string;
  /**
   * Why, in the caller's words, which may name people: one line of 500 characters at most. It is no part of the
   * request: a retry of the same command with another reason is the same command.
   */
  readonly reason?: string;
}

/** One command to one client's contact book. */
export class ChangeContactBook extends Command<ChangedBook> {
  constructor(
    readonly client: ClientRef,
    readonly command: ContactBookCommand,
    readonly caller: Caller,
    /** The revisions of which the book must have one (`If-Match`), if the caller insists on any. */
    readonly expectedRevisions?: readonly Revision[],
    /** Whether to answer what would happen, and leave everything as it is. */
    readonly isDryRun = false,
  ) {
    super();
  }
}

/**
 * The book before and after the command, and its events: those of the first command of its id where this was a
 * retry, and those that there would be where it was a dry run.
 */
export interface ChangedBook extends AppendAndBook {
  readonly isReplay: boolean;
}

/** From the tenth conflict on the wait before a new attempt grows no longer. */
const MAX_BACKOFF_STEPS = 10;

/** What a state of the book makes of a command: an append, or an answer that needs none; or it is from before an erasure. */
type Decision =
  | { readonly append: NewAppend; readonly stored: readonly EventToAppend[] }
  | { readonly answer: () => ChangedBook | Promise<ChangedBook> }
  | { readonly outdated: KeyDestroyed };

/** What became of an append: it is in the stream, or never will be; or `later`, what the stream holds, tells. */
type Sent = 'stored' | 'conflict' | { readonly later: KnownBook };

/**
 * Decides on the book as this process knows it, and appends. The append's expected revision tells whether that was
 * the whole book, as long as the log is the same: a book from before a connection was lost is first compared with the
 * log. An answer without an append is given only when the stream's end has been read.
 */
@CommandHandler(ChangeContactBook)
export class ChangeContactBookHandler implements ICommandHandler<ChangeContactBook> {
  private readonly queue: CommandQueue;
  private readonly cache: BookCache;

  constructor(
    @Inject(EVENT_STORE) private readonly eventStore: EventStore,
    @Inject(EVENT_CODEC) private readonly codec: EventCodec,
    @Inject(BookSnapshots) private readonly snapshots: BookSnapshots,
    @Inject(COMMAND_SETTINGS) private readonly settings: CommandSettings,
  ) {
    this.queue = new CommandQueue(settings);
    this.cache = new BookCache(settings.cacheWeight);
  }

  /**
   * Raises Refusal (the domain's no), CommandIdReused, RevisionMismatch, TooManyConflicts, TooBusy, UnknownEvent,
   * EventStoreUnavailable and KeyStoreUnavailable: then nothing was stored. Raises OutcomeUnknown when that can't be
   * told: the same command, with the same id, may be sent again.
   */
  async execute(request: ChangeContactBook): Promise<ChangedBook> {
    return this.queue.run(streamNameOf(request.client), () => this.carryOut(request));
  }

  private async carryOut(request: ChangeContactBook): Promise<ChangedBook> {
    const { client, caller } = request;
    const stream = streamNameOf(client);
    const cached = this.cache.get(stream);
    const warm = cached?.lostConnections === this.eventStore.lostConnections ? cached : undefined;
    let known = warm ?? (await this.load(client, cached));
    let isWhole = warm === undefined;
    let isReplay = true;
    const giveUpAt = performance.now() + this.settings.maxConflictMs;
    for (let conflicts = 0; ;) {
      const decision = await this.decide(request, known, isReplay);
      if ('append' in decision) {
        const { append, stored } = decision;
        const sent = await this.send(client, known, stored);
        if (sent === 'stored') {
          const changed = afterAppend(known, append, stored);
          this.cache.set(stream, { ...changed, lostConnections: known.lostConnections });
          this.snapshots.keepUp(client, known.revision, changed);
          const { book, revision } = changed;
          return {
            before: beforeAppend(known, append.events),
            book,
            revision,
            events: append.events,
            isReplay: false,
          };
        }
        if (sent !== 'conflict' && sent.later.commands.find(caller.commandId)) {
          known = sent.later;
          isReplay = false;
        } else {
          if (performance.now() >= giveUpAt)
            throw new TooManyConflicts('others keep changing the contact book');
          conflicts = Math.min(conflicts + 1, MAX_BACKOFF_STEPS);
          await sleep(Math.random() * conflicts * this.settings.conflictBackoffMs);
          known = await this.load(client, known);
        }
      } else if ('outdated' in decision) {
        const later = await this.load(client, known);
        // Without an erasure behind it, the log or the keys came out of an older backup.
        if (later.eventId === known.eventId || performance.now() >= giveUpAt) throw decision.outdated;
        known = later;
      } else {
        if (isWhole) return decision.answer();
        known = await this.load(client, known);
      }
      isWhole = true;
    }
  }

  /** Replay comes before the precondition, and that before the domain's rules. */
  private async decide(
    { client, command, caller, expectedRevisions, isDryRun }: ChangeContactBook,
    known: LoadedBook,
    isReplay: boolean,
  ): Promise<Decision> {
    const { reason, ...who } = caller;
    const { commandId, actor } = who;
    const request = requestOf(command);
    const before = known.commands.find(commandId);
    if (before) return { answer: () => this.firstAnswer(client, before, request, isReplay) };
    if (expectedRevisions && !expectedRevisions.includes(known.revision)) {
      return { answer: () => Promise.reject(new RevisionMismatch(known.revision)) };
    }
    try {
      const why = reason === undefined ? null : cleanedText(reason, 'reason');
      const past =
        command.type === 'EraseContact'
          ? await pastOfClient(this.eventStore, this.codec, client, known.revision)
          : undefined;
      const rules = {
        maxContacts: this.settings.maxContacts,
        mayChangePortalAccess: !this.settings.portalAccessByAdminsOnly || isAdmin(actor),
      };
      const events = decide(command, known.book, rules, past?.past);
      if (events.length === 0 || isDryRun) return { answer: () => wouldBe(known, events) };
      const { billingEmailKey } = known;
      const append: NewAppend = {
        client,
        events,
        ...who,
        ...(why !== null && { reason: why }),
        causationId: commandId,
        request,
        billingEmailKey,
        ...(past &&
          command.type === 'EraseContact' && { goneWith: billingEmailKeysOf(command.contactId, past) }),
      };
      return { append, stored: await this.codec.toStoredForm(append, randomUUID) };
    } catch (refusal) {
      if (refusal instanceof KeyDestroyed) return { outdated: refusal };
      return { answer: () => Promise.reject(refusal) };
    }
  }

  /**
   * Appends behind the known revision. Where the answer is lost, the append may still be on its way. Once the
   * stream has gone on, it tells: the append is there, or its expected revision has passed and it never will be.
   * Until then nothing but the very same append is sent, which the event store keeps once. It never goes over another
   * connection than its book was read, or compared, on: a revision alone does not tell one log from another.
   */
  private async send(client: ClientRef, book: KnownBook, stored: readonly EventToAppend[]): Promise<Sent> {
    let known = book;
    let lost: unknown;
    for (let resends = 0; resends <= this.settings.maxResends; resends++) {
      if (known.lostConnections === this.eventStore.lostConnections) {
        try {
          await this.eventStore.append(streamNameOf(client), known.revision, stored);
          return 'stored';
        } catch (error) {
          if (lost === undefined && error instanceof WrongExpectedRevision) return 'conflict';
          if (lost === undefined && !(error instanceof OutcomeUnknown)) throw error;
          lost = error;
        }
      } else if (lost === undefined) return 'conflict';
      const later = await this.load(client, known).catch((error: unknown) => {
        throw new OutcomeUnknown('an append was not answered, and the stream can not be read', {
          cause: error,
        });
      });
      if (later.eventId !== known.eventId) return { later };
      known = later;
      await sleep(Math.random() * this.settings.conflictBackoffMs);
    }
    throw new OutcomeUnknown('an append was not answered, and is not in the stream', { cause: lost });
  }

  /** The answer to the command of this id as it was the first time, folded as of its append. */
  private async firstAnswer(
    client: ClientRef,
    remembered: RememberedCommand,
    request: string,
    isReplay: boolean,
  ): Promise<ChangedBook> {
    try {
      const isSame = await isSameRequest(this.eventStore, this.codec, client, remembered, request);
      // Undefined where it can no longer be told: then the id alone identifies the command.
      if (isSame === false) throw new CommandIdReused('the command id belongs to another request');
      return { ...(await appendOfCommand(this.eventStore, this.codec, client, remembered)), isReplay };
    } catch (error) {
      if (error instanceof CommandIdReused) throw error;
      // Whatever a first try was told: it was carried out.
      throw new OutcomeUnknown('an append is in the stream, but can not be read', { cause: error });
    }
  }

  /** The book at the stream's end, which goes into the cache. */
  private async load(client: ClientRef, known?: LoadedBook): Promise<KnownBook> {
    // As of before the reads: what is lost during them may be the connection of the first.
    const { lostConnections } = this.eventStore;
    const later = known && (await loadBehind(known, this.eventStore, this.codec, client));
    const loaded = { ...(later ?? (await this.snapshots.load(client))), lostConnections };
    this.cache.set(streamNameOf(client), loaded);
    return loaded;
  }
}

/** A service is none, in whose name ever it calls. */
function isAdmin({ role }: Actor): boolean {
  return role === 'owner' || role === 'admin';
}

/** The answer to a command that is not carried out: it has nothing to change, or is only tried. */
function wouldBe(before: BookAtRevision, events: readonly ContactBookEvent[]): ChangedBook {
  const book = events.reduce(evolve, before.book);
  const revision = before.revision + events.length;
  return { before: beforeAppend(before, events), book, revision, events, isReplay: false };
}

/** Whoever is erased is told of no more, not even in the answer to that. */
function beforeAppend(
  { book, revision }: BookAtRevision,
  events: readonly ContactBookEvent[],
): BookAtRevision {
  const isErasure = events.some(({ type }) => type === 'ContactErased');
  return { book: isErasure ? forgottenIn(book, events) : book, revision };
}
