import { describe, expect, it } from '@jest/globals';
import { expectedRevisionOf, isKnownTo } from './entity-tag.js';

describe('the revision that a write insists on', () => {
  it.each([
    [{}, undefined],
    [{ 'if-match': '*' }, undefined],
    [{ 'if-match': '"7"' }, 7],
    [{ 'if-match': 'W/"7"' }, 7],
    [{ 'if-match': '"-1"' }, -1],
    [{ 'if-none-match': '*' }, -1],
  ])('of %j is %s', (headers, revision) => {
    expect(expectedRevisionOf(headers)).toBe(revision);
  });

  it.each([
    { 'if-match': 'latest' },
    { 'if-match': '"1", "2"' },
    { 'if-none-match': '"7"' },
    { 'if-none-match': '*', 'if-match': '"7"' },
  ])('is not told by %j', (headers) => {
    expect(() => expectedRevisionOf(headers)).toThrow('malformed_request');
  });
});

it.each<[string, number, boolean]>([
  ['"7"', 7, true],
  ['W/"7"', 7, true],
  ['"5", W/"7"', 7, true],
  ['"-1"', -1, true],
  ['*', 7, true],
  ['*', -1, false],
  ['"8"', 7, false],
  ['"77"', 7, false],
  ['7', 7, false],
  ['', 7, false],
])('who sends If-None-Match: %s knows the book at revision %d: %s', (ifNoneMatch, revision, isKnown) => {
  expect(isKnownTo({ 'if-none-match': ifNoneMatch }, revision)).toBe(isKnown);
});
