import { SingleBar } from 'cli-progress';

const LINE_EVERY_MS = 5_000;

/** How far something is, from 0 to 1, and how many of what it has done. */
export interface Progress {
  readonly share: number;
  readonly count: number;
}

/** Shows progress on standard error: a bar on a terminal, else a plain line every five seconds. */
export class ProgressDisplay {
  private readonly startedAt = performance.now();
  private startShare: number | undefined;
  private toldAt = performance.now();
  private bar: SingleBar | undefined;
  private last: Progress = { share: 0, count: 0 };

  constructor(
    private readonly what: string,
    private readonly out: NodeJS.WriteStream = process.stderr,
  ) {}

  show(progress: Progress): void {
    this.last = progress;
    this.startShare ??= progress.share;
    if (this.out.isTTY) {
      const format = `{bar} {percentage} % | {text}`;
      this.bar ??= new SingleBar({ format, stream: this.out, hideCursor: true });
      if (!this.bar.isActive) this.bar.start(1000, 0, { text: '' });
      this.bar.update(Math.round(progress.share * 1000), { text: this.text() });
    } else if (performance.now() - this.toldAt >= LINE_EVERY_MS) {
      this.toldAt = performance.now();
      this.out.write(`${Math.round(progress.share * 100)} % | ${this.text()}\n`);
    }
  }

  /** A line about what it waits for, on a line of its own beside the bar. */
  tell(line: string): void {
    this.bar?.stop();
    this.bar = undefined;
    this.out.write(`${line}\n`);
  }

  end(): void {
    this.bar?.stop();
  }

  private text(): string {
    const { count, share } = this.last;
    const seconds = (performance.now() - this.startedAt) / 1000;
    const done = share - (this.startShare ?? 0);
    const left = done > 0 ? `${Math.ceil(((1 - share) / done) * seconds)} s left` : 'time left unknown';
    return `${count} ${this.what}, ${Math.round(count / Math.max(seconds, 0.001))}/s, ${left}`;
  }
}
