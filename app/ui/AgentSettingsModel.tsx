import { useId } from 'react'
import { FoldedFields } from './FoldedFields'
import { Checkbox, type FieldMeta, TextArea, TextField } from './forms'

type Fields = Record<'baseUrl' | 'model' | 'apiKey' | 'removeApiKey' | 'instructions' | Limit, FieldMeta>
type Limit =
  | 'timeoutSeconds'
  | 'maxOutputTokens'
  | 'temperature'
  | 'inputPrice'
  | 'outputPrice'
  | 'cacheReadPrice'

interface AgentSettingsModelProps {
  fields: Fields
  isKeySet: boolean
  /** The page answers a form: a key in that form did not come back. */
  isAnswer: boolean
  /** What the server was found to have. */
  models?: string[]
}

/** Settings of a model behind an API. */
export function AgentSettingsModel({ fields, isKeySet, isAnswer, models = [] }: AgentSettingsModelProps) {
  const listId = useId()
  return (
    <>
      <TextField
        field={fields.baseUrl}
        label="Server"
        description="Its base URL, up to and without /chat/completions: http://127.0.0.1:11434/v1"
        type="url"
        maxLength={2000}
        autoComplete="off"
        spellCheck={false}
        dir="ltr"
      />
      <TextField
        field={fields.model}
        label="Model"
        description={models.length > 0 && `This server has ${inWords(models)}.`}
        maxLength={300}
        list={models.length > 0 ? listId : undefined}
        autoComplete="off"
        spellCheck={false}
        dir="ltr"
      />
      <datalist id={listId}>
        {models.map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
      <ApiKey fields={fields} isSet={isKeySet} isAnswer={isAnswer} />
      <TextArea
        field={fields.instructions}
        label="Instructions"
        description="Who the agent is and how it works: the model reads it before each job."
        maxLength={50_000}
        optional
      />
      <LimitsAndPrices fields={fields} />
    </>
  )
}

const inWords = (models: string[]) =>
  models.length > 4 ? `${models.slice(0, 3).join(', ')} and ${models.length - 3} more` : models.join(', ')

/** It is written and never read. */
function ApiKey({ fields, isSet, isAnswer }: { fields: Fields; isSet: boolean; isAnswer: boolean }) {
  const kept = isSet ? 'A key is set: leave this empty to keep it.' : 'Local servers need none.'
  return (
    <div className="flex flex-col gap-2">
      <TextField
        field={fields.apiKey}
        label="API key"
        description={`${kept}${isAnswer ? ' One that you typed before is not sent back: type it again.' : ''}`}
        type="password"
        maxLength={8192}
        autoComplete="off"
        dir="ltr"
        optional
      />
      {isSet && (
        <>
          <input type="hidden" name="apiKeyIsSet" value="on" />
          <Checkbox field={fields.removeApiKey} label="Remove the key" />
        </>
      )}
    </div>
  )
}

function LimitsAndPrices({ fields }: { fields: Record<Limit, FieldMeta> }) {
  const { timeoutSeconds, maxOutputTokens, inputPrice, outputPrice, cacheReadPrice, temperature } = fields
  const whole = { type: 'number', inputMode: 'numeric', min: 1, optional: true } as const
  const decimal = { type: 'number', inputMode: 'decimal', min: 0, step: 'any', optional: true } as const
  return (
    <FoldedFields
      label="Limits and prices"
      fields={[timeoutSeconds, maxOutputTokens, inputPrice, outputPrice, cacheReadPrice, temperature]}
    >
      <TextField
        field={timeoutSeconds}
        label="Time limit"
        description="Seconds an attempt may take. Empty: 600."
        {...whole}
        max={86_400}
      />
      <TextField
        field={maxOutputTokens}
        label="Output limit"
        description="Tokens it may write. Empty: the server’s own."
        {...whole}
      />
      <TextField
        field={inputPrice}
        label="Price of input"
        description="US dollars a million tokens."
        {...decimal}
      />
      <TextField
        field={outputPrice}
        label="Price of output"
        description="US dollars a million tokens."
        {...decimal}
      />
      <TextField
        field={cacheReadPrice}
        label="Price of cached input"
        description="Empty: the price of input."
        {...decimal}
      />
      <TextField
        field={temperature}
        label="Temperature"
        description="0 to 2. Empty: the server’s own."
        {...decimal}
        max={2}
      />
    </FoldedFields>
  )
}
