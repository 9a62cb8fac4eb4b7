/**
 * The entry of a table under a word that comes from outside: a request, a file, a stored row, another program. Only what
 * the table itself has counts, so `constructor` and `__proto__` are words like any other.
 *
 * @returns undefined if the table has no such entry
 */
export function lookup<Table extends object>(
  table: Table,
  word: string | null | undefined,
): Table[keyof Table] | undefined {
  return word != null && Object.hasOwn(table, word) ? table[word as keyof Table] : undefined
}
