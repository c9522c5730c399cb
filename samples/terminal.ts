import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

const isTerminal = process.stdout.isTTY;
const hasColour = isTerminal && !process.env['NO_COLOR'];

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** The text in a style, on a terminal; elsewhere as it is. */
export function styled(style: Style, text: string): string {
  return hasColour ? styleText(style, text) : text;
}

/** Shows how far something is: a bar that is redrawn on a terminal, a line at each quarter elsewhere. */
export class Progress {
  private static readonly WIDTH = 30;
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly unit: string,
  ) {}

  advance(): void {
    this.done += 1;
    const text = `${this.done} of ${this.total} ${this.unit}`;
    if (isTerminal) {
      const filled = Math.round((this.done / this.total) * Progress.WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(Progress.WIDTH - filled);
      process.stdout.write(`\r  ${bar}  ${text}${this.done === this.total ? '\n' : ''}`);
    } else if (this.quarter(this.done) > this.quarter(this.done - 1)) {
      print(`  ${text}`);
    }
  }

  private quarter(done: number): number {
    return Math.floor((done / this.total) * 4);
  }
}
