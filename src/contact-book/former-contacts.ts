export interface FormerContact {
  readonly contactId: string;
  readonly generation: number;
}

/**
 * Everyone who was removed or erased, in that order. There is no end to them, and each book has one more than the one
 * before: so books share a line, of which each knows how much is its own, and only the book that has all of it makes
 * it longer. A copy is made where somebody is erased who had been removed before, and where two books follow on one.
 */
export class FormerContacts implements Iterable<FormerContact> {
  static of(contacts: Iterable<FormerContact>): FormerContacts {
    const line = new Map<string, Placed>();
    for (const contact of contacts) line.set(contact.contactId, { contact, place: line.size });
    return new FormerContacts(line, line.size);
  }

  readonly #line: Map<string, Placed>;
  readonly size: number;

  private constructor(line: Map<string, Placed>, size: number) {
    this.#line = line;
    this.size = size;
  }

  get(contactId: string): FormerContact | undefined {
    const placed = this.#line.get(contactId);
    return placed && placed.place < this.size ? placed.contact : undefined;
  }

  has(contactId: string): boolean {
    return this.get(contactId) !== undefined;
  }

  /** These and one more; or with another generation of one of them, in its place. */
  with(contact: FormerContact): FormerContacts {
    const { contactId } = contact;
    const line = this.#line;
    if (line.size > this.size || line.has(contactId)) {
      const all = new Map([...this].map((former) => [former.contactId, former]));
      return FormerContacts.of(all.set(contactId, contact).values());
    }
    line.set(contactId, { contact, place: this.size });
    return new FormerContacts(line, this.size + 1);
  }

  *[Symbol.iterator](): Iterator<FormerContact> {
    for (const { contact, place } of this.#line.values()) {
      if (place === this.size) return;
      yield contact;
    }
  }
}

interface Placed {
  readonly contact: FormerContact;
  readonly place: number;
}
