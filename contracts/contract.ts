import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';

/** This repository's contract: beside this file, or where its source stands when this is the compiled one. */
export const CONTRACTS = [import.meta.dirname, join(import.meta.dirname, '../../contracts')].find((folder) =>
  existsSync(join(folder, 'asyncapi.yaml')),
)!;

/** A JSON Schema, as far as this folder's tools look into one. */
export type Schema = { readonly [keyword: string]: unknown } | boolean;

export interface Channel {
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly partitions: number;
  readonly topicConfiguration: Readonly<Record<string, unknown>>;
  /** The names of the messages that the channel may hold. */
  readonly messages: readonly string[];
}

export interface MessageType {
  /** What `ce_type` says. */
  readonly type: string;
  /** The names of the files of its schemas. */
  readonly payload: string;
  readonly headers: string;
  readonly key: Schema;
}

/** The contract as it stands in a folder: asyncapi.yaml and schemas/. */
export interface Contract {
  readonly version: string;
  /** The rules for consumers, in Markdown. */
  readonly rules: string;
  readonly channels: Readonly<Record<string, Channel>>;
  readonly messages: Readonly<Record<string, MessageType>>;
  /** By the name of the file. */
  readonly schemas: Readonly<Record<string, Schema>>;
}

interface AsyncApi {
  readonly info: { readonly version: string; readonly description: string };
  readonly channels: Record<
    string,
    Pick<Channel, 'address' | 'title' | 'description'> & {
      readonly messages: Record<string, unknown>;
      readonly bindings: { readonly kafka: Pick<Channel, 'partitions' | 'topicConfiguration'> };
    }
  >;
  readonly components: {
    readonly schemas: Record<string, Schema>;
    readonly messages: Record<
      string,
      {
        readonly name: string;
        readonly headers: { readonly schema: Reference };
        readonly payload: { readonly schema: Reference };
        readonly bindings: { readonly kafka: { readonly key: Reference } };
      }
    >;
  };
}

interface Reference {
  readonly $ref: string;
}

/** Reads the contract of a folder. Raises the system's errors, and those of a file that is no JSON or YAML. */
export async function readContract(folder: string): Promise<Contract> {
  const { info, channels, components } = load(
    await readFile(join(folder, 'asyncapi.yaml'), 'utf8'),
  ) as AsyncApi;
  const files = await readdir(join(folder, 'schemas'));
  const schemas = await Promise.all(
    files.toSorted().map(async (file) => {
      return [file, JSON.parse(await readFile(join(folder, 'schemas', file), 'utf8')) as Schema] as const;
    }),
  );
  return {
    version: info.version,
    rules: info.description,
    channels: mapped(channels, ({ address, title, description, messages, bindings: { kafka } }) => ({
      address,
      title,
      description,
      partitions: kafka.partitions,
      topicConfiguration: kafka.topicConfiguration,
      messages: Object.keys(messages),
    })),
    messages: mapped(components.messages, ({ name, headers, payload, bindings }) => ({
      type: name,
      payload: lastPart(payload.schema),
      headers: lastPart(headers.schema),
      key: components.schemas[lastPart(bindings.kafka.key)]!,
    })),
    schemas: Object.fromEntries(schemas),
  };
}

function mapped<From, To>(entries: Record<string, From>, to: (entry: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, to(entry)]));
}

/** What a reference within the contract names: `#/components/schemas/clientKey` is `clientKey`. */
function lastPart({ $ref }: Reference): string {
  return $ref.slice($ref.lastIndexOf('/') + 1);
}
