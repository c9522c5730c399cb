import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { type HistoryPage, historyPage } from '../../event-log/contact-book-history.js';
import type { ClientRef } from '../../event-log/contact-book-stream.js';
import { EVENT_STORE, type EventStore } from '../../event-log/event-store.js';
import type { AsOf } from '../../event-log/recorded-history.js';
import { EVENT_CODEC, type EventCodec } from '../../event-log/stored-form.js';

/** A client's appends up to a point in the past, or until now, the newest first. There is no document: the log tells it. */
export class GetHistory extends Query<HistoryPage> {
  constructor(
    readonly client: ClientRef,
    readonly limit: number,
    readonly asOf?: AsOf,
  ) {
    super();
  }
}

@QueryHandler(GetHistory)
export class GetHistoryHandler implements IQueryHandler<GetHistory> {
  constructor(
    @Inject(EVENT_STORE) private readonly eventStore: EventStore,
    @Inject(EVENT_CODEC) private readonly codec: EventCodec,
  ) {}

  /** Raises as `historyPage` does. */
  execute({ client, limit, asOf }: GetHistory): Promise<HistoryPage> {
    return historyPage(this.eventStore, this.codec, client, { limit, asOf });
  }
}
