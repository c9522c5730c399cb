/** The longest texts of a contact, and of the reason for a change, in UTF-16 code units: it bounds the bytes of an append. */
export const MAX_TEXT_LENGTH = { name: 200, title: 100, phone: 40, reason: 500 } as const;

const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const BIDI_OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/gu;
const VISIBLE = /[^\s\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const LONE_SURROGATES = /\p{Cs}/gu;

/**
 * A name, title or phone number as it is stored: one line, trimmed, in Unicode NFC; null when there is nothing to see.
 *
 * Line breaks and control characters become a space, because such text ends up in mail headers. Bidi overrides are
 * dropped, because they rearrange the text around them; joiners and plain direction marks stay, since Persian names
 * and emoji need them. Half a surrogate pair becomes U+FFFD, as it would in UTF-8 anyway.
 */
export function cleanText(typed: string): string | null {
  const cleaned = typed
    .replace(BREAKS, ' ')
    .replace(BIDI_OVERRIDES, '')
    .replace(LONE_SURROGATES, '\ufffd')
    .normalize('NFC')
    .trim();
  return VISIBLE.test(cleaned) ? cleaned : null;
}
