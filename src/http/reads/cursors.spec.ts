import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problem.js';
import {
  historyCursorOf,
  pageCursorOf,
  textOfHistoryCursor,
  textOfPageCursor,
  type WorkspaceList,
} from './cursors.js';

const textOf = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');

describe('a cursor', () => {
  it.each<[WorkspaceList, object]>([
    ['clients', { version: 3, clientId: 'lefevre' }],
    ['billing-routes', { version: 1, clientId: 'lefevre' }],
    ['contacts', { version: 2, clientId: 'lefevre', contactId: 'ann_1' }],
  ])('of the list %s comes back as it went out, in a form that fits a URL', (list, next) => {
    const text = textOfPageCursor(list, next as Parameters<typeof textOfPageCursor>[1])!;
    expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(pageCursorOf(list, text)).toEqual(next);
  });

  it('of a history comes back as it went out', () => {
    expect(historyCursorOf(textOfHistoryCursor(0)!)).toBe(0);
    expect(historyCursorOf(textOfHistoryCursor(77)!)).toBe(77);
  });

  it('is none where there is no further page, or none was given', () => {
    expect(textOfPageCursor('clients', null)).toBeNull();
    expect(textOfHistoryCursor(null)).toBeNull();
    expect(pageCursorOf('clients', undefined)).toBeUndefined();
    expect(historyCursorOf(undefined)).toBeUndefined();
  });

  it.each([
    ['text', 'no cursor'],
    ['an object', Buffer.from('{"version":1}').toString('base64url')],
    ['another list', textOf('billing-routes', 1, 'lefevre')],
    ['an operator in place of an id', textOf('clients', 1, { $gt: '' })],
    ['an id of another form', textOf('clients', 1, 'a.b')],
    ['a version that is none', textOf('clients', '1', 'lefevre')],
    ['too little', textOf('clients', 1)],
    ['too much', textOf('clients', 1, 'lefevre', 'ann')],
  ])('is refused where it is %s, at the place where it stood', (_, text) => {
    let raised: unknown;
    try {
      pageCursorOf('clients', text, { pointer: '/cursor' });
    } catch (error) {
      raised = error;
    }
    expect(raised).toBeInstanceOf(Problem);
    expect((raised as Problem).toDocument()).toMatchObject({
      code: 'invalid_cursor',
      errors: [{ pointer: '/cursor' }],
    });
  });
});
