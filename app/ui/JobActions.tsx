import { isOpen } from '~/domain/jobs/status'
import { paths } from '~/paths'
import { buttonClass, LinkButton } from './button'
import { ChevronDown, FileText } from './icons'
import { useJobPlace } from './job-place'
import { useHints } from './keys/hints'
import type { Subject } from './may-do'
import type { Action, JudgedAction } from './own-actions'
import { PostForm, SubmitButton } from './post-form'

interface JobActionsProps {
  judged: JudgedAction[]
  job: Subject
}

export function JobActions({ judged, job }: JobActionsProps) {
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
      <ul className="absolute right-0 z-10 mt-1 flex w-72 max-w-[calc(100vw-2rem)] flex-col gap-2.5 rounded-lg border border-line bg-surface p-3 shadow-lg max-sm:fixed max-sm:inset-x-4 max-sm:bottom-4 max-sm:w-auto max-sm:max-w-none">
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
