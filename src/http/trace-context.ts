const TRACEPARENT =
  /^(?!ff)(?<version>[0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?<more>-.*)?$/;

/**
 * The `traceparent` of a request, by W3C Trace Context: undefined where there is none, or one that is malformed, which
 * begins a trace of one's own. Of a later version only what this one knows is kept.
 */
export function traceparentOf(header: string | string[] | undefined): string | undefined {
  const found = typeof header === 'string' ? TRACEPARENT.exec(header) : null;
  if (!found) return undefined;
  const { version, more } = found.groups!;
  if (version === '00' && more !== undefined) return undefined;
  return found[0].slice(0, found[0].length - (more?.length ?? 0));
}
