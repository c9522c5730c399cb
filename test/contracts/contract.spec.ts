import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Diagnostic, Parser } from '@asyncapi/parser';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { consumerPage } from '../../contracts/consumer-page.js';
import { type Contract, CONTRACTS, readContract } from '../../contracts/contract.js';
import { readExamples } from '../../contracts/examples.js';
import { wantedTopics } from '../../src/publishing/topics.js';
import { exampleRecords } from './example-records.js';
import { newAjv, RecordChecker } from '../../contracts/record-checker.js';

const SOURCE = join(CONTRACTS, 'asyncapi.yaml');
const ERRORS_AND_WARNINGS: readonly number[] = [0, 1];
const PAGE = join(CONTRACTS, '..', 'docs', 'kafka-contract.md');

describe('the contract', () => {
  let contract: Contract;
  const examples = exampleRecords();

  beforeAll(async () => {
    contract = await readContract(CONTRACTS);
    if (process.env['UPDATE_CONTRACTS']) await update();
  });

  /** What is made of other things: `npm run contracts` writes it, and this spec fails where it is stale. */
  async function update(): Promise<void> {
    const folder = join(CONTRACTS, 'examples');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    for (const [file, example] of Object.entries(examples)) {
      await writeFile(join(folder, file), `${JSON.stringify(example, null, 2)}\n`);
    }
    await writeFile(PAGE, consumerPage(contract, examples));
  }

  it('is a valid AsyncAPI document', async () => {
    const { document, diagnostics } = await new Parser().parse(await readFile(SOURCE, 'utf8'), {
      source: SOURCE,
    });
    expect(diagnostics.filter(isFault)).toEqual([]);
    const types = document!
      .allMessages()
      .all()
      .map((message) => message.name());
    expect(new Set(types)).toEqual(new Set(Object.values(contract.messages).map(({ type }) => type)));
  });

  it('is refused where it refers to a message that is not there', async () => {
    const wrong = (await readFile(SOURCE, 'utf8')).replace(
      "'#/components/messages/skipped'",
      "'#/components/messages/none'",
    );
    const { diagnostics } = await new Parser().parse(wrong, { source: SOURCE });
    expect(diagnostics.filter(isFault)).not.toEqual([]);
  });

  // AsyncAPI's parser leaves this to others.
  it('has valid JSON Schemas of draft 2020-12', () => {
    for (const schema of Object.values(contract.schemas)) {
      expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
      expect(() => newAjv().compile(schema as object)).not.toThrow();
    }
    expect(() => newAjv().compile({ type: 'no such type' })).toThrow();
  });

  it('uses each schema that is there, under the name that records give', () => {
    const used = Object.values(contract.messages).flatMap(({ payload, headers }) => [payload, headers]);
    expect(new Set(used)).toEqual(new Set(Object.keys(contract.schemas)));
    for (const { type, payload } of Object.values(contract.messages)) {
      const name = type.replace('client-contacts.', '');
      expect(payload).toBe(`${name}.schema.json`);
      expect(contract.schemas[payload]).toMatchObject({ $id: `urn:client-contacts:${name}` });
    }
  });

  it('says of each topic what the publisher makes of it by default', () => {
    const wanted = wantedTopics({
      prefix: 'client-contacts',
      partitions: 6,
      replicationFactor: -1,
      minInsyncReplicas: 1,
      eventsRetentionMs: 7 * 24 * 3_600_000,
      maxCompactionLagMs: 1,
    });
    for (const { address, partitions, topicConfiguration } of Object.values(contract.channels)) {
      const topic = wanted.find(({ topic }) => topic === address);
      expect(topic).toMatchObject({ numPartitions: partitions });
      for (const [name, value] of Object.entries(topicConfiguration)) {
        expect(topic!.configEntries).toContainEqual({ name, value: String(value) });
      }
    }
  });

  it('has an example for each type, and each erased form', () => {
    const names = Object.keys(examples);
    for (const [schema, content] of Object.entries(contract.schemas)) {
      const name = schema.replace('.schema.json', '');
      if (name.endsWith('-headers.v1')) continue;
      expect(names).toContain(`${name}.json`);
      if (JSON.stringify(content).includes('#/$defs/erased')) expect(names).toContain(`${name}.erased.json`);
    }
  });

  it('has examples that are as the publisher writes them (else: npm run contracts)', async () => {
    expect(await readExamples(CONTRACTS)).toEqual(examples);
  });

  it.each(Object.entries(examples))('%s keeps to its schemas', async (_file, example) => {
    expect((await RecordChecker.ofFolder(CONTRACTS)).faultsIn(example)).toEqual([]);
  });

  it('is what the page for consumers says (else: npm run contracts)', async () => {
    expect(await readFile(PAGE, 'utf8')).toBe(consumerPage(contract, examples));
  });
});

function isFault({ severity }: Diagnostic): boolean {
  return ERRORS_AND_WARNINGS.includes(severity);
}
