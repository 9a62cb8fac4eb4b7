import type { MetaDescriptor } from '@remix-run/react'
import { statusLabels } from '~/domain/jobs/status'
import type { JobStatus } from '~db/vocabulary'
import { plainName } from './name'
import { pageTitle } from './page-title'

const icons: Partial<Record<JobStatus, string>> = {
  IN_PROGRESS: '/favicon-running.svg',
  INPUT_REQUIRED: '/favicon-asks.svg',
  IN_REVIEW: '/favicon-asks.svg',
  COMPLETED: '/favicon-done.svg',
  FAILED: '/favicon-failed.svg',
}

/** A job's name and status in the tab's title, and the status in its icon. */
export function jobMeta(job: { name: string; status: JobStatus } | undefined): MetaDescriptor[] {
  if (!job) return [{ title: pageTitle() }]
  const icon = icons[job.status]
  return [
    { title: `${plainName(job.name)} · ${statusLabels[job.status]} · Docket` },
    ...(icon ? [{ tagName: 'link', rel: 'icon', href: icon, type: 'image/svg+xml' } as const] : []),
  ]
}
