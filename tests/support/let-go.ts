import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Database } from '~db/client.server'

setFlagsFromString('--expose-gc')
export const collectGarbage = runInNewContext('gc') as () => void

/**
 * Closes a database file so that the same process can open it again. libSQL holds a closed file's lock until its
 * statements are collected; a process that ends lets go at once.
 */
export function letGo(db: Database) {
  db.close()
  collectGarbage()
}
