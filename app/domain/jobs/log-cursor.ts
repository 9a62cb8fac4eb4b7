/** Where a job's log or attempts, newest first, are read on from to get what came before the one of this number; as `cursor.ts` has it. */
export const olderThan = (number: number, list: 'log-newest' | 'attempts-newest' = 'log-newest'): string =>
  btoa(JSON.stringify([list, 'n', number]))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
