import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  cleanEmailAddress,
  InvalidEmailAddress,
  type InvalidEmailReason,
  isSameAddress,
  normaliseEmailAddress,
} from './email-address.js';
import { ERASED } from './erased.js';

const normalised = (typed: string) => normaliseEmailAddress(cleanEmailAddress(typed));
const LABEL_63 = 'd'.repeat(63);

describe('the typed form is cleaned and kept for display (row 10)', () => {
  it.each([
    ['is trimmed', '  ann@client.example\t', 'ann@client.example'],
    ['keeps its case', 'Ann.Lee@Client.Example', 'Ann.Lee@Client.Example'],
    ['loses control characters', 'an\u0000n\u007f\u0085@client.\texample', 'ann@client.example'],
    ['loses zero-width characters', '\ufeffan\u200bn\u200d@cli\u2060ent.exa\u00admple', 'ann@client.example'],
    ['loses bidi marks', '\u202eann\u200f@client\u2066.example\u061c', 'ann@client.example'],
    ['loses fillers and variation selectors', 'an\u3164n\ufe0f@client.example', 'ann@client.example'],
    [
      'is trimmed after invisible characters are gone',
      '\u200b ann@client.example \u200b',
      'ann@client.example',
    ],
    ['is composed (NFC)', 'jose\u0301@client.example', 'jos\u00e9@client.example'],
    ['keeps the script of its domain', 'ann@Bücher.example', 'ann@Bücher.example'],
    [
      'may have any character of an atom',
      "a.b+c_d-e!#$%&'*/=?^`{|}~@x-y.example",
      "a.b+c_d-e!#$%&'*/=?^`{|}~@x-y.example",
    ],
    ['may have letters of any script', '用户.दिल्ली@client.example', '用户.दिल्ली@client.example'],
    ['may have a Catalan middle dot in its domain', 'ann@col·legi.example', 'ann@col·legi.example'],
    ['may be 64 bytes before the @', `${'l'.repeat(64)}@client.example`, `${'l'.repeat(64)}@client.example`],
    ['may have labels of 63 characters', `ann@${LABEL_63}.example`, `ann@${LABEL_63}.example`],
  ])('%s', (_rule, typed, cleaned) => {
    expect(cleanEmailAddress(typed)).toBe(cleaned);
  });

  it('may be 254 characters long, not more', () => {
    const domain = `${LABEL_63}.${LABEL_63}.${'d'.repeat(54)}.example`;
    const longest = `${'l'.repeat(254 - 1 - domain.length)}@${domain}`;
    expect(cleanEmailAddress(longest)).toHaveLength(254);
    expect(() => cleanEmailAddress(`l${longest}`)).toThrow(new InvalidEmailAddress('too_long'));
  });

  it('is its own cleaned form', () => {
    const once = cleanEmailAddress(' \u200bJose\u0301@BÜCHER.example ');
    expect(cleanEmailAddress(once)).toBe(once);
  });
});

