import { useId } from 'react'

/** Something that is shown this one time, ready to be copied. */
export function SecretBox({ label, value }: { label: string; value: string }) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium">
        {label}
      </label>
      <input
        id={id}
        readOnly
        value={value}
        size={value.length + 2}
        autoComplete="off"
        spellCheck={false}
        className="control font-mono text-xs"
        onFocus={(event) => event.currentTarget.select()}
      />
    </div>
  )
}
