/** The known word that a misspelled one most likely means; undefined if none is within two edits. */
export function nearMiss(word: string, known: readonly string[]): string | undefined {
  const near = known
    .map((each) => ({ each, steps: distance(word, each) }))
    .sort((a, b) => a.steps - b.steps)[0]
  return near && near.steps <= 2 && near.steps < near.each.length ? near.each : undefined
}

/** How many letters are added, left out, changed or swapped with the next. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, n) => n)]
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= Math.min(a.length, 20); i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (isSame ? 0 : 1),
        isSwapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
  }
  return at(Math.min(a.length, 20), b.length)
}
