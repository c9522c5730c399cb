import { describe, expect, it } from '@jest/globals';
import { expectedRevisionsOf, isKnownTo } from './entity-tag.js';

describe('the revisions that a write insists on', () => {
  it.each([
    [{}, undefined],
    [{ 'if-match': '*' }, undefined],
    [{ 'if-match': '"7"' }, [7]],
    [{ 'if-match': ' W/"7" ' }, [7]],
    [{ 'if-match': '"-1"' }, [-1]],
    [{ 'if-match': '"0"' }, [0]],
    [{ 'if-match': '"3", W/"4"' }, [3, 4]],
    [{ 'if-match': ', "3",,"abc" , "4",' }, [3, 4]],
    [{ 'if-none-match': '*' }, [-1]],
  ])('of %j are %j', (headers, revisions) => {
    expect(expectedRevisionsOf(headers)).toEqual(revisions);
  });

  it.each(['"abc"', '"3-gzip"', '"03"', '"-0"', '"+3"', '"3.0"', '""', '"a,b"', `"1${'0'.repeat(15)}"`])(
    'are none for %s, which no contact book has',
    (tag) => {
      expect(expectedRevisionsOf({ 'if-match': tag })).toEqual([]);
    },
  );

  it.each([
    { 'if-match': 'latest' },
    { 'if-match': '7' },
    { 'if-match': '' },
    { 'if-match': ',' },
    { 'if-match': '"7' },
    { 'if-match': '"1" "2"' },
    { 'if-match': '"1", 2' },
    { 'if-match': '*, "1"' },
    { 'if-match': 'w/"7"' },
    { 'if-match': '"a b"' },
    { 'if-none-match': '"7"' },
    { 'if-none-match': '*', 'if-match': '"7"' },
  ])('are not told by %j', (headers) => {
    expect(() => expectedRevisionsOf(headers)).toThrow('malformed_request');
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
