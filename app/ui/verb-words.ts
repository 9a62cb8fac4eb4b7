import type { JobVerbPath } from '~/paths'
import { decisionWords, type FormWords } from './decision-words'
import { plainName } from './name'
import { pageTitle } from './page-title'

interface VerbWords extends FormWords {
  /** The panel's title. */
  title: string
  /** The way back's words. */
  back?: string
  /** What it means. */
  says?: string
}

/** What each verb's own page says. */
export const verbWords: Record<JobVerbPath, VerbWords> = {
  accept: {
    ...decisionWords.accept,
    title: 'Accept the result?',
    says: 'The job is then completed.',
  },
  'send-back': {
    ...decisionWords['send-back'],
    title: 'Send it back',
    says: 'The same agent gets it again, with what you write here.',
  },
  answer: { ...decisionWords.answer, title: 'The agent asks' },
  resubmit: {
    title: 'Resubmit this job?',
    submit: 'Resubmit',
    pendingLabel: 'Resubmitting…',
    says: 'It is done once more from the start. Its result is cleared; earlier attempts stay on the record.',
  },
  archive: {
    title: 'Archive this job?',
    submit: 'Archive',
    pendingLabel: 'Archiving…',
    says: 'It leaves the lists. Its page and its log stay, and resubmitting brings it back.',
  },
  tags: {
    title: 'Tags and metadata',
    submit: 'Save',
    pendingLabel: 'Saving…',
    says: 'The job is found by them. An agent that works on it goes on.',
  },
  cancel: {
    title: 'Cancel this job?',
    submit: 'Cancel job',
    pendingLabel: 'Canceling…',
    variant: 'danger',
    back: 'Keep it',
    says: 'An agent that works on it is told to stop at once, and what it hands in after that does not count. The record stays; it can be resubmitted later.',
  },
  undo: {
    title: 'Undo the cancel?',
    submit: 'Undo',
    pendingLabel: 'Undoing…',
    says: 'The job goes back to what it was before it was canceled. An attempt that was running can’t be resumed: its job goes back to the queue.',
  },
  complete: {
    title: 'Complete this job yourself?',
    submit: 'Complete job',
    pendingLabel: 'Completing…',
    says: 'It counts as done without an agent’s result being judged, and carries the mark “completed by admin” ever after.',
  },
  reassign: {
    title: 'Give this job to another agent',
    submit: 'Reassign',
    pendingLabel: 'Reassigning…',
  },
  purge: {
    title: 'Purge this job?',
    submit: 'Purge for good',
    pendingLabel: 'Purging…',
    variant: 'danger',
    back: 'Keep it',
    says: 'The job is gone with its log, its attempts and its result, for its owner too. Only one row of the audit stays, with its name. Nothing brings it back.',
  },
}

/** The title of a verb's page: `Send back Count the words · Docket`; bare where the page was refused. */
export function verbTitle(verb: JobVerbPath, jobName: string | undefined): string {
  if (jobName === undefined) return pageTitle(undefined)
  const word = verb.charAt(0).toUpperCase() + verb.slice(1).replace('-', ' ')
  return pageTitle(`${word} ${plainName(jobName)}`)
}
