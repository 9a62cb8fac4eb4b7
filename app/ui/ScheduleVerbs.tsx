import type { ScheduleView } from '~/domain/schedules/view'
import { paths } from '~/paths'
import { BackLink } from './BackLink'
import { FormErrors, PostForm, type Reply, SubmitButton, VersionInput } from './forms'
import { CirclePause, CirclePlay, RotateCcw } from './icons'
import { plainName } from './name'
import { Page, PageHeader, Section } from './page'
import { useReplyForm } from './reply-form'

type Subject = Pick<ScheduleView, 'id' | 'state' | 'version' | 'lastAt'>

interface VerbFormProps {
  schedule: Subject
  reply?: Reply
}

/** Pauses an active schedule, resumes a paused one. */
export function ScheduleStateForm({ schedule, reply }: VerbFormProps) {
  const [form] = useReplyForm({ id: 'schedule-state', reply })
  const isActive = schedule.state === 'ACTIVE'
  const Icon = isActive ? CirclePause : CirclePlay
  return (
    <PostForm
      form={form}
      action={paths.scheduleVerb(schedule.id, isActive ? 'pause' : 'resume')}
      className="flex flex-col gap-2"
    >
      <FormErrors form={form} />
      <VersionInput version={schedule.version} reply={reply} />
      <SubmitButton variant="secondary" size="small" className="self-start">
        <Icon aria-hidden />
        {isActive ? 'Pause' : 'Resume'}
      </SubmitButton>
    </PostForm>
  )
}

/** Makes a job at once. It sends the run it knows of, so that a second click makes no second job. */
export function RunScheduleForm({ schedule, reply }: VerbFormProps) {
  const [form] = useReplyForm({ id: 'schedule-run', reply })
  return (
    <PostForm form={form} action={paths.scheduleVerb(schedule.id, 'run')} className="flex flex-col gap-2">
      <FormErrors form={form} />
      <input type="hidden" name="lastAt" value={schedule.lastAt ?? ''} />
      <SubmitButton variant="secondary" size="small" className="self-start" pendingLabel="Handing in…">
        <RotateCcw aria-hidden />
        Run now
      </SubmitButton>
    </PostForm>
  )
}

export function RemoveScheduleForm({ schedule, reply }: VerbFormProps) {
  const [form] = useReplyForm({ id: 'schedule-remove', reply })
  return (
    <PostForm form={form} action={paths.scheduleVerb(schedule.id, 'remove')} className="flex flex-col gap-2">
      <FormErrors form={form} />
      <VersionInput version={schedule.version} reply={reply} />
      <SubmitButton variant="danger" size="small" className="self-start">
        Remove the schedule
      </SubmitButton>
    </PostForm>
  )
}

const verbs = {
  pause: { words: 'Paused, it hands in nothing until it is resumed.', Form: ScheduleStateForm },
  resume: {
    words: 'Resumed, it is due again from now on. What fell into the pause is not made up for.',
    Form: ScheduleStateForm,
  },
  run: { words: 'It makes a job at once. When it is due next stays as it is.', Form: RunScheduleForm },
  remove: { words: 'It hands in nothing more. The jobs it made stay.', Form: RemoveScheduleForm },
} as const

interface ScheduleVerbPanelProps {
  verb: keyof typeof verbs
  schedule: Subject & Pick<ScheduleView, 'name'>
  reply: Reply | undefined
}

/** A verb on a page of its own: what it means, and the button. What was refused is said here. */
export function ScheduleVerbPanel({ verb, schedule, reply }: ScheduleVerbPanelProps) {
  const { words, Form } = verbs[verb]
  const isDone =
    (verb === 'pause' || verb === 'resume') && (schedule.state === 'PAUSED') === (verb === 'pause')
  return (
    <Page width="narrow">
      <PageHeader
        title={plainName(schedule.name)}
        above={<BackLink to={paths.schedule(schedule.id)}>The schedule</BackLink>}
      />
      <Section title={titles[verb]}>
        <div className="flex flex-col gap-3">
          <p className="text-ink-2">{isDone ? alreadyWords[schedule.state] : words}</p>
          {!isDone && <Form schedule={schedule} reply={reply} />}
        </div>
      </Section>
    </Page>
  )
}

const titles = { pause: 'Pause', resume: 'Resume', run: 'Run now', remove: 'Remove' } as const
const alreadyWords = { PAUSED: 'It is paused already.', ACTIVE: 'It is active already.' } as const
