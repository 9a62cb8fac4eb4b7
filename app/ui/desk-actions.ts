import type { UserActor } from '~/domain/policy'
import { Archive, Ban, Pencil, Repeat2, RotateCcw, ShieldCheck, Trash } from './icons'
import type { Subject } from './may-do'
import { mayDoAtDesk } from './may-do-at-desk'
import { type Action, decisions, type JudgedAction } from './own-actions'

/** An admin is shown first what will happen, whatever it is. */
const atDesk: Action[] = [
  ...decisions,
  { verb: 'edit', label: 'Edit', Icon: Pencil, how: 'ask' },
  { verb: 'reassign', label: 'Reassign', Icon: Repeat2, how: 'ask', path: 'reassign' },
  { verb: 'resubmit', label: 'Resubmit', Icon: RotateCcw, how: 'ask', path: 'resubmit' },
  { verb: 'complete', label: 'Complete', Icon: ShieldCheck, how: 'ask', path: 'complete' },
  { verb: 'archive', label: 'Archive', Icon: Archive, how: 'ask', path: 'archive' },
  { verb: 'cancel', label: 'Cancel job', Icon: Ban, how: 'ask', path: 'cancel' },
  { verb: 'purge', label: 'Purge', Icon: Trash, how: 'ask', path: 'purge' },
]

/** What an admin can do to a job. A page of one's own loads nothing of it. */
export const deskActions = (viewer: UserActor, job: Subject): JudgedAction[] =>
  atDesk.map((action) => ({ action, permission: mayDoAtDesk(viewer, action.verb, job) }))
