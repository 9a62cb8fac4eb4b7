import { TextArea } from './forms'
import { ResultFormatChoice } from './ResultFormatChoice'
import type { VerbFields } from './VerbPanel'

/** Why an admin completes a job, and what its result is to be. */
export function CompletionFields({ fields, hasResult }: { fields: VerbFields; hasResult: boolean }) {
  return (
    <>
      <TextArea
        field={fields.reason}
        label="Reason"
        description="Why it counts as done. It waives every criterion, and is kept in the log for the owner to read."
        rows={3}
        maxLength={5000}
      />
      <div className="flex flex-col gap-2">
        <TextArea
          field={fields.result}
          label="Result"
          description={
            hasResult
              ? 'Left empty, or null, the job keeps the result that it has.'
              : 'Left empty, it has none.'
          }
          rows={5}
          spellCheck={false}
          className="font-mono text-xs!"
          optional
        />
        <ResultFormatChoice field={fields.resultFormat} />
      </div>
    </>
  )
}
