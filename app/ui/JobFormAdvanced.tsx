import { type FieldMeta, Select, TextField } from './forms'
import { ChevronRight } from './icons'
import { LabelFields } from './LabelFields'
import { useSettings } from './settings'

type Advanced = Record<
  'priority' | 'runAfter' | 'timeZone' | 'maxAttempts' | 'timeoutSeconds' | 'review' | 'tags' | 'metadata',
  FieldMeta
>

interface JobFormAdvancedProps {
  fields: Advanced
  /** When the job may start that the form is about, in milliseconds since 1970 UTC. */
  runAfter: number | null
}

/** What most jobs leave as it is; open where something in it was refused. */
export function JobFormAdvanced({ fields, runAfter }: JobFormAdvancedProps) {
  const { timeZone } = useSettings()
  // a form that comes back keeps the zone in which its time was typed
  const zone = String(fields.timeZone.initialValue ?? timeZone)
  const refused = [
    fields.priority,
    fields.runAfter,
    fields.maxAttempts,
    fields.timeoutSeconds,
    fields.review,
    fields.tags,
    fields.metadata,
  ].some(({ errors }) => errors)
  return (
    <details
      className="group rounded-md border border-line"
      open={refused || undefined}
      // the browser cannot point at a field that is folded away
      onInvalidCapture={(event) => {
        event.currentTarget.open = true
      }}
    >
      <summary className="flex items-center gap-1.5 rounded-md px-3 py-2 font-medium hover:bg-hover">
        <ChevronRight aria-hidden className="size-4 text-ink-3 transition-transform group-open:rotate-90" />
        Review, priority, start, limits and tags
      </summary>
      <div className="grid gap-4 border-t border-line p-3 sm:grid-cols-2 [&_.control]:mt-auto">
        <Select field={fields.review} label="Review" description="Who decides that the job is done.">
          <option value="required">You accept the result</option>
          <option value="none">Done when handed in</option>
        </Select>
        <TextField
          field={fields.priority}
          label="Priority"
          description="0 to 9; 9 is done first."
          type="number"
          inputMode="numeric"
          min={0}
          max={9}
          optional
        />
        <TextField
          field={fields.runAfter}
          label="Not before"
          description={`In ${zone}. Empty: at once.`}
          type="datetime-local"
          optional
        />
        <input type="hidden" name={fields.timeZone.name} value={zone} />
        {runAfter !== null && (
          <input type="hidden" name="runAfterShown" value={new Date(runAfter).toISOString()} />
        )}
        <TextField
          field={fields.timeoutSeconds}
          label="Time limit"
          description="Seconds an attempt may take. Empty: the agent’s own."
          type="number"
          inputMode="numeric"
          min={1}
          max={86_400}
          optional
        />
        <TextField
          field={fields.maxAttempts}
          label="Tries"
          description="After so many failures it is given up."
          type="number"
          inputMode="numeric"
          min={1}
          max={20}
          optional
        />
        <div className="flex flex-col gap-4 sm:col-span-2">
          <LabelFields fields={fields} />
        </div>
      </div>
    </details>
  )
}
