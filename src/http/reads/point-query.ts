import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDate, IsInt, IsOptional, Min, ValidateBy, type ValidationArguments } from 'class-validator';
import { z } from 'zod';
import type { Revision } from '../../event-log/event-store.js';
import { EMPTY_BOOK } from '../../event-log/contact-book-log.js';
import { type AsOf, RevisionNotReached } from '../../event-log/recorded-history.js';
import type { PointOfRead } from '../../read-models/read-model-reader.js';

const rfc3339 = z.iso.datetime({ offset: true });

/** Which state of a client a request asks for: the current one unless it says otherwise. */
export class PointQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: -1,
    description:
      'At this revision or later: waits a second at most for the read model, then reads the log. 404 where the book never came to it.',
  })
  @IsOptional()
  @ToInteger()
  @IsInt({ message: 'must be a revision' })
  @Min(EMPTY_BOOK.revision, { message: 'must be a revision' })
  @Alone('revision', 'at', 'cursor')
  readonly minRevision?: Revision;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: -1,
    description:
      'As of this revision; one inside an append stands for the whole append before. Who was erased since is shown as erased.',
  })
  @IsOptional()
  @ToInteger()
  @IsInt({ message: 'must be a revision' })
  @Min(EMPTY_BOOK.revision, { message: 'must be a revision' })
  @Alone('minRevision', 'at', 'cursor')
  readonly revision?: Revision;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description:
      'As of this moment by the event store’s clock: RFC 3339 with an offset, whose `+` is `%2B` in a URL. What is finer than a millisecond is cut off.',
  })
  @IsOptional()
  @Transform(({ value }) => (rfc3339.safeParse(value).success ? new Date(String(value)) : value) as unknown)
  @IsDate({ message: 'must be a date and time by RFC 3339 with an offset (in a URL, + is %2B)' })
  @Alone('minRevision', 'revision', 'cursor')
  readonly at?: Date;
}

/** The point that a query asks for, of which it names one at most. */
export function pointOf(query: PointQuery): PointOfRead {
  return pastPointOf(query) ?? { minRevision: query.minRevision };
}

/** The point in the past that a query asks for; undefined where it asks for the current state. */
export function pastPointOf({ revision, at }: PointQuery): AsOf | undefined {
  if (revision !== undefined) return { revision };
  return at && { moment: at };
}

/** Raises RevisionNotReached where what was read is older than what was asked for. */
export function requireReached(revision: Revision, { minRevision }: PointQuery): void {
  if (minRevision !== undefined && revision < minRevision) throw new RevisionNotReached(revision);
}

/** A whole number as a query writes it; anything else is left as it is. */
export function ToInteger(): PropertyDecorator {
  return Transform(({ value }) => (/^-?\d{1,15}$/.test(String(value)) ? Number(value) : value) as unknown);
}

/** Refuses the parameter where one of the others is there too. */
function Alone(...others: readonly string[]): PropertyDecorator {
  const besides = ({ object }: ValidationArguments) =>
    others.filter((other) => (object as Record<string, unknown>)[other] !== undefined);
  return ValidateBy({
    name: 'isAlone',
    validator: {
      validate: (_, request) => besides(request!).length === 0,
      defaultMessage: (request) => `must not come with ${besides(request!).join(', ')}`,
    },
  });
}
