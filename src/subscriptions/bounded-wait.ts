/**
 * Waits for something to end, well or not, and no longer than so many milliseconds. Tells whether it has ended.
 * What has not goes on, unwatched.
 */
export async function endsWithin(milliseconds: number, ending: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<false>((resolve) => (timer = setTimeout(resolve, milliseconds, false)));
  const ended = ending.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, limit]);
  } finally {
    clearTimeout(timer);
  }
}
