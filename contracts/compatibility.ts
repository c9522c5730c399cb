import type { Channel, Contract, MessageType, Schema } from './contract.js';

/** What tells people something, and binds nobody. */
const ANNOTATIONS = new Set(['$schema', '$id', '$comment', 'title', 'description', 'examples']);

/**
 * What in the current contract breaks the released one, each with the reason; empty when nothing does.
 *
 * Consumers that know the released contract must be able to read every new record, and the current one must hold for
 * every record that was written before, since state topics keep them for ever. So all that constrains stays as it
 * is: only what nobody need know of may be added.
 */
export function incompatibilities(released: Contract, current: Contract): string[] {
  return [
    ...entriesOf(released.channels, current.channels, 'channel', channelFaults),
    ...entriesOf(released.messages, current.messages, 'message', messageFaults),
    ...entriesOf(released.schemas, current.schemas, 'schema', (before, after, name) =>
      schemaFaults(before, after, name),
    ),
  ];
}

function entriesOf<Entry>(
  before: Readonly<Record<string, Entry>>,
  after: Readonly<Record<string, Entry>>,
  kind: string,
  compare: (before: Entry, after: Entry, name: string) => string[],
): string[] {
  return Object.entries(before).flatMap(([name, entry]) => {
    const now = after[name];
    return now === undefined
      ? [`${kind} ${name} was removed or renamed: consumers rely on it`]
      : compare(entry, now, name);
  });
}

function channelFaults(before: Channel, after: Channel, name: string): string[] {
  const policy = ({ topicConfiguration }: Channel) => topicConfiguration['cleanup.policy'];
  return [
    ...changed(`${name}: the topic`, before.address, after.address, 'consumers read it by its name'),
    ...changed(
      `${name}: the number of partitions`,
      before.partitions,
      after.partitions,
      'it breaks the order',
    ),
    ...changed(`${name}: cleanup.policy`, policy(before), policy(after), 'consumers start from what is kept'),
    ...before.messages
      .filter((message) => !after.messages.includes(message))
      .map((message) => `${name}: message ${message} comes no longer: consumers wait for it`),
  ];
}

function messageFaults(before: MessageType, after: MessageType, name: string): string[] {
  return [
    ...changed(`${name}: ce_type`, before.type, after.type, 'consumers tell records apart by it'),
    ...changed(`${name}: the schema`, before.payload, after.payload, 'another meaning needs another type'),
    ...changed(`${name}: the schema of the headers`, before.headers, after.headers, 'consumers read them'),
    ...schemaFaults(before.key, after.key, `${name}: the key`),
  ];
}

function changed(what: string, before: unknown, after: unknown, reason: string): string[] {
  const [was, is] = [JSON.stringify(before), JSON.stringify(after)];
  return was === is ? [] : [`${what} was ${was} and is ${is}: ${reason}`];
}

function schemaFaults(before: Schema, after: Schema, at: string): string[] {
  if (typeof before === 'boolean' || typeof after === 'boolean') {
    return changed(at, before, after, 'what is allowed there must stay as it is');
  }
  const keywords = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (keyword) => !ANNOTATIONS.has(keyword),
  );
  return keywords.flatMap((keyword) => keywordFaults(keyword, before[keyword], after[keyword], at, after));
}

function keywordFaults(keyword: string, was: unknown, is: unknown, at: string, schema: Schema): string[] {
  switch (keyword) {
    case 'properties':
      return propertyFaults(was as Schemas, is as Schemas, at);
    case 'required':
      return requiredFaults(was as string[] | undefined, is as string[] | undefined, at, schema);
    case '$defs':
      return propertyFaults(was as Schemas, is as Schemas, `${at} $defs`);
    case 'enum':
      return enumFaults(was as unknown[] | undefined, is as unknown[] | undefined, at);
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      return alternativeFaults(keyword, was as Schema[] | undefined, is as Schema[] | undefined, at);
    case 'items':
    case 'if':
    case 'then':
    case 'else':
      if (was === undefined || is === undefined) break;
      return schemaFaults(was as Schema, is as Schema, `${at} ${keyword}`);
  }
  return changed(`${at}: "${keyword}"`, was, is, 'what was written, or what is written now, fails the other');
}

type Schemas = Readonly<Record<string, Schema>> | undefined;

/** A property more needs no word here: where it is required, `required` says so. */
function propertyFaults(was: Schemas = {}, is: Schemas = {}, at: string): string[] {
  return Object.entries(was).flatMap(([name, schema]) => {
    const now = is[name];
    return now === undefined
      ? [`${at}.${name} was removed or renamed: consumers read it`]
      : schemaFaults(schema, now, `${at}.${name}`);
  });
}

function requiredFaults(was: string[] = [], is: string[] = [], at: string, schema: Schema): string[] {
  const isThere = (name: string) => Object.hasOwn((schema as { properties?: object }).properties ?? {}, name);
  return [
    ...is
      .filter((name) => !was.includes(name))
      .map((name) => `${at}.${name} is required now: records that were written before lack it`),
    ...was
      .filter((name) => !is.includes(name) && isThere(name))
      .map((name) => `${at}.${name} is no longer required: consumers rely on it to be there`),
  ];
}

function enumFaults(was: unknown[] | undefined, is: unknown[] | undefined, at: string): string[] {
  if (!was || !is) return changed(`${at}: "enum"`, was, is, 'the allowed values must stay as they are');
  return [
    ...was
      .filter((value) => !is.includes(value))
      .map((value) => `${at}: ${JSON.stringify(value)} is allowed no longer: records were written with it`),
    ...is
      .filter((value) => !was.includes(value))
      .map((value) => `${at}: ${JSON.stringify(value)} is a value more: consumers don't know what it means`),
  ];
}

function alternativeFaults(keyword: string, was: Schema[] = [], is: Schema[] = [], at: string): string[] {
  if (was.length !== is.length) {
    const [less, reason] =
      is.length < was.length
        ? ['fewer', 'records were written with what is gone']
        : ['more', "consumers don't know what came"];
    return [`${at}: "${keyword}" has ${less} alternatives than before: ${reason}`];
  }
  return was.flatMap((schema, index) => schemaFaults(schema, is[index]!, `${at} ${keyword}[${index}]`));
}
