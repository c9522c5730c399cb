import type { Channel, Contract, MessageType, Schema } from './contract.js';
import type { ExampleRecord } from './examples.js';

type ObjectSchema = Exclude<Schema, boolean>;

/** The page for those who consume the topics: Markdown, of the contract and its examples. */
export function consumerPage(contract: Contract, examples: Readonly<Record<string, ExampleRecord>>): string {
  const channels = Object.values(contract.channels);
  const parts = [
    `# Client contacts on Kafka, ${contract.version}`,
    'Rendered from `contracts/` by `npm run contracts`; edit that.',
    topicTable(channels, contract),
    contract.rules.trim(),
    '## Headers',
    'Every record is a CloudEvent 1.0 in binary content mode: attributes are headers, the value is the data, in JSON.',
    ...headerTables(contract),
    '## Records',
    ...Object.values(contract.messages).map((message) => messagePart(message, contract, examples)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function topicTable(channels: readonly Channel[], { messages }: Contract): string {
  const rows = channels.map(({ address, description, partitions, topicConfiguration, messages: names }) => {
    const keys = names.map((name) => messages[name]!.key).filter((key) => !isConst(key));
    return `| \`${address}\` | ${text(keys[0])} | ${description} | ${kept(topicConfiguration)} | ${partitions} |`;
  });
  return [
    '| topic | key | what | kept | partitions |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    "Names begin with what the service's `TOPIC_PREFIX` says; retention and the number of partitions are configurable, too.",
  ].join('\n');
}

function kept(configuration: Channel['topicConfiguration']): string {
  const retention = configuration['retention.ms'];
  return typeof retention === 'number'
    ? `for ${retention / 86_400_000} days`
    : 'the last one of each key, for ever';
}

function headerTables({ messages, schemas }: Contract): string[] {
  const files = [...new Set(Object.values(messages).map(({ headers }) => headers))];
  return files.map((file) => {
    const schema = schemas[file] as ObjectSchema;
    return `### ${String(schema['title'])}\n\n${fieldTable(schema)}`;
  });
}

function messagePart(
  { type, payload }: MessageType,
  { schemas }: Contract,
  examples: Readonly<Record<string, ExampleRecord>>,
): string {
  const schema = schemas[payload] as ObjectSchema;
  const name = payload.replace('.schema.json', '');
  const [plain, ...others] = Object.entries(examples).filter(([file]) => file.startsWith(`${name}.`));
  const [file, example] = plain!;
  return [
    `### \`${type}\``,
    String(schema['description']),
    fieldTable(schema),
    `Schema: [${payload}](../contracts/schemas/${payload}). On \`${example.topic}\`, for example [${file}](../contracts/examples/${file}):`,
    `\`\`\`\n${recordText(example)}\n\`\`\``,
    ...(others.length > 0
      ? [`More: ${others.map(([other]) => `[${other}](../contracts/examples/${other})`).join(', ')}.`]
      : []),
  ].join('\n\n');
}

function recordText({ key, headers, value }: ExampleRecord): string {
  const lines = Object.entries(headers).map(([name, header]) => `${name}: ${header}`);
  return [`key: ${key}`, ...lines, '', JSON.stringify(value, null, 2)].join('\n');
}

function fieldTable(schema: ObjectSchema): string {
  const rows = fieldRows(schema);
  return ['| field | type | |', '|---|---|---|', ...rows].join('\n');
}

function fieldRows(schema: ObjectSchema, prefix = ''): string[] {
  const required = (schema['required'] ?? []) as string[];
  return Object.entries((schema['properties'] ?? {}) as Record<string, ObjectSchema>).flatMap(
    ([name, field]) => {
      const optional = required.includes(name) ? '' : ', may be absent';
      const row = `| \`${prefix}${name}\` | ${typeText(field)}${optional} | ${text(field)} |`;
      const inner = field['type'] === 'array' ? (field['items'] as ObjectSchema) : field;
      const path = field['type'] === 'array' ? `${prefix}${name}[].` : `${prefix}${name}.`;
      return [row, ...fieldRows(inner, path)];
    },
  );
}

function typeText(schema: ObjectSchema): string {
  const { anyOf, enum: values, const: constant, type, $ref, format } = schema as Record<string, unknown>;
  if (Array.isArray(anyOf)) return anyOf.map((one: ObjectSchema) => typeText(one)).join(' or ');
  if (Array.isArray(values)) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (constant !== undefined) return `\`${JSON.stringify(constant)}\``;
  if ($ref === '#/$defs/erased') return '`{"erased": true}`';
  return typeof format === 'string' ? format : String(type);
}

function isConst(schema: Schema): boolean {
  return typeof schema === 'object' && 'const' in schema;
}

function text(schema: Schema | undefined): string {
  const { description } = (typeof schema === 'object' ? schema : {}) as { description?: string };
  return description ?? '';
}
