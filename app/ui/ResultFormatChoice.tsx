import type { FieldMeta } from './forms'

const choices = [
  { value: 'json', label: 'JSON', description: 'checked; numbers keep every digit' },
  { value: 'text', label: 'Text', description: 'kept as it is typed' },
] as const

/** How what is typed as a result is read. */
export function ResultFormatChoice({ field }: { field: FieldMeta }) {
  return (
    <fieldset className="flex flex-wrap items-baseline gap-x-5 gap-y-1">
      <legend className="sr-only">The result is</legend>
      {choices.map(({ value, label, description }) => (
        <label key={value} className="flex items-center gap-1.5">
          <input
            type="radio"
            name={field.name}
            value={value}
            defaultChecked={field.initialValue === value}
            className="size-4 accent-accent"
          />
          <span>
            {label} <span className="text-xs text-ink-2">{description}</span>
          </span>
        </label>
      ))}
      {field.errors?.map((message) => (
        <p key={message} className="w-full text-danger">
          {message}
        </p>
      ))}
    </fieldset>
  )
}
