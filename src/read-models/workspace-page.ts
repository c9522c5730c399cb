/** Where the next page of a list over a workspace begins: behind this client, or this contact of it. */
export interface PageCursor {
  /** The version of the read model that the page before came from. */
  readonly version: number;
  readonly clientId: string;
  readonly contactId?: string;
}

/** A part of a list over a workspace. Its order never changes by a write, so that none is missed or told twice. */
export interface WorkspacePage<Item> {
  readonly items: readonly Item[];
  /** Null where there are no more. */
  readonly next: PageCursor | null;
  /** The clients of the workspace of whom an earlier state is shown, or missing: see `HeldBackClients`. */
  readonly heldBack: readonly string[];
}

/** The page before came from another version of the read model, in which the list may differ: begin anew. */
export class CursorOutdated extends Error {
  override readonly name = 'CursorOutdated';
}

/** Raises CursorOutdated unless the page before, where there was one, came from this version. */
export function requireVersion(after: PageCursor | undefined, version: number): void {
  if (after && after.version !== version) throw new CursorOutdated(`of version ${after.version}`);
}

/** The page that the first `limit` items make; whoever read them has read one more, if there was one. */
export function pageOf<Item extends { readonly clientId: string }>(
  items: readonly Item[],
  limit: number,
  version: number,
  heldBack: readonly string[],
  contactIdOf?: (item: Item) => string,
): WorkspacePage<Item> {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  if (!last || items.length <= limit) return { items: page, next: null, heldBack };
  return {
    items: page,
    next: { version, clientId: last.clientId, ...(contactIdOf && { contactId: contactIdOf(last) }) },
    heldBack,
  };
}
