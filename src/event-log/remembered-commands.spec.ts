import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { REMEMBERED_COMMANDS, RememberedCommands } from './remembered-commands.js';

const NONE = RememberedCommands.of([]);
const eventOf = (commandId: string, revision: number, index = 0) => ({ commandId, revision, index });
const many = Array.from({ length: REMEMBERED_COMMANDS }, (_, revision) => eventOf(`${revision}`, revision));

describe('the commands that a client remembers', () => {
  it('know where the append of each began and ended', () => {
    const commands = NONE.with([eventOf('a', 0), eventOf('b', 1), eventOf('b', 2, 1)]);
    expect(commands.find('a')).toEqual({ commandId: 'a', firstRevision: 0, revision: 0 });
    expect(commands.find('b')).toEqual({ commandId: 'b', firstRevision: 1, revision: 2 });
    expect(commands.find('c')).toBeUndefined();
  });

  it('are the last five hundred: one more, and the oldest is forgotten (row 14)', () => {
    const full = NONE.with(many);
    const later = full.with([eventOf('next', many.length)]);
    expect([full.size, later.size]).toEqual([REMEMBERED_COMMANDS, REMEMBERED_COMMANDS]);
    expect(full.find('0')).toBeDefined();
    expect(later.find('0')).toBeUndefined();
    expect(later.find('1')).toBeDefined();
  });

  it('are not told of what came behind them, nor of what others put there', () => {
    const commands = NONE.with([eventOf('a', 0)]);
    const one = commands.with([eventOf('b', 1)]);
    const other = commands.with([eventOf('c', 1)]);
    expect([commands, one, other].map((each) => [...each].map(({ commandId }) => commandId))).toEqual([
      ['a'],
      ['a', 'b'],
      ['a', 'c'],
    ]);
    expect([commands.find('b'), one.find('c'), other.find('b')]).toEqual([undefined, undefined, undefined]);
    expect([one.find('b'), other.find('c')].map((found) => found?.revision)).toEqual([1, 1]);
  });

  it('find the last of two of one id, where the first was forgotten in between', () => {
    const commands = NONE.with(many);
    const later = commands.with([eventOf('next', many.length), eventOf('0', many.length + 1)]);
    expect(later.find('0')?.revision).toBe(many.length + 1);
    expect(commands.find('0')?.revision).toBe(0);
  });

  it('are the same however they were folded; former ones stay as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 25 }), (batches) => {
        let [commands, count] = [NONE, 0];
        const former = batches.map((size) => {
          const events = Array.from({ length: size }, () => eventOf(`${count}`, count++));
          commands = commands.with(events);
          return { commands, count };
        });
        for (const { commands: folded, count: end } of former) {
          const all = Array.from({ length: end }, (_, revision) => eventOf(`${revision}`, revision));
          const last = all.slice(-REMEMBERED_COMMANDS);
          expect([...folded].map(({ commandId }) => commandId)).toEqual(last.map((each) => each.commandId));
          expect(folded).toEqual(NONE.with(all));
          for (const { commandId } of all)
            expect(folded.find(commandId) !== undefined).toBe(
              last.some((each) => each.commandId === commandId),
            );
        }
      }),
      { numRuns: 20 },
    );
  });
});
