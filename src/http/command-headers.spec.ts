import { describe, expect, it } from '@jest/globals';
import { reasonOf } from './reason.js';
import { traceparentOf } from './trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('the traceparent of a request', () => {
  it.each([
    [`00-${TRACE}`, `00-${TRACE}`],
    [`cc-${TRACE}-what-comes-later`, `cc-${TRACE}`],
  ])('%s is kept', (header, kept) => {
    expect(traceparentOf(header)).toBe(kept);
  });

  it.each([
    undefined,
    'nonsense',
    `ff-${TRACE}`,
    `00-${TRACE}-more`,
    `00-${TRACE.toUpperCase()}`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
  ])('%s is passed over', (header) => {
    expect(traceparentOf(header)).toBeUndefined();
  });
});

describe('the reason of a write', () => {
  it('is decoded, and brought into one line', () => {
    expect(reasonOf(encodeURIComponent(' Zoë\nsaid so '))).toBe('Zoë said so');
    expect(reasonOf(encodeURIComponent('é'.repeat(500)))).toBe('é'.repeat(500));
  });

  it.each([undefined, '', '%20'])('is none for %s', (header) => {
    expect(reasonOf(header)).toBeUndefined();
  });

  it.each(['%', '%ff', '%c3', 'Zo\u00eb', encodeURIComponent('é'.repeat(501))])('%s is refused', (header) => {
    expect(() => reasonOf(header)).toThrow(expect.objectContaining({ code: 'malformed_request' }));
  });
});
