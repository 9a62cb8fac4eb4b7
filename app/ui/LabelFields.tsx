import { type FieldMeta, TextArea, TextField } from './forms'

/** What a job is found by, wherever it is typed. */
export function LabelFields({ fields }: { fields: Record<'tags' | 'metadata', FieldMeta> }) {
  return (
    <>
      <TextField
        field={fields.tags}
        label="Tags"
        description="Parted by commas, such as: billing, q3/urgent"
        autoComplete="off"
        autoCapitalize="none"
        optional
      />
      <TextArea
        field={fields.metadata}
        label="Metadata"
        description="One key=value a line, such as: ticket=4711"
        rows={3}
        className="font-mono"
        autoCapitalize="none"
        spellCheck={false}
        optional
      />
    </>
  )
}
