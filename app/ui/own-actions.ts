import type { Permission, UserActor } from '~/domain/policy'
import type { JobVerbPath } from '~/paths'
import type { JobVerb } from '~db/vocabulary'
import type { Icon } from './icon'
import { Archive, Ban, CircleCheck, CornerUpLeft, MessageCircleQuestion, Pencil, RotateCcw } from './icons'
import { mayDo, type Subject } from './may-do'

export interface Action<Verb = JobVerb | 'purge'> {
  verb: Verb
  label: string
  Icon: Icon
  /** `post`: one press does it; `ask`: a page asks first; `panel`: the page has a panel for it. */
  how: 'post' | 'ask' | 'panel'
  path?: JobVerbPath
}

/** Whether it may be done, and why not where not. */
export interface JudgedAction {
  action: Action
  permission: Permission
}

export const decisions: Action<JobVerb>[] = [
  { verb: 'accept', label: 'Accept', Icon: CircleCheck, how: 'panel' },
  { verb: 'sendBack', label: 'Send back', Icon: CornerUpLeft, how: 'panel' },
  { verb: 'answer', label: 'Answer', Icon: MessageCircleQuestion, how: 'panel' },
]

const own: Action<JobVerb>[] = [
  ...decisions,
  { verb: 'edit', label: 'Edit', Icon: Pencil, how: 'ask' },
  { verb: 'resubmit', label: 'Resubmit', Icon: RotateCcw, how: 'post', path: 'resubmit' },
  { verb: 'archive', label: 'Archive', Icon: Archive, how: 'post', path: 'archive' },
  { verb: 'cancel', label: 'Cancel job', Icon: Ban, how: 'ask', path: 'cancel' },
]

/** What an owner can do to a job. */
export const ownActions = (viewer: UserActor, job: Subject): JudgedAction[] =>
  own.map((action) => ({ action, permission: mayDo(viewer, action.verb, job) }))
