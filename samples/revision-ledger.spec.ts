import { describe, expect, it } from '@jest/globals';
import { RevisionLedger } from './revision-ledger.js';

function ledger(before: number, after: number): RevisionLedger {
  const kept = new RevisionLedger();
  kept.found('lindner', before);
  kept.written('lindner', after);
  return kept;
}

const faults = (kept: RevisionLedger, ...revisions: number[]) =>
  kept.faultsIn(new Map([['lindner', revisions]]));

describe('the revisions that were received', () => {
  it('are faultless when they lead from where the book stood to where the commands brought it', () => {
    expect(faults(ledger(-1, 2), 0, 1, 2)).toEqual([]);
    expect(faults(ledger(4, 6), 5, 6)).toEqual([]);
  });

  it("may begin earlier and end later, since others write too and the topic's end is behind the log's", () => {
    expect(faults(ledger(4, 6), 3, 4, 5, 6, 7)).toEqual([]);
  });

  it('are not expected where no command changed anything', () => {
    expect(faults(ledger(4, 4))).toEqual([]);
    expect(ledger(4, 4).expected()).toEqual([]);
  });

  it.each([
    ['a gap', [0, 2], 'lindner: revision 2 after 0 (a gap)'],
    ['a double', [0, 1, 1, 2], 'lindner: revision 1 after 1 (a double)'],
    ['a wrong order', [0, 1, 0, 1, 2], 'lindner: revision 0 after 1 (out of order)'],
    ['a missing beginning', [1, 2], 'lindner: begins at 1 in place of 0'],
    ['a missing end', [0, 1], 'lindner: ends at 1 before 2'],
    ['nothing', [], 'lindner: none of the revisions 0 to 2 came'],
  ])('are at fault for %s', (_, revisions, fault) => {
    expect(faults(ledger(-1, 2), ...revisions)).toEqual([fault]);
  });

  it('are checked for clients that nothing is known of as well', () => {
    expect(new RevisionLedger().faultsIn(new Map([['other', [7, 9]]]))).toEqual([
      'other: revision 9 after 7 (a gap)',
    ]);
  });
});
