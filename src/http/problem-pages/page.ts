import { Problem, type ProblemCode, problemCatalogue, type ProblemDocument } from '../problem.js';
import { explanations } from './explanations.js';

/** All there is to say of a problem, for a program. */
export interface ProblemDescription {
  readonly type: string;
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly when: string;
  readonly remedy: string;
  readonly retry: string;
  readonly example: ProblemDocument;
}

export const CODES = Object.keys(problemCatalogue) as readonly ProblemCode[];

export function describeProblem(code: ProblemCode): ProblemDescription {
  const { example, ...explanation } = explanations[code];
  const document = new Problem(code, example).toDocument();
  const { type, status, title } = document;
  return { type, code, status, title, ...explanation, example: document };
}

/** The page of one problem, in HTML, for people. */
export function problemPage(code: ProblemCode): string {
  const { status, title, when, remedy, retry, example } = describeProblem(code);
  return page(
    `${code}: ${title}`,
    `<h1>${status} <code>${code}</code></h1>
<p><strong>${text(title)}.</strong></p>
<h2>When</h2>
<p>${text(when)}</p>
<h2>What to do</h2>
<p>${text(remedy)}</p>
<p>Send the same request again: <strong>${text(retry)}</strong>.</p>
<h2>Example</h2>
<pre>${text(JSON.stringify(example, undefined, 2))}</pre>
<p><a href="/problems">All problems</a></p>`,
  );
}

/** The list of all problems, in HTML. */
export function problemIndex(): string {
  const rows = CODES.map(describeProblem).map(
    ({ type, code, status, title }) =>
      `<tr><td>${status}</td><td><a href="${type}"><code>${code}</code></a></td><td>${text(title)}</td></tr>`,
  );
  return page('Problems', `<h1>Problems</h1>\n<table>\n${rows.join('\n')}\n</table>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${text(title)}</title></head>
<body>
${body}
</body>
</html>
`;
}

/** Text as HTML; what stands between backticks is code. */
function text(plain: string): string {
  const escaped = plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}
