/** Whether an account has a second factor, as its owner sees it. */
export interface TwoFactorState {
  /** Milliseconds since 1970 UTC; null if it is off. */
  enabledAt: number | null
  /** How many recovery codes are left. */
  codesLeft: number
  /** False if SESSION_SECRET was changed since: then only recovery codes work. */
  isReadable: boolean
}
