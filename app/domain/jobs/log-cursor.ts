/** Where a job's log, newest first, is read on from to get what came before the row of this number; as `cursor.ts` has it. */
export const olderThan = (number: number): string =>
  btoa(JSON.stringify(['log-newest', 'n', number]))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
