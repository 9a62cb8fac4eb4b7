import type { FieldMeta, FormMeta } from './reply-form'

/**
 * The fields of a form that another page answers: no reply ever comes back to it, so it needs no state, and the page that
 * has it needs no Conform.
 *
 * @param id unique on the page
 */
export function plainForm<Name extends string>(
  id: string,
  names: readonly Name[],
): [FormMeta, Record<Name, FieldMeta>] {
  const fields = names.map((name): [Name, FieldMeta] => {
    const own = `${id}-${name}`
    const ids = { id: own, errorId: `${own}-error`, descriptionId: `${own}-description` }
    return [name, { ...ids, name, errors: undefined, initialValue: undefined }]
  })
  return [
    { id, errorId: `${id}-error`, errors: undefined, allErrors: {} },
    Object.fromEntries(fields) as Record<Name, FieldMeta>,
  ]
}
