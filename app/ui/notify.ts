import { isOpen } from '~/domain/jobs/status'
import { paths } from '~/paths'
import type { NotificationChoice } from '~db/vocabulary'
import type { LiveEntry } from './live-source'
import { plainName } from './name'

/** What the browser tells somebody who looks elsewhere; null where it is none of what was chosen. */
export function noteOf(
  row: Pick<LiveEntry, 'kind' | 'status' | 'jobName' | 'ownerId' | 'actorId'>,
  userId: string,
  choice: NotificationChoice,
): { title: string; body: string } | null {
  if (choice === 'off' || row.ownerId !== userId || row.actorId === userId) return null
  const name = plainName(row.jobName)
  if (row.kind === 'requestInput') return { title: 'A job asks you something', body: name }
  if (row.kind === 'submit' && row.status === 'IN_REVIEW') return { title: 'A result to review', body: name }
  if (choice !== 'all' || isOpen(row.status) || !ends.includes(row.kind)) return null
  return { title: endings[row.status] ?? 'A job ended', body: name }
}

const ends: readonly string[] = ['submit', 'accept', 'fail', 'expire', 'cancel', 'complete']
const endings: Partial<Record<LiveEntry['status'], string>> = {
  COMPLETED: 'A job is completed',
  FAILED: 'A job failed',
  CANCELED: 'A job was canceled',
}

/** Shows them where the browser allows it. The same job's note replaces its last one. */
export function notifyOf(rows: LiveEntry[], userId: string, choice: NotificationChoice) {
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  for (const row of rows) {
    const note = noteOf(row, userId, choice)
    if (!note) continue
    const shown = new Notification(note.title, { body: note.body, tag: `docket-${row.jobId}` })
    shown.onclick = () => {
      window.focus()
      window.location.assign(paths.job(row.jobId))
    }
  }
}
