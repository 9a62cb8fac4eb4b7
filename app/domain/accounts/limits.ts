/** What forms and schemas agree on. Imports nothing, so that browser code may import it. */

export const passwordLength = { min: 8, max: 200 } as const
/** Fields of forms that no answer and no draft brings back. */
export const passwordFields = ['password', 'passwordConfirm', 'currentPassword']
/** RFC 5321: a path of 256 with its brackets. */
export const maxEmail = 254
/** A code of the second factor, as it is typed. */
export const maxCode = 100
export const tokenDays = [7, 30, 90, 365] as const
export const defaultTokenDays = 90

/** What an API token may: `read` is every GET but the admins', `write` includes it, `admin` is `/api/admin/*`. */
export const tokenScopes = ['read', 'write', 'admin'] as const
export type TokenScope = (typeof tokenScopes)[number]
