import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { contacts } from '../contacts/contacts.js';
import { EditionKeeper, type EditionKeeperParts } from './edition-keeper.js';

describe('the keeper of editions', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('asks a database that refuses it at ever longer intervals, half of each by chance', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    const waits: number[] = [];
    let isEnough = () => {};
    const enough = new Promise<void>((resolve) => (isEnough = resolve));
    const write = (line: string) => {
      waits.push((JSON.parse(line) as { retryInMs: number }).retryInMs);
      if (waits.length === 4) isEnough();
    };
    const refusing = { loadOrBegin: () => Promise.reject(new Error('refused')) };
    const keeper = new EditionKeeper({
      readModels: [contacts],
      editions: refusing,
      log: pino({ base: null }, { write }),
    } as unknown as EditionKeeperParts);
    keeper.start();
    await enough;
    await keeper.stop();
    expect(waits).toEqual([50, 100, 200, 400]);
  });
});
