import { z } from 'zod';
import { ID_PATTERN } from '../../event-log/contact-book-stream.js';
import type { Revision } from '../../event-log/event-store.js';
import type { PageCursor } from '../../read-models/workspace-page.js';
import { type FaultPlace, Problem } from '../problem.js';

/** The lists over a workspace. A cursor belongs to one of them. */
export type WorkspaceList = 'clients' | 'contacts' | 'billing-routes';

const IN_QUERY: FaultPlace = { parameter: 'cursor' };

const id = z.string().regex(ID_PATTERN);
const pageCursor = z.tuple([z.string(), z.int().min(1), id]);
const pageCursorWithContact = z.tuple([z.string(), z.int().min(1), id, id]);
const historyCursor = z.tuple([z.literal('history'), z.int().min(0)]);

/** Where the next page begins, in ids alone, as it goes out; null where there is none. */
export function textOfPageCursor(list: WorkspaceList, next: PageCursor | null): string | null {
  if (!next) return null;
  const { version, clientId, contactId } = next;
  return encoded([list, version, clientId, ...(contactId === undefined ? [] : [contactId])]);
}

/** Raises Problem `invalid_cursor`, at the place where the request has it, for what is none of this list. */
export function pageCursorOf(
  list: WorkspaceList,
  text: string | undefined,
  place = IN_QUERY,
): PageCursor | undefined {
  if (text === undefined) return undefined;
  const form = list === 'contacts' ? pageCursorWithContact : pageCursor;
  const { data } = form.safeParse(decoded(text));
  if (data?.[0] !== list) throw invalidCursor(place);
  const [, version, clientId, contactId] = data;
  return { version, clientId, ...(contactId !== undefined && { contactId }) };
}

/** The next page of a history holds what came before a revision. */
export function textOfHistoryCursor(before: Revision | null): string | null {
  return before === null ? null : encoded(['history', before]);
}

/** Raises Problem `invalid_cursor`. */
export function historyCursorOf(text: string | undefined): Revision | undefined {
  if (text === undefined) return undefined;
  const { data } = historyCursor.safeParse(decoded(text));
  if (!data) throw invalidCursor(IN_QUERY);
  return data[1];
}

function encoded(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}

function invalidCursor(place: FaultPlace): Problem {
  return new Problem('invalid_cursor', { errors: [{ ...place, detail: 'is no cursor of this list' }] });
}
