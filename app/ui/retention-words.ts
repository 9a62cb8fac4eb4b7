import type { RetentionPreview } from '~/domain/retention/view'
import { jobsText } from './batch-words'

/** `12 jobs closed before 2026-11-03 (UTC)`; more than are counted are `1,000+ jobs` */
export function previewText({ count, isMore, before }: RetentionPreview): string {
  const jobs = isMore ? `${count.toLocaleString('en')}+ jobs` : jobsText(count)
  return `${jobs} closed before ${new Date(before).toISOString().slice(0, 10)} (UTC)`
}
