import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { ClientRef } from '../../event-log/contact-book-stream.js';
import { type PointOfRead, ReadModelReader, type ReadOfClient } from '../read-model-reader.js';
import type { ContactsView } from './contacts.js';

/** A client's contact book at a point. */
export class GetContactBook extends Query<ReadOfClient<ContactsView>> {
  constructor(
    readonly client: ClientRef,
    readonly point: PointOfRead = {},
  ) {
    super();
  }
}

/** The reader of the contacts read model. */
export class ContactsReader extends ReadModelReader<ContactsView> {}

@QueryHandler(GetContactBook)
export class GetContactBookHandler implements IQueryHandler<GetContactBook> {
  constructor(private readonly reader: ContactsReader) {}

  execute({ client, point }: GetContactBook): Promise<ReadOfClient<ContactsView>> {
    return this.reader.read(client, point);
  }
}
