import type { RetentionPreview } from '~/domain/retention/view'
import { jobsText } from './batch-words'

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

/** `12 jobs closed before 3 Nov 2026 (UTC)`; more than are counted are `1,000+ jobs` */
export function previewText({ count, isMore, before }: RetentionPreview): string {
  const jobs = isMore ? `${count.toLocaleString('en')}+ jobs` : jobsText(count)
  return `${jobs} closed before ${day.format(before)} (UTC)`
}
