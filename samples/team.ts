import type { PublishedRecord } from '../consumers/topic/published-record.js';
import type { BillingRoute, ContactBook } from './contacts-api.js';
import { print, type Style, styled } from './terminal.js';

/** What the API says of a client. */
export interface ClientState {
  /** `<workspace>/<client>` */
  readonly key: string;
  readonly book: ContactBook;
  readonly route: BillingRoute;
}

/** Another team, with the reference consumer that is theirs. */
export abstract class Team {
  private prints = false;
  private records = 0;
  private mattered = 0;

  constructor(
    readonly name: string,
    /** What those records do that matter to it. */
    private readonly concern: string,
    private readonly style: Style,
  ) {}

  /** Whether its consumer knows what the API says of a client. */
  abstract knows(client: ClientState): Promise<boolean>;

  /** What a record means to this team; undefined when nothing. */
  protected abstract meaningOf(record: PublishedRecord): string | undefined;

  /** Says what came until now, in numbers; from here on each record that matters is printed. */
  summariseThenPrint(): void {
    this.say(`${this.records} records, of which ${this.mattered} ${this.concern}`);
    this.prints = true;
  }

  say(text: string): void {
    print(styled(this.style, `  ${this.name.padEnd(9)} │ ${text}`));
  }

  /** How many records came; heartbeats are none. */
  get received(): number {
    return this.records;
  }

  /** To be told of each record that its consumer has stored. */
  readonly hear = (record: PublishedRecord): void => {
    if (record.revision === undefined) return;
    this.records += 1;
    const meaning = this.meaningOf(record);
    if (meaning === undefined) return;
    this.mattered += 1;
    const [, clientId] = record.key.split('/');
    if (this.prints) this.say(`${clientId} #${record.revision}: ${meaning}`);
  };
}

/** Enough of a contact's id to tell it from others on a screen. */
export function shortId(contactId: string): string {
  return `${contactId.slice(0, 8)}…`;
}
