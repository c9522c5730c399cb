import { describe, expect, it } from '@jest/globals';
import { EMPTY_BOOK } from '../event-log/contact-book-log.js';
import { RememberedCommands } from '../event-log/remembered-commands.js';
import { BookCache, type KnownBook } from './book-cache.js';

/** A book that weighs one more than it has commands. */
const bookWith = (commands: number): KnownBook => ({
  ...EMPTY_BOOK,
  lostConnections: 0,
  commands: RememberedCommands.of(
    Array.from({ length: commands }, (_, id) => ({ commandId: `${id}`, firstRevision: id, revision: id })),
  ),
});

describe('the cache of books', () => {
  it('gives back what was put there last', () => {
    const cache = new BookCache(10);
    const book = bookWith(1);
    cache.set('a', bookWith(0));
    cache.set('a', book);
    expect(cache.get('a')).toBe(book);
    expect(cache.get('b')).toBeUndefined();
  });

  it('forgets what was not used for longest, once it is full', () => {
    const cache = new BookCache(6);
    for (const stream of ['a', 'b', 'c']) cache.set(stream, bookWith(1));
    cache.get('a');
    cache.set('d', bookWith(1));
    expect(['a', 'b', 'c', 'd'].filter((stream) => cache.get(stream))).toEqual(['a', 'c', 'd']);
  });

  it('counts what books hold, not books: a large one takes the place of many', () => {
    const cache = new BookCache(6);
    for (const stream of ['a', 'b', 'c']) cache.set(stream, bookWith(1));
    cache.set('large', bookWith(3));
    expect(['a', 'b', 'c', 'large'].filter((stream) => cache.get(stream))).toEqual(['c', 'large']);
  });

  it('counts a book once, however often it is replaced', () => {
    const cache = new BookCache(4);
    cache.set('a', bookWith(1));
    for (let times = 0; times < 10; times++) cache.set('b', bookWith(1));
    expect(cache.get('a')).toBeDefined();
  });

  it('does not keep a book that is larger than itself', () => {
    const cache = new BookCache(4);
    cache.set('a', bookWith(9));
    expect(cache.get('a')).toBeUndefined();
  });
});
