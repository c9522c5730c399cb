import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { interruptionBy } from '../../src/subscriptions/interruption.js';
import { SUBSCRIBER_DEFAULTS } from '../../src/subscriptions/subscriber-settings.js';

const page = readFileSync(new URL('../../docs/subscriptions.md', import.meta.url), 'utf8');

/** The cells of the table under a heading, by the name in backticks that a row begins with. */
function rowsUnder(heading: string): string[][] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const rows = section.split(/^## /m)[0]!.matchAll(/^\| (`.+) \|$/gm);
  return [...rows].map(([, row]) => row!.split(' | '));
}
const namesIn = (cell: string) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!);

describe('the page about subscriptions', () => {
  it('has every option, with its default', () => {
    const told = rowsUnder('Options').map(([name, value]) => [namesIn(name!)[0], parseInt(value!, 10)]);
    expect(Object.fromEntries(told)).toEqual(SUBSCRIBER_DEFAULTS);
  });

  it('says blocked or log_diverged of the failures that need someone, and of no others', () => {
    for (const [causes, , then] of rowsUnder('Failures')) {
      for (const name of namesIn(causes!)) {
        const needsSomeone =
          interruptionBy(Object.assign(new Error('spec'), { name })).kind === 'needs_someone';
        expect([name, /`(blocked|log_diverged)`/.test(then!)]).toEqual([name, needsSomeone]);
      }
    }
  });
});
