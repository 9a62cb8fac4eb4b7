import { assertAdmin } from '../admin-only'
import { recorded } from '../audit.server'
import { changedWord } from '../changes.server'
import type { Desk } from '../desk'
import { Conflict, Invalid } from '../errors'
import type { UserActor } from '../policy'
import { previewRetention } from './due.server'
import type { RetentionInput } from './input'
import type { RetentionSettings, RetentionView } from './view'

/** The one row. */
export interface StoredRetention extends RetentionSettings {
  version: number
  updatedAt: number | null
  startedAt: number | null
  archived: number
  purged: number
  endedAt: number | null
  lastArchived: number
  lastPurged: number
  wordsLeftAt: number | null
  wordsMergedAt: number | null
}

export const storedRetention = `SELECT archiveAfterDays, purgeAfterDays, version, updatedAt, startedAt, archived, purged, endedAt,
  lastArchived, lastPurged, wordsLeftAt, wordsMergedAt FROM retention WHERE id = 1`

export async function readStored(desk: Desk): Promise<StoredRetention> {
  const row = await desk.db.first<StoredRetention>(storedRetention)
  if (!row) throw new Error('unreachable: a migration wrote the row')
  return row
}

/** The settings, what a run would do now, and the last one. @throws {Forbidden} but for admins */
export async function readRetention(desk: Desk, actor: UserActor): Promise<RetentionView> {
  assertAdmin(actor)
  const { archiveAfterDays, purgeAfterDays, version, updatedAt, ...row } = await readStored(desk)
  const [wouldArchive, wouldPurge] = await Promise.all([
    archiveAfterDays === null ? null : previewRetention(desk, 'archive', archiveAfterDays),
    purgeAfterDays === null ? null : previewRetention(desk, 'purge', purgeAfterDays),
  ])
  const { startedAt, archived, purged, endedAt } = row
  return {
    ...{ archiveAfterDays, purgeAfterDays, version, updatedAt, wouldArchive, wouldPurge },
    running: startedAt === null ? null : { startedAt, archived, purged },
    lastRun: endedAt === null ? null : { endedAt, archived: row.lastArchived, purged: row.lastPurged },
  }
}

/**
 * Changes what is given; the next run goes by it, within ten minutes. If nothing differs, nothing is recorded.
 *
 * @returns whether anything changed
 * @throws {Invalid} if jobs would be purged before they are archived; {Conflict} if it has changed; {Forbidden} but for admins
 */
export async function saveRetention(
  desk: Desk,
  actor: UserActor,
  { version, ...change }: RetentionInput,
): Promise<boolean> {
  assertAdmin(actor)
  const before = await readStored(desk)
  const after = afterChange(before, change)
  const { archiveAfterDays, purgeAfterDays } = after
  if (archiveAfterDays !== null && purgeAfterDays !== null && purgeAfterDays <= archiveAfterDays) {
    throw new Invalid({ purgeAfterDays: ['Purge jobs later than they are archived, or never archive them.'] })
  }
  if (version != null && version !== before.version) throw stale(before.version)
  const changed = [
    ...changedWord('archive after days', before.archiveAfterDays, archiveAfterDays),
    ...changedWord('purge after days', before.purgeAfterDays, purgeAfterDays),
  ]
  if (changed.length === 0) return false
  const isDone = await recorded(desk, {
    ...{ actor, action: 'retention.edit', detail: { changed } },
    change: `UPDATE retention SET archiveAfterDays = :archiveAfterDays, purgeAfterDays = :purgeAfterDays,
      version = version + 1, updatedAt = :at WHERE id = 1 AND version = :seen`,
    args: { archiveAfterDays, purgeAfterDays, seen: before.version },
  })
  if (!isDone) throw stale((await readStored(desk)).version)
  return true
}

/** @returns whether jobs would be purged that were not before */
export async function purgesMore(desk: Desk, { purgeAfterDays: days }: RetentionInput): Promise<boolean> {
  const { purgeAfterDays } = await readStored(desk)
  return days != null && (purgeAfterDays === null || days < purgeAfterDays)
}

const afterChange = (
  { archiveAfterDays, purgeAfterDays }: RetentionSettings,
  change: Partial<RetentionSettings>,
): RetentionSettings => ({
  archiveAfterDays: change.archiveAfterDays === undefined ? archiveAfterDays : change.archiveAfterDays,
  purgeAfterDays: change.purgeAfterDays === undefined ? purgeAfterDays : change.purgeAfterDays,
})

const stale = (now: number) =>
  new Conflict(
    `The settings have changed since you opened them (they are at version ${now} now). Look again, then decide.`,
    'stale_version',
  )
