import { readingOwnWrites } from '~db/own-writes'
import type { Desk } from './desk'

/**
 * Does what a person or a script asked to change. What it reads after its first write shows that write, also on a read
 * replica, and so does what they read next.
 *
 * @throws {OutcomeUnknown} if the database went away after something was changed
 */
export const change = <T>({ db }: Desk, work: () => Promise<T>): Promise<T> => readingOwnWrites(db, work)
