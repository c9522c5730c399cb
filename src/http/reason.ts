import { cleanText, MAX_TEXT_LENGTH } from '../contact-book/contact-text.js';
import { Problem } from './problem.js';

/**
 * Why a write is made, from the header `X-Reason`: percent-encoded UTF-8, since headers carry ASCII alone. Undefined where
 * nothing was said. Raises Problem `malformed_request`.
 */
export function reasonOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const reason = cleanText(decoded(String(header)));
  if (reason !== null && reason.length > MAX_TEXT_LENGTH.reason) {
    throw malformed(`X-Reason may have ${MAX_TEXT_LENGTH.reason} characters`);
  }
  return reason ?? undefined;
}

function decoded(header: string): string {
  if (!/^[\x20-\x7e]*$/.test(header)) throw malformed('X-Reason must be percent-encoded UTF-8');
  try {
    return decodeURIComponent(header);
  } catch {
    throw malformed('X-Reason must be percent-encoded UTF-8');
  }
}

function malformed(detail: string): Problem {
  return new Problem('malformed_request', { detail });
}
