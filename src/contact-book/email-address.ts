import { domainToASCII, domainToUnicode } from 'node:url';
import { isErased, type Personal } from './erased.js';

/** The longest address, in characters as typed and in bytes as sent (RFC 5321 leaves 254 for the address itself). */
export const MAX_EMAIL_LENGTH = 254;

const MAX_LOCAL_PART_BYTES = 64;

export type InvalidEmailReason =
  | 'line_break'
  | 'malformed_text'
  | 'empty'
  | 'too_long'
  | 'list'
  | 'display_name'
  | 'not_one_at_sign'
  | 'quoted_local_part'
  | 'local_part'
  | 'ip_address'
  | 'domain';

/** Says why an address was refused; the address itself is personal, so it is in no message. */
export class InvalidEmailAddress extends Error {
  constructor(readonly reason: InvalidEmailReason) {
    super(`not an email address: ${reason}`);
    this.name = 'InvalidEmailAddress';
  }
}

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

const LETTER = String.raw`\p{L}\p{N}`;
const ATOM = String.raw`[${LETTER}!#$%&'*+/=?^_\x60{|}~-][${LETTER}\p{M}!#$%&'*+/=?^_\x60{|}~-]*`;
const DOT_ATOM = new RegExp(String.raw`^${ATOM}(?:\.${ATOM})*$`, 'u');

/**
 * What may stand in a domain as typed: letters, marks, digits, hyphens, the full stops of IDNA and the five
 * characters that IDNA allows in context. `domainToASCII` itself is a piece of a URL parser: it would decode `%41`,
 * cut at `/` and pass `_`, so it must only ever see these.
 */
const TYPED_DOMAIN = /^[\p{L}\p{M}\p{N}\-.\u3002\uff0e\uff61\u00b7\u0375\u05f3\u05f4\u30fb]+$/u;
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const ENDS_IN_NUMBER = /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/;

/**
 * The typed address, cleaned, for display, storage and sending: trimmed, without control characters, zero-width and
 * bidi marks, in Unicode NFC. Case and the domain's script stay as typed.
 *
 * Refused, although the mail standards know them: quoted local parts (one mailbox would have many spellings), IP
 * literals, domains of one label, domains with a trailing dot. Letters, marks and digits of any script are allowed
 * in the local part; other characters beyond ASCII are not, since full-width `＠`, `，` and `＜` imitate ASCII ones. A
 * domain that needs a zero-width joiner, or a symbol, has to be written as A-labels.
 *
 * @throws {InvalidEmailAddress} with the reason.
 */
export function cleanEmailAddress(typed: string): string {
  if (/[\r\n]/.test(typed)) throw new InvalidEmailAddress('line_break');
  if (/\p{Cs}/u.test(typed)) throw new InvalidEmailAddress('malformed_text');
  const cleaned = typed.replace(INVISIBLE, '').trim().normalize('NFC');
  if (cleaned === '') throw new InvalidEmailAddress('empty');
  // Before anything else is done with it: the work on a domain grows faster than its length.
  if (cleaned.length > MAX_EMAIL_LENGTH) throw new InvalidEmailAddress('too_long');

  const { localPart, domain } = split(cleaned);
  if (!DOT_ATOM.test(localPart)) throw new InvalidEmailAddress('local_part');
  const hostName = hostNameOf(domain);
  const localBytes = Buffer.byteLength(localPart);
  if (localBytes > MAX_LOCAL_PART_BYTES) throw new InvalidEmailAddress('local_part');
  if (localBytes + 1 + hostName.length > MAX_EMAIL_LENGTH) throw new InvalidEmailAddress('too_long');
  return cleaned;
}

/**
 * The form in which two cleaned addresses compare: lower case whatever the locale, the domain as A-labels. Dots and
 * `+tags` are kept. Not for sending: the local part's case is the receiving server's business.
 */
export function normaliseEmailAddress(cleaned: string): string {
  const at = cleaned.lastIndexOf('@');
  const domain = cleaned.slice(at + 1);
  // A domain that a later version of Unicode no longer accepts must still compare equal to itself.
  return `${foldCase(cleaned.slice(0, at))}@${domainToASCII(domain) || domain.toLowerCase()}`;
}

/** Whether two values are one address; an erased one, and none at all, equal no address. */
export function isSameAddress(a: Personal | null, b: Personal | null): boolean {
  if (a === null || b === null || isErased(a) || isErased(b)) return false;
  return a === b || normaliseEmailAddress(a) === normaliseEmailAddress(b);
}

function split(cleaned: string): { localPart: string; domain: string } {
  const parts = cleaned.split('@');
  if (parts[0]?.startsWith('"')) throw new InvalidEmailAddress('quoted_local_part');
  if (/[,;]/.test(cleaned)) throw new InvalidEmailAddress('list');
  if (/[<>()"\s]/.test(cleaned)) throw new InvalidEmailAddress('display_name');
  const [localPart, domain, ...more] = parts;
  if (localPart === undefined || domain === undefined || more.length > 0) {
    throw new InvalidEmailAddress('not_one_at_sign');
  }
  return { localPart, domain };
}

function hostNameOf(domain: string): string {
  if (domain.startsWith('[')) throw new InvalidEmailAddress('ip_address');
  if (!TYPED_DOMAIN.test(domain)) throw new InvalidEmailAddress('domain');
  const hostName = domainToASCII(domain);
  if (ENDS_IN_NUMBER.test(hostName)) throw new InvalidEmailAddress('ip_address');
  if (!HOST_NAME.test(hostName) || hasBrokenLabel(hostName)) throw new InvalidEmailAddress('domain');
  return hostName;
}

/** Whether an A-label stands for nothing: Node 24, unlike 20, lets a domain of broken ones pass. */
function hasBrokenLabel(hostName: string): boolean {
  return /(?:^|\.)xn--/.test(domainToUnicode(hostName));
}

/** `toLowerCase` knows one rule of context, the sigma at a word's end; without it ΟΔΟΣ and οδος would differ. */
function foldCase(localPart: string): string {
  return localPart.toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}
