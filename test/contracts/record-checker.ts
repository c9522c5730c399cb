import { type ValidateFunction, Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type Contract, readContract, type Schema } from '../../contracts/contract.js';

export const CONTRACTS = new URL('../../contracts/', import.meta.url).pathname;

export interface RecordToCheck {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
}

/** Checks records against the contract, as whoever consumes them could. */
export class RecordChecker {
  private readonly ajv = formats.default(
    new Ajv2020({ strict: true, strictRequired: false, allErrors: true }),
  );
  private readonly compiled = new Map<Schema, ValidateFunction>();

  constructor(readonly contract: Contract) {}

  static async ofRepository(): Promise<RecordChecker> {
    return new RecordChecker(await readContract(CONTRACTS));
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

  private faults(schema: Schema, value: unknown, what: string): string[] {
    const validate = this.compiled.get(schema) ?? this.ajv.compile(schema as object);
    this.compiled.set(schema, validate);
    if (validate(value)) return [];
    return validate.errors!.map(({ instancePath, message }) => `${what}${instancePath} ${message}`);
  }
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
