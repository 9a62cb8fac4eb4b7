import { unfilledWarning } from '~/domain/templates/fill'
import type { TemplateView } from '~/domain/templates/view'

const iso = (at: number) => new Date(at).toISOString()

export const presentTemplate = ({ createdAt, updatedAt, ...template }: TemplateView) => ({
  ...template,
  warning: unfilledWarning(template.job),
  createdAt: iso(createdAt),
  updatedAt: iso(updatedAt),
})
