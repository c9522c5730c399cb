import { Matches, type ValidationOptions } from 'class-validator';
import { ID_PATTERN } from '../event-log/contact-book-stream.js';

const WHAT = 'must be 1 to 64 letters, digits, hyphens or underscores';

/** An id; of a list, with `each`, that all of it is ids. */
export function IsId({ each = false }: Pick<ValidationOptions, 'each'> = {}): PropertyDecorator {
  return Matches(ID_PATTERN, { each, message: each ? `each ${WHAT}` : WHAT });
}
