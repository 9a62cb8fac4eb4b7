import { Invalid } from '~/domain/errors'

/** An address that was refused has no form to say why in: the page says it. @throws always */
export function sayWhy(error: unknown): never {
  throw error instanceof Invalid
    ? new Invalid(error.fields, Object.values(error.fields).flat().join(' '))
    : error
}
