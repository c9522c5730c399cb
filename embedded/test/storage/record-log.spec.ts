import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordLog } from '../../src/storage/record-log.js';

describe('record log', () => {
  let directory: string;
  let path: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'record-log-'));
    path = join(directory, 'records');
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function contents(onTruncated?: (path: string, offset: number, bytes: number) => void) {
    const records: string[] = [];
    const log = await RecordLog.open(path, {
      durability: 'write',
      onRecord: (payload) => records.push(payload.toString()),
      ...(onTruncated && { onTruncated }),
    });
    await log.close();
    return records;
  }

  async function fill(...records: string[]): Promise<number[]> {
    const log = await RecordLog.open(path, { durability: 'fsync' });
    const offsets = await Promise.all(records.map((record) => log.append(Buffer.from(record))));
    await log.close();
    return offsets;
  }

  it('gives back, in the order of the appends, what was acknowledged before it was closed', async () => {
    await fill('one', 'two', 'three');
    await fill('four');
    expect(await contents()).toEqual(['one', 'two', 'three', 'four']);
  });

  it('reads a record at its offset', async () => {
    const [, second] = await fill('one', 'two', 'three');
    const log = await RecordLog.open(path, { durability: 'write' });
    expect((await log.read(second!)).toString()).toBe('two');
    await log.close();
  });

  it('reads neighbouring records between two offsets', async () => {
    const [, second] = await fill('one', 'two', 'three', 'four');
    const log = await RecordLog.open(path, { durability: 'write' });
    expect((await log.readRange(second!, log.size)).map(String)).toEqual(['two', 'three', 'four']);
    expect(await log.readRange(second!, second!)).toEqual([]);
    await log.close();
  });

  it.each([1, 5, 9])(
    'cuts off a last record that lacks %d bytes, says so, and appends behind the whole ones',
    async (missing) => {
      await fill('one', 'torn');
      const { length } = await readFile(path);
      await truncate(path, length - missing);
      const truncated: number[] = [];
      expect(await contents((_path, offset) => truncated.push(offset))).toEqual(['one']);
      expect(truncated).toEqual([11]);
      await fill('two');
      expect(await contents()).toEqual(['one', 'two']);
    },
  );

  it('cuts off a last record whose bytes are not those that were written', async () => {
    await fill('one', 'damaged');
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    expect(await contents()).toEqual(['one']);
  });

  it('is not misled by a length that reaches beyond the end of the file', async () => {
    await fill('one');
    await appendFile(path, Buffer.from([0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 1]));
    expect(await contents()).toEqual(['one']);
  });

  it('reads records larger than its read buffer', async () => {
    const large = 'x'.repeat(3 << 20);
    await fill('one', large, 'two');
    expect((await contents()).map((record) => record.length)).toEqual([3, large.length, 3]);
  });
});
