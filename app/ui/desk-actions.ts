import { Archive, Ban, Pencil, Repeat2, RotateCcw, ShieldCheck, Trash } from './icons'
import { type Action, decisions } from './JobActions'

/** An admin is shown first what will happen, whatever it is. */
export const deskActions: Action[] = [
  ...decisions,
  { verb: 'edit', label: 'Edit', Icon: Pencil, how: 'ask' },
  { verb: 'reassign', label: 'Reassign', Icon: Repeat2, how: 'ask', path: 'reassign' },
  { verb: 'resubmit', label: 'Resubmit', Icon: RotateCcw, how: 'ask', path: 'resubmit' },
  { verb: 'complete', label: 'Complete', Icon: ShieldCheck, how: 'ask', path: 'complete' },
  { verb: 'archive', label: 'Archive', Icon: Archive, how: 'ask', path: 'archive' },
  { verb: 'cancel', label: 'Cancel job', Icon: Ban, how: 'ask', path: 'cancel' },
  { verb: 'purge', label: 'Purge', Icon: Trash, how: 'ask', path: 'purge' },
]
