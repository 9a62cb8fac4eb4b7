import type { JobVerbPath } from '~/paths'
import type { ButtonVariant } from './button'

interface VerbButton {
  /** The button's words, and while it is on its way. */
  submit: string
  pendingLabel: string
  variant?: ButtonVariant
  /** The text that it asks for. */
  field?: { name: 'feedback' | 'answer'; label: string; description?: string }
}

/** What each verb's form says, wherever it is. What its own page says besides is in `verb-words.ts`. */
export const verbButtons: Record<JobVerbPath, VerbButton> = {
  accept: {
    submit: 'Accept result',
    pendingLabel: 'Accepting…',
  },
  'send-back': {
    submit: 'Send back',
    pendingLabel: 'Sending back…',
    field: {
      name: 'feedback',
      label: 'What is missing or wrong',
      description: 'The agent gets this with its next attempt.',
    },
  },
  answer: {
    submit: 'Answer',
    pendingLabel: 'Answering…',
    field: { name: 'answer', label: 'Your answer' },
  },
  resubmit: {
    submit: 'Resubmit',
    pendingLabel: 'Resubmitting…',
  },
  archive: {
    submit: 'Archive',
    pendingLabel: 'Archiving…',
  },
  tags: {
    submit: 'Save',
    pendingLabel: 'Saving…',
  },
  cancel: {
    submit: 'Cancel job',
    pendingLabel: 'Canceling…',
    variant: 'danger',
  },
  complete: {
    submit: 'Complete job',
    pendingLabel: 'Completing…',
  },
  reassign: {
    submit: 'Reassign',
    pendingLabel: 'Reassigning…',
  },
  purge: {
    submit: 'Purge for good',
    pendingLabel: 'Purging…',
    variant: 'danger',
  },
}
