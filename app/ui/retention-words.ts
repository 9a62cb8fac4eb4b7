import type { RetentionPreview } from '~/domain/retention/view'
import { exactText } from '~/domain/zones/clock'
import { jobsText } from './batch-words'

/** `12 jobs closed before …`; more than are counted are `1,000+ jobs`. @param zone whose clocks the time is shown by */
export function previewText({ count, isMore, before }: RetentionPreview, zone?: string): string {
  const jobs = isMore ? `${count.toLocaleString('en')}+ jobs` : jobsText(count)
  return `${jobs} closed before ${exactText(before, zone)}`
}
