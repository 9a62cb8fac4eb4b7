import type { ButtonVariant } from './button'

/** What a verb's form says. */
export interface FormWords {
  /** The button's words, and while it is on its way. */
  submit: string
  pendingLabel: string
  variant?: ButtonVariant
  /** The text that it asks for. */
  field?: { name: 'feedback' | 'answer'; label: string; description?: string }
}

/** Of those that a job's own page has a form for: it loads no other verb's. */
export const decisionWords = {
  accept: { submit: 'Accept result', pendingLabel: 'Accepting…' },
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
} satisfies Record<string, FormWords>
