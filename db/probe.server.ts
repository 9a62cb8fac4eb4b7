import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { WriteUnit } from './write-queue.server'

/** More than the largest job takes, with its log row and its part of the text index, in bytes. */
const jobBytes = 512 * 1024

/** A read of a row, so that the database and not only its server has to answer. */
export const probeRead = 'SELECT at FROM probes WHERE id = 1'

/** A write the size of a job, of which nothing stays. */
export const probeUnit = (at: number): WriteUnit => ({
  repeatable: true,
  statements: [
    {
      sql: 'INSERT INTO probes (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at',
      args: [at],
    },
    // changing a row in its place proves no room for more: a full database would look ready
    { sql: `INSERT INTO probes (id, at) VALUES (2, zeroblob(${jobBytes}))`, args: [] },
    { sql: 'DELETE FROM probes WHERE id = 2', args: [] },
  ],
})

/**
 * Whether the disk of a database file has room for a job in the log and in the file. Pages that are free again when a
 * transaction ends are never written, so the probe's own write does not tell.
 */
export async function hasDiskRoom(path: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(dirname(path))
  return bavail * bsize > 2 * jobBytes
}
