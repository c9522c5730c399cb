import { describe, expect, it } from '@jest/globals';
import { requireClearHead } from './request-head.js';

const MAX_HEADERS = 20;
const refused = (code: string) => expect.objectContaining({ code });
const headers = (count: number) => Array.from({ length: count }, (_, at) => [`x-${at}`, '1']).flat();

describe('the head of a request', () => {
  it('may have an address of 4,096 characters, and no longer one', () => {
    const ofLength = (length: number) => () =>
      requireClearHead({ url: '/'.repeat(length), rawHeaders: [] }, MAX_HEADERS);
    expect(ofLength(4_096)).not.toThrow();
    expect(ofLength(4_097)).toThrow(refused('uri_too_long'));
  });

  it('may have as many headers as are allowed, and no more', () => {
    const withHeaders = (count: number) => () =>
      requireClearHead({ rawHeaders: headers(count) }, MAX_HEADERS);
    expect(withHeaders(MAX_HEADERS)).not.toThrow();
    expect(withHeaders(MAX_HEADERS + 1)).toThrow(refused('headers_too_large'));
  });

  it.each([
    'Authorization',
    'Content-Encoding',
    'Content-Type',
    'Host',
    'Idempotency-Key',
    'If-Match',
    'If-None-Match',
    'X-Correlation-Id',
  ])('may have %s once, in whatever letter case the other comes', (name) => {
    const withNames =
      (...names: string[]) =>
      () =>
        requireClearHead({ rawHeaders: names.flatMap((each) => [each, '1']) }, MAX_HEADERS);
    expect(withNames(name, 'Accept')).not.toThrow();
    expect(withNames(name, 'Accept', name)).toThrow(refused('malformed_request'));
    expect(withNames(name.toUpperCase(), name.toLowerCase())).toThrow(refused('malformed_request'));
  });

  it('may have twice what makes a list', () => {
    const rawHeaders = ['Accept', 'text/html', 'Accept', 'application/json'];
    expect(() => requireClearHead({ rawHeaders }, MAX_HEADERS)).not.toThrow();
  });
});
