import type { FeedEntry } from '~/domain/jobs/feed.server'
import { shownLog } from './job-page.server'

/** A row as it happens, as JSON text: what a page about its job shows of it. */
export const shownEntry = (row: FeedEntry): string => JSON.stringify({ ...row, ...shownLog(row.jobId, row) })
