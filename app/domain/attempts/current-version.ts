import type { Desk } from '../desk'
import type { Args } from '../sql'

/**
 * No migration is newer than this process knows: a part of the guard of claims and settlements. It is decided where they
 * are written, so that there is no moment in which an old process works on a database that a newer one changes.
 */
export const isCurrentVersion = 'NOT EXISTS (SELECT 1 FROM migrations m WHERE m.idx > :knownMigration)'

export const currentVersionArgs = ({ db }: Desk): Args => ({ knownMigration: db.version.known })
