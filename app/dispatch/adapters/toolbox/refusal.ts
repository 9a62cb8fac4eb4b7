/** Input a tool cannot work on. The message is the reason the attempt fails with: the same input would fail again. */
export class Refusal extends Error {}

/** Where a position (0-based) in `text` is, as people count: both from 1. */
export function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position)
  const line = before.split('\n').length
  return { line, column: position - before.lastIndexOf('\n') }
}
