import { EventEmitter } from 'node:events';

/**
 * Which documents the projectors of this process write, for the readers of this process who wait for one. Of what
 * other processes write it knows nothing: who waits looks from time to time, too.
 */
export class WrittenDocuments {
  private readonly written = new EventEmitter().setMaxListeners(0);

  /** To be told once they can be read. */
  tell(collection: string, ids: Iterable<string>): void {
    for (const id of ids) this.written.emit(nameOf(collection, id));
  }

  /** Begun before the first look at the document, no write behind that look is missed. It must be closed. */
  watch(collection: string, id: string): DocumentWatch {
    return new DocumentWatch(this.written, nameOf(collection, id));
  }

  /** How many documents are waited for. */
  get watched(): number {
    return this.written.eventNames().length;
  }
}

/** One waiting reader's watch over a document. */
class DocumentWatch {
  private isWritten = false;
  private wake: () => void = () => {};

  constructor(
    private readonly written: EventEmitter,
    private readonly name: string,
  ) {
    written.on(name, this.onWritten);
  }

  /** Resolves once the document was written since this was asked last, or after so many milliseconds. */
  async nextWrite(limitMs: number): Promise<void> {
    if (!this.isWritten) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, limitMs);
      });
      clearTimeout(timer);
    }
    this.isWritten = false;
  }

  close(): void {
    this.written.off(this.name, this.onWritten);
  }

  private readonly onWritten = (): void => {
    this.isWritten = true;
    this.wake();
  };
}

function nameOf(collection: string, id: string): string {
  return `${collection} ${id}`;
}
