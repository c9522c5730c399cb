import { type ValidateFunction, Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type Contract, readContract, type Schema } from './contract.js';

export interface RecordToCheck {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
}

/** Checks records against the contract: what the publisher writes, and what a consumer reads. */
export class RecordChecker {
  private readonly ajv = newAjv();
  private readonly compiled = new Map<Schema, ValidateFunction>();

  constructor(readonly contract: Contract) {}

  static async ofFolder(folder: string): Promise<RecordChecker> {
    return new RecordChecker(await readContract(folder));
  }

  /** Whether the contract has records of this type (`ce_type`), in this version of its schema. */
  knows(type: string): boolean {
    return Object.values(this.contract.messages).some((message) => message.type === type);
  }

  /** Whether it has them in another version. */
  knowsOtherVersionOf(type: string): boolean {
    const messages = Object.values(this.contract.messages);
    return !this.knows(type) && messages.some((message) => unversioned(message.type) === unversioned(type));
  }

  /** What is wrong with a record, a line each. The topics' names may begin otherwise than in the contract. */
  faultsIn({ topic, key, headers, value }: RecordToCheck): string[] {
    const { channels, messages, schemas } = this.contract;
    const channel = Object.values(channels).find(({ address }) => lastPart(address) === lastPart(topic));
    const name = channel?.messages.find((message) => messages[message]!.type === headers['ce_type']);
    if (name === undefined) return [`${headers['ce_type']} does not belong on ${topic}`];
    const message = messages[name]!;
    const schema = schemas[message.payload] as { $id: string };
    return [
      ...this.faults(message.key, key, 'key'),
      ...this.faults(schemas[message.headers]!, headers, 'headers'),
      ...this.faults(schemas[message.payload]!, value, 'value'),
      ...(schema.$id === headers['ce_dataschema'] ? [] : ['ce_dataschema names another schema']),
    ];
  }

  /** What is wrong with the headers of a record whose type is not in the contract, a line each. */
  envelopeFaultsIn(headers: RecordToCheck['headers']): string[] {
    const schema = 'ce_partitionkey' in headers ? 'record-headers' : 'heartbeat-headers';
    return this.faults(this.contract.schemas[`${schema}.v1.schema.json`]!, headers, 'headers');
  }

  private faults(schema: Schema, value: unknown, what: string): string[] {
    const validate = this.compiled.get(schema) ?? this.ajv.compile(schema as object);
    this.compiled.set(schema, validate);
    if (validate(value)) return [];
    return validate.errors!.map(({ instancePath, message }) => `${what}${instancePath} ${message}`);
  }
}

function unversioned(type: string): string {
  return type.replace(/\.v\d+$/, '');
}

function lastPart(topic: string): string {
  return topic.slice(topic.lastIndexOf('.') + 1);
}

/** JSON Schema 2020-12, strict: an unknown keyword or format is an error. */
export function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
  formats.default(ajv);
  return ajv;
}
