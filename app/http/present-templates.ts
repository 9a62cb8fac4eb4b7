import type { TemplateView } from '~/domain/templates/view'

const iso = (at: number) => new Date(at).toISOString()

export const presentTemplate = ({ createdAt, updatedAt, ...template }: TemplateView) => ({
  ...template,
  createdAt: iso(createdAt),
  updatedAt: iso(updatedAt),
})
