import { useLocation } from '@remix-run/react'
import { showTyped, valueField } from '~/domain/schedules/view'
import type { ZonedTime } from '~/domain/schedules/zoned'
import type { TemplateVariable } from '~/domain/templates/view'
import { paths } from '~/paths'
import { catchUpPolicies } from '~db/vocabulary'
import { Button, LinkButton } from './button'
import {
  FieldError,
  FormErrors,
  PostForm,
  type Reply,
  Select,
  SubmitButton,
  TextField,
  VersionInput,
} from './forms'
import { FormActions, Section } from './page'
import { useReplyForm } from './reply-form'
import { NextRuns } from './ScheduleRuns'
import { ScheduleValues } from './ScheduleValues'
import { catchUpWords, usualTimes } from './schedule-words'

/** The form's fields as text; each value of the template in a field of its own. */
export interface ScheduleFormValue extends Record<string, string | undefined> {
  name?: string
  cron?: string
  timeZone?: string
  catchUp?: string
  /** No control: what is wrong with all of them. */
  values?: string
}

/** When it would run, as it was last asked. */
export interface ShownRuns {
  words: string | null
  timeZone: string
  nextRuns: ZonedTime[]
}

interface ScheduleFormProps {
  variables: TemplateVariable[]
  timeZones: readonly string[]
  reply: Reply | undefined
  values: ScheduleFormValue
  shown: ShownRuns | undefined
  /** Of a new one. */
  templateId?: string
  /** The one that is changed. */
  schedule?: { id: string; version: number }
}

/** Makes a schedule or changes one; beside it, when it would run. */
export function ScheduleForm({
  variables,
  timeZones,
  reply,
  values,
  shown,
  templateId,
  schedule,
}: ScheduleFormProps) {
  const [form, fields] = useReplyForm<ScheduleFormValue>({ id: 'schedule', reply, defaultValue: values })
  // a usual time that was chosen comes back as the field's text
  const sent = reply?.reply.initialValue?.cron
  const cron = typeof sent === 'string' ? { defaultValue: sent } : {}
  const zones = timeZones.includes(values.timeZone ?? 'UTC')
    ? timeZones
    : [values.timeZone ?? '', ...timeZones]
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <PostForm form={form} preventScrollReset className="flex min-w-0 flex-col gap-4">
        <FormErrors form={form} reply={reply} />
        <TextField
          field={fields.name}
          label="Name"
          description="What the list and each job’s log call it."
          maxLength={200}
          autoComplete="off"
        />
        {variables.length > 0 && (
          <fieldset className="flex min-w-0 flex-col gap-4 rounded-lg border border-line p-4">
            <legend className="px-1 text-xs font-medium text-ink-2">
              For the template, the same each time
            </legend>
            <ScheduleValues variables={variables} fieldOf={(name) => fields[valueField(name)]} />
            <FieldError field={fields.values} />
          </fieldset>
        )}
        <TextField
          key={cron.defaultValue}
          {...cron}
          field={fields.cron}
          label="Cron expression"
          description="Minute, hour, day of month, month, day of week; or a word such as @daily."
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          className="max-w-72 font-mono"
        />
        <Select field={fields.timeZone} label="Time zone" className="max-w-72">
          {zones.map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </Select>
        <Select
          field={fields.catchUp}
          label="What was missed while Docket was not there"
          className="max-w-72"
        >
          {catchUpPolicies.map((policy) => (
            <option key={policy} value={policy}>
              {catchUpWords[policy].label}
            </option>
          ))}
        </Select>
        {templateId && <input type="hidden" name="templateId" value={templateId} />}
        {schedule && <VersionInput version={schedule.version} reply={reply} />}
        <FormActions>
          <SubmitButton pendingLabel="Saving…">{schedule ? 'Save changes' : 'Create schedule'}</SubmitButton>
          <LinkButton to={schedule ? paths.schedule(schedule.id) : paths.schedules} variant="quiet">
            {schedule ? 'Discard changes' : 'Cancel'}
          </LinkButton>
        </FormActions>
      </PostForm>
      <WhenItRuns formId={form.id} shown={shown} />
    </div>
  )
}

/** Its buttons send the form, but come after the one that saves: Enter in a field presses that one. */
function WhenItRuns({ formId, shown }: { formId: string; shown: ShownRuns | undefined }) {
  const { pathname, search } = useLocation()
  const asks = {
    type: 'submit',
    form: formId,
    name: 'show',
    size: 'small',
    formNoValidate: true,
    formAction: `${pathname}${search}#next-runs`,
  } as const
  return (
    <Section
      id="next-runs"
      title="When it runs"
      description="Nothing is saved by looking."
      actions={
        <Button {...asks} value={showTyped}>
          Show the next runs
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        {shown && shown.nextRuns.length > 0 && (
          <div className="flex flex-col gap-2" role="status">
            <p className="font-medium">
              {shown.words ?? 'The next five'}{' '}
              <span className="font-normal text-ink-2">({shown.timeZone})</span>
            </p>
            <NextRuns runs={shown.nextRuns} />
          </div>
        )}
        <div className="flex flex-col gap-1.5">
          <p className="text-xs text-ink-2">Usual times, to start from</p>
          <div className="flex flex-wrap gap-1.5">
            {usualTimes.map(({ cron, label }) => (
              <Button key={cron} {...asks} value={cron}>
                {label}
              </Button>
            ))}
          </div>
        </div>
      </div>
    </Section>
  )
}
