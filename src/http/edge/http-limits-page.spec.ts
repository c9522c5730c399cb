import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import {
  HTTP_LIMITS,
  type HttpLimits,
  MAX_BODY_BYTES,
  MAX_HEAD_BYTES,
  MAX_URL_LENGTH,
} from './http-limits.js';

const page = readFileSync(new URL('../../../docs/http-limits.md', import.meta.url), 'utf8');

/** `maxConnections` is set by `HTTP_MAX_CONNECTIONS`; a time's variable ends in its unit. */
const variableOf = (limit: string) => `HTTP_${limit.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
const numberIn = (text: string) => Number(/\d[\d,]*/.exec(text)?.[0].replaceAll(',', ''));

describe('the page about the edge of the HTTP server', () => {
  it('has every limit, with its default', () => {
    const told = new Map(
      [...page.matchAll(/^\| `(HTTP_\w+)` \| ([^|]+) \|/gm)].map(([, variable, value]) => [variable, value!]),
    );
    const limits = Object.keys(HTTP_LIMITS) as (keyof HttpLimits)[];
    expect(new Set(told.keys())).toEqual(new Set(limits.map(variableOf)));
    for (const limit of limits) {
      const value = told.get(variableOf(limit))!;
      const expected = HTTP_LIMITS[limit];
      if (typeof expected === 'number') expect([limit, numberIn(value)]).toEqual([limit, expected]);
      else expect([limit, value]).toEqual([limit, 'none']);
    }
  });

  it('has what is fixed', () => {
    const fixed = page.slice(page.indexOf('\nFixed: '));
    expect(numberIn(/head of ([\d,]+) KiB/.exec(fixed)![1]!) * 1024).toBe(MAX_HEAD_BYTES);
    expect(numberIn(/address of ([\d,]+) characters/.exec(fixed)![1]!)).toBe(MAX_URL_LENGTH);
    expect(numberIn(/body of ([\d,]+) KiB/.exec(fixed)![1]!) * 1024).toBe(MAX_BODY_BYTES);
  });
});
