import { performance } from 'node:perf_hooks';

/** What several rounds of one measurement gave. */
export interface Measured {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function summarise(values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: percentile(sorted, 50), min: sorted[0]!, max: sorted.at(-1)! };
}

/** The value below which `percent` of the sorted values lie. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]!;
}

/**
 * Runs the sides in turn, round by round, so that whatever else the machine does meets all of them alike. The
 * first round warms up and is not counted.
 */
export async function interleaved<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<number>>>,
): Promise<Record<Side, Measured>> {
  const names = Object.keys(sides) as Side[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await sides[name]();
      if (round > 0) values[name].push(value);
    }
  }
  return Object.fromEntries(names.map((name) => [name, summarise(values[name])])) as Record<Side, Measured>;
}

/** How long the work takes, in ms. */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Prints how many of `count` events a second either side works through, and the ratio of each round, the two in turn.
 * Either resolves to the ms that it took.
 */
export async function printRates(
  title: string,
  rounds: number,
  count: number,
  sides: { readonly bare: () => Promise<number>; readonly service: () => Promise<number> },
): Promise<void> {
  const rates = { bare: [] as number[], service: [] as number[] };
  const { ratio } = await interleaved(rounds, {
    ratio: async () => {
      const took = { bare: await sides.bare(), service: await sides.service() };
      rates.bare.push((count * 1000) / took.bare);
      rates.service.push((count * 1000) / took.service);
      return took.bare / took.service;
    },
  });
  // The first round warms up.
  const median = (values: readonly number[]) =>
    Math.round(summarise(values.slice(1)).median).toLocaleString('en');
  printTable(
    [title, 'median (spread)'],
    [
      ['bare program', median(rates.bare)],
      ['service', median(rates.service)],
      ['service ÷ bare program', shown(ratio, 2)],
    ],
  );
}

/** How many of `count` pieces of work were done a second. */
export async function ratePerSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (count * 1000) / (performance.now() - start);
}

/** Does the work for each index, at most `inFlight` at a time. */
export async function withInFlight(
  count: number,
  inFlight: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

/** `1,234 (1,100 to 1,300)`: the median and the spread. */
export function shown({ median, min, max }: Measured, digits = 0): string {
  return `${rounded(median, digits)} (${rounded(min, digits)} to ${rounded(max, digits)})`;
}

/** Prints a table in Markdown. */
export function printTable(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  process.stdout.write(`\n${line(heading)}${line(heading.map(() => '---'))}${rows.map(line).join('')}\n`);
}

function rounded(value: number, digits: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
