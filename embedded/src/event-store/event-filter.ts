import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { EventIndex } from './event-index.js';
import { invalidArgument } from './grpc-error.js';

/** Says whether the event with this ordinal passes. */
export type EventFilter = (ordinal: number) => boolean;

/**
 * A filter on the stream's name or the event's type, by prefixes or by a regular expression. What .NET
 * reads otherwise than JavaScript, or may, is refused with INVALID_ARGUMENT.
 */
export function eventFilter(index: EventIndex, options: streams.ReadReq.Options.FilterOptions): EventFilter {
  const byStream = options.getStreamIdentifier();
  if (byStream) {
    const passes = nameTest(byStream);
    return (ordinal) => passes(index.streamOf(ordinal).name);
  }
  const byType = options.getEventType();
  if (!byType) throw invalidArgument('A filter is on the stream name or on the event type.');
  const passes = nameTest(byType);
  return (ordinal) => passes(index.typeOf(ordinal));
}

function nameTest(expression: streams.ReadReq.Options.FilterOptions.Expression): (name: string) => boolean {
  if (expression.getRegex() !== '') {
    const regex = compile(expression.getRegex());
    return (name) => regex.test(name);
  }
  const prefixes = expression.getPrefixList();
  if (prefixes.length === 0) throw invalidArgument('A filter has a regular expression or prefixes.');
  return (name) => prefixes.some((prefix) => name.startsWith(prefix));
}

/** Escapes of a letter that both .NET and JavaScript have. */
const SHARED_ESCAPE = /^\\[^a-zA-Z]|^\\[bBdDwWsStnrfvxuck]/s;
/** Inline flags, atomic groups and the like; a class with subtraction, a POSIX class, or nothing in it. */
const DISPUTED_SYNTAX = /\(\?(?![:=!<])|\[[^\]]*-\[|\[[^\]]*\[:|\[\^?\]/;

function compile(source: string): RegExp {
  const escapes = source.match(/\\./gs) ?? [];
  const rest = source.replaceAll(/\\./gs, '_');
  if (!escapes.every((escape) => SHARED_ESCAPE.test(escape)) || DISPUTED_SYNTAX.test(rest)) {
    throw invalidArgument(`'${source}' has what .NET and JavaScript read differently.`);
  }
  try {
    return new RegExp(source);
  } catch {
    throw invalidArgument(`'${source}' is not a regular expression.`);
  }
}
