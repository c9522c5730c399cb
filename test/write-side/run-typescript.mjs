/** `node --import` of this file runs TypeScript sources as they are, turned into JavaScript as Jest does it. */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from '@swc/core';
import jest from '../../jest.config.mjs';

const [, swc] = jest.transform['^.+\\.ts$'];

// The hooks below run in a thread of their own, which loads this file too.
if (isMainThread) register(import.meta.url);

export function resolve(specifier, context, nextResolve) {
  const isSource = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
  return nextResolve(isSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
}

export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), {
    ...swc,
    filename,
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}
