import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { EventIndex } from './event-index.js';
import { invalidArgument } from './grpc-error.js';

/** Says whether the event with this ordinal passes. */
export type EventFilter = (ordinal: number) => boolean;

/**
 * A filter on the stream's name or the event's type, by prefixes or by a regular expression. Those of .NET that
 * JavaScript doesn't know are refused with INVALID_ARGUMENT.
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

function compile(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw invalidArgument(`'${source}' is not a regular expression.`);
  }
}
