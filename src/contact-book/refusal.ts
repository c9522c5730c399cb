import type { InvalidEmailReason } from './email-address.js';

/**
 * Why a command was refused. Details hold ids, row numbers (counted from 0, as in a JSON pointer) and JSON pointers
 * into the command, never anything personal.
 */
export interface RefusalDetails {
  required: { readonly pointer: string };
  too_long: { readonly pointer: string; readonly max: number };
  invalid_email: { readonly pointer: string; readonly reason: InvalidEmailReason };
  /** `contactId` is who has the address already. */
  duplicate_email: { readonly pointer: string; readonly contactId: string };
  contact_not_found: { readonly pointer: string; readonly contactId: string };
  /** The id belongs to someone who is or was in the book; ids are never used twice. */
  contact_id_taken: { readonly contactId: string };
  /** The one who leaves can't be their own successor. */
  successor_leaves: { readonly pointer: string; readonly contactId: string };
  too_many_contacts: { readonly max: number };
  portal_access_denied: { readonly pointer: string };
  allow_empty_required: { readonly pointer: string };
  /** Rows that name contacts who are not in the book. */
  unknown_contacts: { readonly rows: readonly number[] };
  /** Rows of which at most one may have this id, address or flag. */
  conflicting_rows: {
    readonly field: 'contactId' | 'email' | 'primary' | 'billingDefault';
    readonly rows: readonly number[];
  };
}

export type RefusalCode = keyof RefusalDetails;

/** Thrown by `decide` when the book's rules forbid a command. Nothing has happened then. */
export class Refusal<Code extends RefusalCode = RefusalCode> extends Error {
  constructor(
    readonly code: Code,
    readonly details: RefusalDetails[Code],
  ) {
    super(code);
    this.name = 'Refusal';
  }
}
