import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { evolve } from '../contact-book/contact-book.js';
import type { ContactBookCommand } from '../contact-book/commands.js';
import { decide } from '../contact-book/decide.js';
import {
  type BookAtRevision,
  isSameRequest,
  loadBook,
  type RememberedCommand,
} from '../event-log/contact-book-log.js';
import { type ClientRef, streamNameOf } from '../event-log/contact-book-stream.js';
import {
  EVENT_STORE,
  type EventStore,
  type Revision,
  WrongExpectedRevision,
} from '../event-log/event-store.js';
import { type Actor, EVENT_CODEC, type EventCodec } from '../event-log/stored-form.js';
import { requestOf } from './command-identity.js';
import { COMMAND_SETTINGS, type CommandSettings } from './command-settings.js';

/** One command to one client's contact book. */
export class ChangeContactBook extends Command<ChangedBook> {
  constructor(
    readonly client: ClientRef,
    readonly command: ContactBookCommand,
    readonly caller: { readonly actor: Actor; readonly correlationId: string; readonly commandId: string },
    /** The revision that the caller has seen (`If-Match`), if they insist on it. */
    readonly expectedRevision?: Revision,
  ) {
    super();
  }
}

/** The book after the command; after the first one of its id where this was a retry. */
export interface ChangedBook extends BookAtRevision {
  readonly isReplay: boolean;
}

/** The command's id was used for another request before. */
export class CommandIdReused extends Error {
  override readonly name = 'CommandIdReused';
}

/** The book stands at another revision than the caller insisted on. */
export class RevisionMismatch extends Error {
  override readonly name = 'RevisionMismatch';

  constructor(readonly currentRevision: Revision) {
    super('the contact book has another revision');
  }
}

/** Others changed the book each time that this command was about to. */
export class TooManyConflicts extends Error {
  override readonly name = 'TooManyConflicts';
}

/** Load, decide, append; after a conflict, load what was added and decide again. */
@CommandHandler(ChangeContactBook)
export class ChangeContactBookHandler implements ICommandHandler<ChangeContactBook> {
  constructor(
    @Inject(EVENT_STORE) private readonly eventStore: EventStore,
    @Inject(EVENT_CODEC) private readonly codec: EventCodec,
    @Inject(COMMAND_SETTINGS) private readonly settings: CommandSettings,
  ) {}

  /**
   * Raises Refusal (the domain's no), CommandIdReused, RevisionMismatch, TooManyConflicts, UnknownEvent,
   * EventStoreUnavailable and OutcomeUnknown.
   */
  async execute({ client, command, caller, expectedRevision }: ChangeContactBook): Promise<ChangedBook> {
    const { commandId } = caller;
    const request = requestOf(command);
    const rules = {
      maxContacts: this.settings.maxContacts,
      mayChangePortalAccess: !(this.settings.portalAccessByAdminsOnly && caller.actor.role === 'manager'),
    };
    let current = await loadBook(this.eventStore, this.codec, client);
    for (let attempt = 1; attempt <= this.settings.maxAttempts; attempt++) {
      const before = current.commands.get(commandId);
      if (before) return this.replay(client, before, request);
      if (expectedRevision !== undefined && expectedRevision !== current.revision) {
        throw new RevisionMismatch(current.revision);
      }
      const events = decide(command, current.book, rules);
      if (events.length === 0) return { ...current, isReplay: false };
      const { billingEmailKey } = current;
      const append = await this.codec.toStoredForm(
        { client, events, ...caller, causationId: commandId, request, billingEmailKey },
        randomUUID,
      );
      try {
        const revision = await this.eventStore.append(streamNameOf(client), current.revision, append);
        return { book: events.reduce(evolve, current.book), revision, isReplay: false };
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        await sleep(Math.random() * attempt * this.settings.conflictBackoffMs);
        current = await loadBook(this.eventStore, this.codec, client, { from: current });
      }
    }
    throw new TooManyConflicts('the contact book is being changed by others');
  }

  /** The first answer again, folded as of that append. */
  private async replay(
    client: ClientRef,
    remembered: RememberedCommand,
    request: string,
  ): Promise<ChangedBook> {
    const isSame = await isSameRequest(this.eventStore, this.codec, client, remembered, request);
    if (isSame === false) throw new CommandIdReused('the command id belongs to another request');
    const { revision } = remembered;
    return {
      ...(await loadBook(this.eventStore, this.codec, client, { until: revision })),
      isReplay: true,
    };
  }
}
