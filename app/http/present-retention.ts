import type { RetentionPreview, RetentionView } from '~/domain/retention/view'

const iso = (at: number) => new Date(at).toISOString()

/** Retention as the API has it. */
export function presentRetention(retention: RetentionView) {
  const { archiveAfterDays, purgeAfterDays, version, updatedAt, running, lastRun } = retention
  return {
    ...{ archiveAfterDays, purgeAfterDays, version, updatedAt: updatedAt === null ? null : iso(updatedAt) },
    wouldArchive: presentPreview(retention.wouldArchive),
    wouldPurge: presentPreview(retention.wouldPurge),
    running: running && { ...running, startedAt: iso(running.startedAt) },
    lastRun: lastRun && { ...lastRun, endedAt: iso(lastRun.endedAt) },
  }
}

const presentPreview = (preview: RetentionPreview | null) =>
  preview && { ...preview, before: iso(preview.before) }
