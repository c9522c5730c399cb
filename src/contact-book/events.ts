import type { Personal } from './erased.js';

/** The facts in a client's stream. Their names and meanings never change once they are stored. */
export type ContactBookEvent =
  | ContactAdded
  | ContactDetailsChanged
  | ContactRemoved
  | PrimaryContactChanged
  | BillingDefaultChanged
  | PortalAccessToggled
  | BillingEmailChanged
  | ContactErased;

export interface ContactAdded {
  readonly type: 'ContactAdded';
  readonly data: {
    readonly contactId: string;
    readonly email: Personal;
    readonly name?: Personal;
    readonly title?: Personal;
    readonly phone?: Personal;
    readonly portalEnabled: boolean;
  };
}

export const CONTACT_FIELDS = ['email', 'name', 'title', 'phone'] as const;

export type ContactField = (typeof CONTACT_FIELDS)[number];

export interface Change {
  readonly before: Personal | null;
  readonly after: Personal | null;
}

export interface ContactDetailsChanged {
  readonly type: 'ContactDetailsChanged';
  readonly data: {
    readonly contactId: string;
    /** Only the fields that changed. */
    readonly changes: { readonly [Field in ContactField]?: Change };
    /** The contact's portal generation after the change: erased values could no longer tell whether it rose. */
    readonly generation: number;
  };
}

export interface ContactRemoved {
  readonly type: 'ContactRemoved';
  readonly data: { readonly contactId: string };
}

export interface PrimaryContactChanged {
  readonly type: 'PrimaryContactChanged';
  readonly data: { readonly from: string | null; readonly to: string | null };
}

export interface BillingDefaultChanged {
  readonly type: 'BillingDefaultChanged';
  readonly data: { readonly from: string | null; readonly to: string | null };
}

export interface PortalAccessToggled {
  readonly type: 'PortalAccessToggled';
  readonly data: { readonly contactId: string; readonly enabled: boolean; readonly generation: number };
}

export interface BillingEmailChanged {
  readonly type: 'BillingEmailChanged';
  readonly data: { readonly from: Personal | null; readonly to: Personal | null };
}

/** Why someone is erased: a code, since any text may name people, and this one stays. */
export const ERASURE_REASONS = [
  'requested',
  'consent_withdrawn',
  'no_longer_needed',
  'unlawful',
  'legal_obligation',
] as const;

export type ErasureReason = (typeof ERASURE_REASONS)[number];

/** Implies the removal of a contact who was still there. */
export interface ContactErased {
  readonly type: 'ContactErased';
  readonly data: { readonly contactId: string; readonly reason: ErasureReason };
}
