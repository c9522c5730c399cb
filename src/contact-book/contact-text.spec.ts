import { describe, expect, it } from '@jest/globals';
import { cleanText } from './contact-text.js';

describe('a name, title or phone number', () => {
  it.each([
    ['is trimmed', '  Ann Lee ', 'Ann Lee'],
    [
      'is one line, so that it can open no new mail header',
      'Ann\r\nBcc: eve@evil.example',
      'Ann Bcc: eve@evil.example',
    ],
    ['has no control characters', 'Ann\u0000\tLee\u2028Smith\u0085', 'Ann Lee Smith'],
    ['has no bidi overrides', 'Ann\u202eeeL\u202c \u2066x\u2069', 'AnneeL x'],
    ['is composed (NFC)', 'Jose\u0301', 'Jos\u00e9'],
    ['keeps joiners, which scripts and emoji need', 'می\u200cخواهم 👩\u200d💻', 'می\u200cخواهم 👩\u200d💻'],
    ['is stored as UTF-8 would store it', 'Ann\ud83d', 'Ann\ufffd'],
    ['is none when it is empty', '', null],
    ['is none when nothing is left of it', ' \r\n\u202e\u3000', null],
    ['is none when there is nothing to see', '\u200b\u200d \u3164', null],
  ])('%s', (_rule, typed, cleaned) => {
    expect(cleanText(typed)).toBe(cleaned);
  });
});