describe('what is refused (row 10)', () => {
  it.each<[rule: string, reason: InvalidEmailReason, typed: string]>([
    ['a header after a line break', 'line_break', 'ann@client.example\r\nBcc: eve@evil.example'],
    ['a line feed, even at the end', 'line_break', 'ann@client.example\n'],
    ['a carriage return, even at the start', 'line_break', '\rann@client.example'],
    ['half a surrogate pair', 'malformed_text', 'ann\ud800@client.example'],
    ['nothing', 'empty', ''],
    ['blanks', 'empty', ' \t\u3000'],
    ['only invisible characters', 'empty', '\u200b\u202e\ufeff'],
    ['a list with commas', 'list', 'ann@client.example, bob@client.example'],
    ['a list with semicolons', 'list', 'ann@client.example;bob@client.example'],
    ['a Greek question mark, which composes to a semicolon', 'list', 'ann@client.example\u037ebob'],
    ['a display name', 'display_name', 'Ann <ann@client.example>'],
    ['angle brackets alone', 'display_name', '<ann@client.example>'],
    ['a comment', 'display_name', 'ann(work)@client.example'],
    ['a space', 'display_name', 'ann lee@client.example'],
    ['a no-break space', 'display_name', 'ann\u00a0lee@client.example'],
    ['a line separator', 'display_name', 'ann\u2028lee@client.example'],
    ['a quote after the start', 'display_name', 'a"nn"@client.example'],
    ['a quoted local part', 'quoted_local_part', '"ann lee"@client.example'],
    ['a quoted display name', 'quoted_local_part', '"Ann" <ann@client.example>'],
    ['no @', 'not_one_at_sign', 'ann.client.example'],
    ['two @', 'not_one_at_sign', 'ann@bob@client.example'],
    ['a full-width @', 'not_one_at_sign', 'ann＠client.example'],
    ['a full-width @ before the real one', 'local_part', 'ann＠client.example@evil.example'],
    ['a full-width comma', 'local_part', 'ann，bob@client.example'],
    ['nothing before the @', 'local_part', '@client.example'],
    ['a dot at the start', 'local_part', '.ann@client.example'],
    ['a dot before the @', 'local_part', 'ann.@client.example'],
    ['two dots in a row', 'local_part', 'ann..lee@client.example'],
    ['a combining mark with nothing to stand on', 'local_part', '\u0301ann@client.example'],
    ['an emoji before the @', 'local_part', '😀@client.example'],
    ['a backslash', 'local_part', 'ann\\lee@client.example'],
    ['65 bytes before the @', 'local_part', `${'l'.repeat(65)}@client.example`],
    ['33 letters of two bytes before the @', 'local_part', `${'é'.repeat(33)}@client.example`],
    ['nothing after the @', 'domain', 'ann@'],
    ['a domain of one label', 'domain', 'ann@localhost'],
    ['a dot after the domain', 'domain', 'ann@client.example.'],
    ['an ideographic full stop after the domain', 'domain', 'ann@client.example。'],
    ['a dot before the domain', 'domain', 'ann@.client.example'],
    ['an empty label', 'domain', 'ann@client..example'],
    ['a hyphen at a label’s start', 'domain', 'ann@-client.example'],
    ['a hyphen at a label’s end', 'domain', 'ann@client-.example'],
    ['an underscore in the domain', 'domain', 'ann@cli_ent.example'],
    ['a percent escape in the domain', 'domain', 'ann@cl%69ent.example'],
    ['a full-width percent escape in the domain', 'domain', 'ann@cl％69ent.example'],
    ['a path in the domain', 'domain', 'ann@client.example/evil'],
    ['a full-width slash in the domain', 'domain', 'ann@client.example／evil'],
    ['a port', 'domain', 'ann@client.example:25'],
    ['a broken A-label', 'domain', 'ann@xn--a.example'],
    ['an empty A-label', 'domain', 'ann@xn--.example'],
    ['an A-label that stands for ASCII', 'domain', 'ann@xn--a-.example'],
    ['an A-label that mixes two ways of writing', 'domain', 'ann@xn--faß.example'],
    ['an emoji in the domain', 'domain', 'ann@💩.example'],
    ['a label of 64 characters', 'domain', `ann@${LABEL_63}d.example`],
    ['a label whose A-label is longer than 63', 'domain', `ann@${'ü'.repeat(60)}ç${'字'.repeat(2)}.example`],
    ['an IPv4 literal', 'ip_address', 'ann@[127.0.0.1]'],
    ['an IPv6 literal', 'ip_address', 'ann@[IPv6:::1]'],
    ['a bare IPv4 address', 'ip_address', 'ann@127.0.0.1'],
    ['an IPv4 address in disguise', 'ip_address', 'ann@0x7f.1'],
    ['an IPv4 address in full-width digits', 'ip_address', 'ann@１２７.０.０.１'],
    ['a number as top-level domain', 'domain', 'ann@client.123'],
    ['a label of 255 characters', 'too_long', `ann@${'d'.repeat(255)}`],
    ['more than 254 characters', 'too_long', `ann@${'d.'.repeat(130)}example`],
    ['a domain that is too long as A-labels', 'too_long', `ann@${'字典.'.repeat(25)}example`],
  ])('%s', (_rule, reason, typed) => {
    expect(() => cleanEmailAddress(typed)).toThrow(new InvalidEmailAddress(reason));
  });

  it('is not repeated in the message, because it is personal', () => {
    expect(() => cleanEmailAddress('ann.secret@nowhere')).not.toThrow(/ann|secret|nowhere/);
  });
});

