import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.js';

/** Deeper than any body of the API; what walks a parsed body, level by level, must not run out of stack. */
const MAX_DEPTH = 16;

/** Makes JSON, in UTF-8 and as it is, the one form in which the server reads a body. */
export function readJsonBodiesOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => {
    if (!isUtf8(body)) throw new Problem('malformed_request', { detail: 'The body is no UTF-8' });
    return parse(body.toString());
  });
}

/** Raises Problem `unsupported_media_type` for a body that is compressed or in another charset than UTF-8. */
export function requirePlainUtf8(headers: IncomingHttpHeaders): void {
  const encoding = headers['content-encoding'] ?? 'identity';
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (encoding.trim().toLowerCase() !== 'identity' || !/^utf-?8$/i.test(charset)) {
    throw new Problem('unsupported_media_type');
  }
}

function parse(body: string): unknown {
  if (depthOf(body) > MAX_DEPTH) {
    throw new Problem('malformed_request', { detail: `JSON may be nested ${MAX_DEPTH} levels deep` });
  }
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new Problem('malformed_request', { detail: 'The body is no JSON' });
  }
}

/** How deep arrays and objects are nested in a JSON text, told before it is parsed. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at]!;
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, (depth += 1));
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}
