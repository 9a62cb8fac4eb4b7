import { secretMask } from '~/domain/agents/secrets'
import { type FieldMeta, TextArea, TextField } from './forms'

interface AgentSettingsCommandProps {
  fields: Record<'argv' | 'env' | 'cwd' | 'timeoutSeconds' | 'maxOutputBytes', FieldMeta>
  /** The variables that are set, their values masked. */
  storedEnv: string | undefined
  /** What an admin should know of those that are set. */
  warnings?: string[]
  /** The page answers a form: variables in that form did not come back. */
  isAnswer: boolean
}

/** Settings of a program. */
export function AgentSettingsCommand({ fields, storedEnv, warnings, isAnswer }: AgentSettingsCommandProps) {
  const { argv, env, cwd, timeoutSeconds, maxOutputBytes } = fields
  return (
    <>
      <TextArea
        field={argv}
        label="Program and arguments"
        description={
          <>
            One a line, each as it is: no shell, so no quotes and no <code>$NAME</code>.{' '}
            <code>{'{root}'}</code> is Docket’s folder, <code>{'{work}'}</code> the attempt’s own. Where an
            argument has a line break, write a list in JSON.
          </>
        }
        spellCheck={false}
        dir="ltr"
        rows={3}
        className="font-mono sm:text-xs"
      />
      <TextArea
        field={env}
        defaultValue={typeof env.initialValue === 'string' ? env.initialValue : storedEnv}
        label="Environment"
        description={
          <>
            One <code>NAME=value</code> a line. Values are kept secret: one that is set shows as{' '}
            <code>{secretMask}</code>, which keeps it; a line that you take away removes it.
            {isAnswer && ' What you changed here before is not sent back: write it again.'}
            {warnings?.map((warning) => (
              <span key={warning} className="block text-warn">
                {warning}
              </span>
            ))}
          </>
        }
        spellCheck={false}
        autoComplete="off"
        dir="ltr"
        rows={3}
        className="font-mono sm:text-xs"
        optional
      />
      <TextField
        field={cwd}
        label="Working folder"
        description="An absolute path, or one that starts with {root}. Empty: the attempt’s own folder."
        maxLength={4096}
        autoComplete="off"
        spellCheck={false}
        dir="ltr"
        className="font-mono sm:text-xs sm:leading-5"
        optional
      />
      <div className="grid gap-4 sm:grid-cols-2 [&_.control]:mt-auto">
        <TextField
          field={timeoutSeconds}
          label="Time limit"
          description="Seconds an attempt may take. Empty: 1,800."
          type="number"
          inputMode="numeric"
          min={1}
          max={86_400}
          optional
        />
        <TextField
          field={maxOutputBytes}
          label="Output limit"
          description="Bytes it may write. Empty: 12,000,000."
          type="number"
          inputMode="numeric"
          min={1000}
          max={20_000_000}
          optional
        />
      </div>
    </>
  )
}
