import { Problem } from '../problem.js';
import { MAX_URL_LENGTH } from './http-limits.js';

/** Headers of which two would leave open which one counts. */
const SINGLE = new Set([
  'authorization',
  'content-encoding',
  'content-type',
  'host',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'x-correlation-id',
]);

interface RequestHead {
  readonly url?: string | undefined;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
}

/**
 * Raises Problem `uri_too_long`, `headers_too_large` where there are too many, and `malformed_request` where one came
 * twice that may come once: Node would drop or join such headers in silence.
 */
export function requireClearHead({ url = '', rawHeaders }: RequestHead, maxHeaders: number): void {
  if (url.length > MAX_URL_LENGTH) throw new Problem('uri_too_long');
  if (rawHeaders.length > 2 * maxHeaders) {
    throw new Problem('headers_too_large', { detail: `There may be ${maxHeaders} headers` });
  }
  let seen = '';
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.includes(`${name}\n`)) {
      throw new Problem('malformed_request', { detail: `The header ${name} may come once` });
    }
    seen += `${name}\n`;
  }
}