describe('two addresses are the same (row 10) when', () => {
  it.each([
    ['only case differs', 'ANN@CLIENT.EXAMPLE', 'ann@client.example'],
    ['one is composed and the other is not', 'jose\u0301@client.example', 'JOS\u00c9@client.example'],
    [
      'the domain is typed in its own script, or in upper case, or as an A-label',
      'ann@BÜCHER.example',
      'ann@xn--bcher-kva.example',
    ],
    ['the domain is typed in full width', 'ann@ｃｌｉｅｎｔ.example', 'ann@client.example'],
    ['the full stop is ideographic', 'ann@client。example', 'ann@client.example'],
    [
      'a Kelvin sign stands for K, which Unicode calls the same',
      '\u212aate@client.example',
      'kate@client.example',
    ],
    ['a capital sharp s meets a small one', 'STRAẞE@client.example', 'straße@client.example'],
    ['lower case takes a letter apart', 'I\u0316\u0307an@client.example', 'i\u0316\u0307an@client.example'],
    ['a sigma ends a word', 'ΟΔΟΣ.ΕΞΙ@client.example', 'οδος.εξι@client.example'],
  ])('%s', (_rule, one, other) => {
    expect(normalised(one)).toBe(normalised(other));
    expect(isSameAddress(cleanEmailAddress(one), cleanEmailAddress(other))).toBe(true);
  });
});

describe('two addresses differ (row 10) when', () => {
  it.each([
    ['dots differ', 'ann.lee@client.example', 'annlee@client.example'],
    ['tags differ', 'ann+billing@client.example', 'ann@client.example'],
    ['letters only look alike: a Cyrillic domain', 'ann@раураl.example', 'ann@paypal.example'],
    ['letters only look alike: a Cyrillic local part', 'аnn@client.example', 'ann@client.example'],
    ['a dotless i meets a dotted one, whatever the locale', 'ıan@client.example', 'ian@client.example'],
    ['a capital I with a dot meets an i', 'İan@client.example', 'ian@client.example'],
    ['a sharp s meets ss, before the @', 'straße@client.example', 'strasse@client.example'],
    ['a sharp s meets ss, in the domain', 'ann@faß.example', 'ann@fass.example'],
    ['the local part is in full width', 'ａｎｎ@client.example', 'ann@client.example'],
  ])('%s', (_rule, one, other) => {
    expect(normalised(one)).not.toBe(normalised(other));
    expect(isSameAddress(cleanEmailAddress(one), cleanEmailAddress(other))).toBe(false);
  });
});

describe('the normalised form', () => {
  it.each([
    ['Ann.Lee+Tag@Bücher.Example', 'ann.lee+tag@xn--bcher-kva.example'],
    ['IAN@ISTANBUL.example', 'ian@istanbul.example'],
    ['ann@раураl.example', 'ann@xn--l-7sba6dbr.example'],
  ])('of %s is %s', (typed, form) => {
    expect(normalised(typed)).toBe(form);
    expect(normaliseEmailAddress(form)).toBe(form);
  });

  it('exists for a stored domain that no version of Unicode accepts any more', () => {
    expect(normaliseEmailAddress('Ann@Cl ient.example')).toBe('ann@cl ient.example');
  });
});

it('an erased address, and none at all, equal nothing, not even themselves', () => {
  expect(isSameAddress(ERASED, ERASED)).toBe(false);
  expect(isSameAddress(null, null)).toBe(false);
  expect(isSameAddress(ERASED, 'ann@client.example')).toBe(false);
});

it('whatever is typed is refused with a reason, or has one cleaned and one normalised form', () => {
  const letters = [
    'ann',
    'İ',
    'ß',
    'ΟΔΟΣ',
    'jose\u0301',
    '.a',
    '-b',
    '\u200d',
    'xn--bcher-kva',
    'bücher',
    '字',
    'ａ',
  ];
  const piece = fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom(...letters) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 2 }) },
  );
  const part = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
  const suffix = fc.constantFrom('.example', '.Example', '。example', '.');
  fc.assert(
    fc.property(part, part, suffix, (localPart, domain, end) => {
      const cleaned = cleanedOrRefused(`${localPart}@${domain}${end}`);
      if (cleaned === undefined) return;
      expect(cleanEmailAddress(cleaned)).toBe(cleaned);
      expect(cleaned).not.toMatch(/[\p{C}\p{Z}<>,;"]/u);
      const form = normaliseEmailAddress(cleaned);
      expect(normaliseEmailAddress(form)).toBe(form);
      expect(form).toMatch(/^[^@]+@[a-z0-9.-]+$/);
      expect(isSameAddress(cleaned, form)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

function cleanedOrRefused(typed: string): string | undefined {
  try {
    return cleanEmailAddress(typed);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidEmailAddress);
    return undefined;
  }
}
