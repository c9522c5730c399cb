import { type Program, startProgram } from './child-process.js';
import { type Measured, printTable, shown } from './measure.js';

export interface Server {
  readonly url: string;
}

/** The sides of a measurement by name: the embedded server, and the real one where its address is given. */
export type Servers = Readonly<Record<string, Server>>;

/** Starts an embedded server in a process of its own, as a real one would have. */
export async function startEmbedded(name: string): Promise<Server & Program> {
  const program = await startProgram(
    'embedded/dist/main.js',
    (dataDir) => ({ parameters: [name, '--data', dataDir, `--${name}-port`, '0'] }),
    new RegExp(`^${name} \\S+\\n`, 'm'),
  );
  const [, url] = new RegExp(`^${name} (\\S+)$`, 'm').exec(program.output)!;
  return { ...program, url: url! };
}

/** Measures the embedded server, beside the real one whose address the variable gives, if it does. */
export async function besideReal(
  name: string,
  variable: string,
  measure: (servers: Servers) => Promise<void>,
): Promise<void> {
  const embedded = await startEmbedded(name);
  const url = process.env[variable];
  if (!url) process.stdout.write(`\n${variable} is not set: no real server stands beside the embedded one\n`);
  try {
    await measure({ embedded, ...(url && { real: { url } }) });
  } finally {
    await embedded.end();
  }
}

export function shownBySide(measured: Readonly<Record<string, Measured>>): Record<string, string> {
  return Object.fromEntries(Object.entries(measured).map(([side, value]) => [side, shown(value)]));
}

export function printSides(
  title: string,
  servers: Servers,
  rows: Readonly<Record<string, Readonly<Record<string, string>>>>,
): void {
  const sides = Object.keys(servers);
  printTable(
    [title, ...sides],
    Object.entries(rows).map(([label, bySide]) => [
      label,
      ...sides.map((side) => bySide[side] ?? 'not measured'),
    ]),
  );
}
