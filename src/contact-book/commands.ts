import type { ErasureReason } from './events.js';

/** What may be asked of a contact book. The ids of new contacts come with the command. */
export type ContactBookCommand =
  | AddContact
  | ChangeContactDetails
  | RemoveContact
  | EraseContact
  | SetPrimaryContact
  | SetBillingDefault
  | SetBillingEmail
  | TogglePortalAccess
  | ReplaceContacts;

export interface AddContact {
  readonly type: 'AddContact';
  readonly contactId: string;
  readonly email: string;
  readonly name?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly phone?: string | null | undefined;
  /** On unless told otherwise; off for a caller who may not change portal access. */
  readonly portalEnabled?: boolean | undefined;
  /** True takes the flag from whoever holds it; absent and false leave it where it is. */
  readonly primary?: boolean | undefined;
  readonly billingDefault?: boolean | undefined;
}

/** Absent keeps; null or '' clears a text. An email can't be cleared. */
export interface ChangeContactDetails {
  readonly type: 'ChangeContactDetails';
  readonly contactId: string;
  readonly email?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly phone?: string | null | undefined;
}

export interface RemoveContact {
  readonly type: 'RemoveContact';
  readonly contactId: string;
  /** Who takes the flags of the one who leaves; without one they become vacant. */
  readonly successorId?: string | undefined;
}

/** Whoever it is, in the book or no longer: nothing of the person may be read any more, wherever it stands. */
export interface EraseContact {
  readonly type: 'EraseContact';
  readonly contactId: string;
  readonly reason: ErasureReason;
}

export interface SetPrimaryContact {
  readonly type: 'SetPrimaryContact';
  readonly contactId: string | null;
}

export interface SetBillingDefault {
  readonly type: 'SetBillingDefault';
  readonly contactId: string | null;
}

export interface SetBillingEmail {
  readonly type: 'SetBillingEmail';
  readonly email: string | null;
}

export interface TogglePortalAccess {
  readonly type: 'TogglePortalAccess';
  readonly contactId: string;
  readonly enabled: boolean;
}

/** The whole list as it shall be: whoever is in no row is removed. */
export interface ReplaceContacts {
  readonly type: 'ReplaceContacts';
  readonly contacts: readonly ContactRow[];
  /** One fresh id a row; it is used where the row turns out to be a new contact. */
  readonly newContactIds: readonly string[];
  /** An empty list is refused without it. */
  readonly allowEmpty?: boolean | undefined;
}

/**
 * A row is the whole contact: an absent text is no text, an absent flag is no flag. Only an absent `portalEnabled`
 * keeps what a contact has, lest a save that doesn't know the field hands out access that was withdrawn.
 */
export interface ContactRow {
  /** Without one the row is matched by email. */
  readonly contactId?: string | undefined;
  readonly email: string;
  readonly name?: string | null | undefined;
  readonly title?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly portalEnabled?: boolean | undefined;
  readonly primary?: boolean | undefined;
  readonly billingDefault?: boolean | undefined;
}
