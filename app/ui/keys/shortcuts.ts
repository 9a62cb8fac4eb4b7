import { paths } from '~/paths'

/** Every key that does something: what reads keys, the sheet and the tooltips all go by this table. */

export interface Shortcut {
  does: string
  /** One after the other, as KeyboardEvent's `key` has them; `Mod` is Cmd on a Mac and Ctrl elsewhere. */
  keys: string
  words: string
  group: 'Everywhere' | 'In a list' | 'On a job' | 'Going places'
  /** It leads there. */
  to?: string
  /** There for admins alone. */
  admin?: boolean
  /** Goes on where single keys are turned off, and while one types: it is no letter. */
  always?: boolean
  /** Held down, it goes on. */
  repeats?: boolean
}

export const shortcuts: readonly Shortcut[] = [
  {
    does: 'palette',
    keys: 'Mod+k',
    words: 'Find jobs, agents and actions',
    group: 'Everywhere',
    always: true,
  },
  { does: 'search', keys: '/', words: 'Search', group: 'Everywhere' },
  { does: 'create', keys: 'c', words: 'Hand in a new job', group: 'Everywhere' },
  { does: 'sheet', keys: '?', words: 'Show the keys', group: 'Everywhere' },
  {
    does: 'clear',
    keys: 'Escape',
    words: 'Clear the selection, close',
    group: 'Everywhere',
    always: true,
  },
  { does: 'down', keys: 'j', words: 'Next row', group: 'In a list', repeats: true },
  { does: 'up', keys: 'k', words: 'Previous row', group: 'In a list', repeats: true },
  { does: 'select', keys: 'x', words: 'Select the row', group: 'In a list' },
  { does: 'resubmit', keys: 'r', words: 'Resubmit', group: 'On a job' },
  { does: 'accept', keys: 'a', words: 'Accept the result', group: 'On a job' },
  { does: 'send-back', keys: 's', words: 'Send back', group: 'On a job' },
  { does: 'next-review', keys: 'n', words: 'Next job to review', group: 'On a job' },
  { does: 'previous-review', keys: 'p', words: 'Previous job to review', group: 'On a job' },
  { does: 'go', keys: 'g j', words: 'Jobs', group: 'Going places', to: paths.jobs() },
  {
    does: 'go',
    keys: 'g r',
    words: 'Jobs to review',
    group: 'Going places',
    to: paths.jobs({ status: ['IN_REVIEW'] }),
  },
  { does: 'go', keys: 'g t', words: 'Templates', group: 'Going places', to: paths.templates },
  { does: 'go', keys: 'g s', words: 'Settings', group: 'Going places', to: paths.settings },
  { does: 'go', keys: 'g a', words: 'Admin', group: 'Going places', to: paths.overview, admin: true },
]
