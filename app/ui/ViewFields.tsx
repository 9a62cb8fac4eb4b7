import { longestViewName } from '~/domain/views/view'
import type { ListScope } from '~db/vocabulary'
import { Checkbox, type FieldMeta, TextField } from './forms'

interface ViewFieldsProps {
  fields: { name: FieldMeta; shared: FieldMeta }
  scope: ListScope
}

/** What a view is called and who sees it. */
export function ViewFields({ fields, scope }: ViewFieldsProps) {
  return (
    <>
      <TextField field={fields.name} label="Name" maxLength={longestViewName} autoComplete="off" />
      <Checkbox
        field={fields.shared}
        label="Share it"
        description={
          scope === 'own'
            ? 'Everyone sees it, each over their own jobs.'
            : 'All admins see it above everyone’s jobs.'
        }
      />
    </>
  )
}
