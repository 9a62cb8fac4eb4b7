/**
 * Splits rows into portions of at most so many bytes of text, in their order, so that other requests come in between; a
 * longer one is a portion of its own.
 */
export function portionsOf<Row>(
  rows: readonly Row[],
  bytesOf: (row: Row) => number,
  maxBytes: number,
): Row[][] {
  const portions: Row[][] = []
  let portion: Row[] = []
  let bytes = 0
  for (const row of rows) {
    const more = bytesOf(row)
    if (portion.length > 0 && bytes + more > maxBytes) {
      portions.push(portion)
      portion = []
      bytes = 0
    }
    portion.push(row)
    bytes += more
  }
  return portion.length > 0 ? [...portions, portion] : portions
}
