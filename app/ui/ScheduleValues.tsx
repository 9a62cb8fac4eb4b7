import type { TemplateVariable } from '~/domain/templates/view'
import { type FieldMeta, Select, TextArea, TextField } from './forms'

interface ScheduleValuesProps {
  variables: TemplateVariable[]
  fieldOf(name: string): FieldMeta | undefined
}

/** The values that a schedule hands in each time: one control a variable, by its type. */
export function ScheduleValues({ variables, fieldOf }: ScheduleValuesProps) {
  return variables.map((variable) => {
    const field = fieldOf(variable.name)
    return field && <Value key={variable.name} variable={variable} field={field} />
  })
}

function Value({ variable, field }: { variable: TemplateVariable; field: FieldMeta }) {
  const { label, type, required, choices = [] } = variable
  const common = { field, label, optional: !required }
  if (type === 'longtext') return <TextArea {...common} rows={3} />
  if (type === 'choice' || type === 'boolean') {
    const options = type === 'boolean' ? yesOrNo : choices.map((each) => ({ value: each, label: each }))
    return (
      <Select {...common} required={required} className="max-w-72">
        {(!required || variable.default === null) && <option value="">Choose</option>}
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    )
  }
  if (type === 'date') return <TextField {...common} type="date" className="max-w-48" />
  if (type === 'number') return <TextField {...common} inputMode="decimal" className="max-w-48" />
  return <TextField {...common} autoComplete="off" />
}

const yesOrNo = [
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
]
