import { isOpen } from '~/domain/jobs/status'
import type { UserActor } from '~/domain/policy'
import { type JobVerbPath, paths } from '~/paths'
import type { JobVerb } from '~db/vocabulary'
import { buttonClass, LinkButton } from './button'
import type { Icon } from './icon'
import {
  Archive,
  Ban,
  ChevronDown,
  CircleCheck,
  CornerUpLeft,
  FileText,
  MessageCircleQuestion,
  Pencil,
  RotateCcw,
} from './icons'
import { useJobPlace } from './job-place'
import { useHints } from './keys/hints'
import { mayDo, type Subject } from './may-do'
import { PostForm, SubmitButton } from './post-form'

export interface Action {
  verb: JobVerb | 'purge'
  label: string
  Icon: Icon
  /** `post`: one press does it; `ask`: a page asks first; `panel`: the page has a panel for it. */
  how: 'post' | 'ask' | 'panel'
  path?: JobVerbPath
}

export const decisions: Action[] = [
  { verb: 'accept', label: 'Accept', Icon: CircleCheck, how: 'panel' },
  { verb: 'sendBack', label: 'Send back', Icon: CornerUpLeft, how: 'panel' },
  { verb: 'answer', label: 'Answer', Icon: MessageCircleQuestion, how: 'panel' },
]

/** What an owner does with a job. */
export const ownActions: Action[] = [
  ...decisions,
  { verb: 'edit', label: 'Edit', Icon: Pencil, how: 'ask' },
  { verb: 'resubmit', label: 'Resubmit', Icon: RotateCcw, how: 'post', path: 'resubmit' },
  { verb: 'archive', label: 'Archive', Icon: Archive, how: 'post', path: 'archive' },
  { verb: 'cancel', label: 'Cancel job', Icon: Ban, how: 'ask', path: 'cancel' },
]

interface JobActionsProps {
  viewer: UserActor
  job: Subject
  actions: Action[]
}

export function JobActions({ viewer, job, actions }: JobActionsProps) {
  const judged = actions.map((action) => ({
    action,
    permission: mayDo(viewer, action.verb, job),
  }))
  const refused = judged.flatMap(({ action, permission }) =>
    permission.allowed ? [] : [{ action, reason: permission.reason }],
  )
  return (
    <>
      {judged.map(
        ({ action, permission }) =>
          permission.allowed &&
          action.how !== 'panel' && <Allowed key={action.verb} action={action} job={job} />,
      )}
      <LinkButton to={paths.newTemplate({ job: job.id })} size="small">
        <FileText aria-hidden />
        Save as template
      </LinkButton>
      {refused.length > 0 && <Refused refused={refused} />}
    </>
  )
}

function Allowed({ action: { verb, label, Icon, how, path }, job }: { action: Action; job: Subject }) {
  const place = useJobPlace()
  const hint = useHints()(verb)
  // what an open job has so far would be lost
  const asks = how === 'ask' || isOpen(job.status)
  if (asks || !path) {
    return (
      <LinkButton to={path ? place.verb(job.id, path) : place.edit(job.id)} size="small" {...hint}>
        <Icon aria-hidden />
        {label}
      </LinkButton>
    )
  }
  return (
    <PostForm action={place.verb(job.id, path)}>
      <input type="hidden" name="version" value={job.version} />
      <SubmitButton variant="secondary" size="small" {...hint}>
        <Icon aria-hidden />
        {label}
      </SubmitButton>
    </PostForm>
  )
}

/** What can't be done now, each with its reason: readable by keyboard, by touch and without JavaScript. */
function Refused({ refused }: { refused: { action: Action; reason: string }[] }) {
  return (
    <details className="relative">
      <summary className={buttonClass({ variant: 'quiet', size: 'small' })}>
        More
        <ChevronDown aria-hidden className="text-ink-3" />
      </summary>
      <ul className="absolute right-0 z-10 mt-1 flex w-72 max-w-[calc(100vw-2rem)] flex-col gap-2.5 rounded-lg border border-line bg-surface p-3 shadow-lg max-sm:right-auto max-sm:left-0">
        <li className="text-xs font-medium text-ink-3">Not possible now</li>
        {refused.map(({ action: { verb, label, Icon }, reason }) => (
          <li key={verb} className="flex gap-2">
            <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
            <div>
              <p className="font-medium text-ink-2">{label}</p>
              <p className="text-xs text-ink-2">{reason}</p>
            </div>
          </li>
        ))}
      </ul>
    </details>
  )
}
