/** Figures about an agent's work. Pure. */

export interface Judged {
  /** Results that a person accepted. */
  accepted: number
  sentBack: number
}

/** Which part of the judged results was accepted, 0 to 1; null where none was judged. */
export function passRate({ accepted, sentBack }: Judged): number | null {
  const judged = accepted + sentBack
  return judged === 0 ? null : accepted / judged
}

/** The middle one, or the mean of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}
