import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './java-tools.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const store = fileURLToPath(new URL('../../.servers/', import.meta.url));
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/**
 * The class path of a server: the jars that `<name>.pom.xml` asks for, and our Java classes. Fetched by Maven the
 * first time, and again when the pom or a class changes; kept in `.servers/<name>`.
 * @param {string} name
 * @param {string[]} classes names of files in `java/`
 * @returns {Promise<string>}
 */
export async function fetchedClassPath(name, classes) {
  const pom = join(here, `${name}.pom.xml`);
  const sources = classes.map((each) => join(here, 'java', `${each}.java`));
  const recipe = (await Promise.all([pom, ...sources].map((file) => readFile(file, 'utf8')))).join('\n');
  const home = join(store, name);
  if (!(await isComplete(home, recipe))) await fetchInto(home, recipe, pom, sources);
  return [join(home, 'classes'), join(home, 'jars', '*')].join(delimiter);
}

/** The stamp is the recipe itself, written last. */
const isComplete = async (home, recipe) =>
  (await readFile(join(home, 'complete'), 'utf8').catch(() => undefined)) === recipe;

async function fetchInto(home, recipe, pom, sources) {
  const partial = `${home}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    const jars = join(partial, 'jars');
    await run('mvn', ['-B', '-q', '-f', pom, COPY_DEPENDENCIES, `-DoutputDirectory=${jars}`]);
    await run('javac', ['-cp', join(jars, '*'), '-d', join(partial, 'classes'), ...sources]);
    await writeFile(join(partial, 'complete'), recipe);
    await rm(home, { recursive: true, force: true });
    await rename(partial, home);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another run may have put its copy there first.
    if (!(await isComplete(home, recipe))) throw error;
  }
}
